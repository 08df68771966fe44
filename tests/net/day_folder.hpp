// A folder of day files written from the sample fleet.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "net/store/day_store.hpp"
#include "net/store/sqlite.hpp"
#include "tests/net/codec_samples.hpp"

namespace net::samples {

class DayFolder {
 public:
  DayFolder() {
    directory_ = std::filesystem::path(testing::TempDir()) /
                 ("fleetwall_days_" + std::to_string(getpid()) + "_" +
                  testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(directory_);
  }
  DayFolder(const DayFolder&) = delete;
  DayFolder& operator=(const DayFolder&) = delete;
  ~DayFolder() { std::filesystem::remove_all(directory_); }

  const std::filesystem::path& directory() const { return directory_; }
  static DayStoreOptions quick() {
    DayStoreOptions options;
    options.durable = false;
    return options;
  }
  std::unique_ptr<DayWriter> writer(DayStoreOptions options = quick()) {
    auto opened = DayWriter::open(directory_, options);
    EXPECT_TRUE(opened.ok()) << (opened ? "" : opened.error().what);
    return opened ? std::move(*opened) : nullptr;
  }
  std::unique_ptr<DayReader> reader() {
    auto opened = DayReader::open(directory_);
    EXPECT_TRUE(opened.ok()) << (opened ? "" : opened.error().what);
    return opened ? std::move(*opened) : nullptr;
  }

  /// What a gateway does before it ingests a tick.
  void open_tick(DayWriter& writer, Fleet& fleet) {
    if (!writer.needs_keyframe(fleet.tick.end)) return;
    const EncodedFrame names = encoder_.encode(roster(fleet.state.roster().size()),
                                               fleet.state.position(), fleet.state.time());
    const EncodedFrame keyframe = encoder_.encode(fleet.state.keyframe());
    const bool needs_roster = writer.needs_roster(fleet.tick.end);
    expect(writer.append_keyframe(needs_roster ? &names : nullptr, keyframe, fleet.tick.end));
    ++keyframes_;
  }
  void one_tick(DayWriter& writer, Fleet& fleet, std::size_t rows) {
    open_tick(writer, fleet);
    fleet.report_at_random(rows);
    expect(writer.append(encoder_.encode(fleet.end_tick())));
  }
  static void expect(const fleet::Result<void>& result) {
    EXPECT_TRUE(result.ok()) << (result ? "" : result.error().what);
  }

  /// Writes a day with `ticks` ticks from kNoon on; the hash after each.
  std::vector<std::uint64_t> record(
      int ticks, std::chrono::minutes keyframe_every = std::chrono::minutes(10)) {
    DayStoreOptions options = quick();
    options.keyframe_every = keyframe_every;
    auto w = writer(options);
    Fleet fleet(20);
    std::vector<std::uint64_t> hashes;
    for (int k = 0; k < ticks; ++k) {
      one_tick(*w, fleet, 3);
      hashes.push_back(fleet.state.hash());
    }
    expect(w->close());
    return hashes;
  }

  std::filesystem::path day(const char* name) const {
    return directory_ / (std::string(name) + ".fleetday");
  }
  void run_sql(const std::filesystem::path& file, const std::string& sql) {
    auto db = sqlite::Database::open(file, sqlite::Database::Mode::write);
    ASSERT_TRUE(db.ok());
    expect(db->run(sql.c_str()));
  }

  std::filesystem::path directory_;
  FrameEncoder encoder_;
  int keyframes_ = 0;
};

}  // namespace net::samples
