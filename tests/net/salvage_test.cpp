// What every single page of a day file is worth.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <random>

#include "net/store/day_file.hpp"
#include "net/store/frame_rows.hpp"
#include "net/store/salvage.hpp"
#include "net/store/salvaged_copy.hpp"
#include "tests/net/day_folder.hpp"

namespace net::test {
namespace {

namespace fs = std::filesystem;
using samples::DayFolder;
using samples::Fleet;

constexpr std::size_t kPageBytes = 4096;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void put(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

class SalvageTest : public ::testing::Test {
 protected:
  /// A closed day with large frames, small ones, and so many that there are interior pages.
  void SetUp() override {
    Fleet fleet(200);
    auto writer = days_.writer();
    for (int k = 0; k < 100; ++k) days_.one_tick(*writer, fleet, k % 10 == 0 ? 400 : 3);
    ASSERT_TRUE(writer->close().ok());
    writer.reset();
    file_ = day_files(days_.directory()).value().front();
    content_ = content_of(file_);
    out_ = days_.directory() / "out";
    fs::create_directory(out_);
    whole_ = sound_rows(file_);
    ASSERT_GT(whole_.size(), 100u);
  }
  /// Rows whose frames are whole, with the bytes of these.
  std::map<std::int64_t, std::string> sound_rows(const fs::path& path) {
    std::map<std::int64_t, std::string> rows;
    auto file = DayFile::open(path, sqlite::Database::Mode::read);
    EXPECT_TRUE(file.ok()) << file.error().what;
    auto table = FrameTable::open(*file);
    FrameDecoder decoder;
    for (auto found = table->peek(); found.ok() && *found; found = table->peek()) {
      const auto bytes = table->bytes();
      EncodedFrame header;
      const FrameRow row = table->row();
      if (decoder.decode(bytes, &header).ok() && header.kind == row.kind &&
          header.position == row.position && header.begin == row.begin && header.end == row.end)
        rows[row.row].assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      table->take();
    }
    return rows;
  }
  struct Page {
    std::string type;
    std::int64_t cells = 0;
  };
  /// Of the pages of `frames`, as SQLite itself knows them.
  std::map<std::size_t, Page> pages_of_frames() {
    auto db = sqlite::Database::open(file_, sqlite::Database::Mode::read);
    std::map<std::size_t, Page> pages;
    auto rows = db->prepare("SELECT pageno, pagetype, ncell FROM dbstat WHERE name = 'frames'");
    EXPECT_TRUE(rows.ok()) << rows.error().what;
    if (!rows) return pages;
    for (auto row = rows->step(); row.ok() && *row; row = rows->step())
      pages[static_cast<std::size_t>(rows->integer(0))] = {rows->text(1), rows->integer(2)};
    return pages;
  }
  SalvagedDay salvage(const std::string& damaged) {
    put(out_ / "2026-10-16.damaged.fleetday", damaged);
    fs::remove(out_ / "new.fleetday");
    auto done = salvage_day(out_ / "2026-10-16.damaged.fleetday", out_ / "new.fleetday", {});
    EXPECT_TRUE(done.ok()) << done.error().what;
    return done ? *done : SalvagedDay();
  }

  DayFolder days_;
  fs::path file_, out_;
  std::string content_;
  std::map<std::int64_t, std::string> whole_;
};

TEST_F(SalvageTest, OfAWholeFileIsTheSameDay) {
  const SalvagedDay done = salvage(content_);

  EXPECT_FALSE(done.lost_meta);
  EXPECT_EQ(sound_rows(out_ / "new.fleetday"), whole_);
  const auto report = verify(out_ / "new.fleetday");
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report.value().damages.empty());
}

TEST_F(SalvageTest, AnyDamagedPageCostsItsOwnFramesAtMost) {
  const auto pages = pages_of_frames();
  std::mt19937 random(1);
  std::map<std::string, int> tried;
  for (std::size_t n = 1; n <= content_.size() / kPageBytes; ++n) {
    const auto page = pages.find(n);
    const std::string type = page == pages.end() ? "other" : page->second.type;
    const std::size_t owned = type == "leaf"       ? static_cast<std::size_t>(page->second.cells)
                              : type == "overflow" ? 1
                                                   : 0;
    for (const bool zeros : {true, false}) {
      SCOPED_TRACE("page " + std::to_string(n) + ", " + type + (zeros ? ", zeros" : ", random"));
      std::string damaged = content_;
      for (std::size_t i = 0; i < kPageBytes; ++i)
        damaged[(n - 1) * kPageBytes + i] = zeros ? '\0' : static_cast<char>(random());
      salvage(damaged);
      const auto left = sound_rows(out_ / "new.fleetday");
      const auto report = verify(out_ / "new.fleetday");

      EXPECT_GE(left.size() + owned, whole_.size());
      for (const auto& [row, bytes] : left) EXPECT_TRUE(whole_.at(row) == bytes);
      ASSERT_TRUE(report.ok());
      // Rows that are gone at the very end leave no trace of themselves.
      const bool gap =
          !left.empty() && left.size() < static_cast<std::size_t>(left.rbegin()->first);
      const bool told = !report.value().damages.empty();
      EXPECT_TRUE(told || !gap);
      EXPECT_TRUE(told == (left.size() < whole_.size()) || type == "leaf");
      ++tried[type];
      if (HasFailure()) return;
    }
  }
  for (const char* type : {"leaf", "overflow", "internal", "other"}) EXPECT_GT(tried[type], 0);
}

TEST_F(SalvageTest, ReadersTakeTheCopyOfADayThatCannotBeRead) {
  const fs::path day = out_ / "2026-10-16.fleetday";
  std::string damaged = content_;
  std::fill_n(damaged.begin(), kPageBytes, '\0');
  put(day, damaged);
  ASSERT_FALSE(DayReader::open(out_).ok());
  EXPECT_EQ(salvaged_path(day), out_ / "2026-10-16.salvaged.fleetday");
  EXPECT_TRUE(salvage_notes(out_).empty());

  ASSERT_TRUE(salvage_day(day, salvaged_path(day), {}).ok());

  auto from_copy = DayReader::open(out_), whole = DayReader::open(file_);
  ASSERT_TRUE(from_copy.ok() && whole.ok());
  EXPECT_TRUE(from_copy.value()->unreadable().empty());
  ASSERT_EQ(from_copy.value()->days().size(), 1u);
  EXPECT_EQ(from_copy.value()->days()[0].file, salvaged_path(day));
  fleet::FleetState a, b;
  ASSERT_TRUE(from_copy.value()->seek(fleet::Time::max(), a).ok());
  ASSERT_TRUE(whole.value()->seek(fleet::Time::max(), b).ok());
  EXPECT_EQ(a.hash(), b.hash());
  const auto report = verify(out_);
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report.value().damages.empty());
  ASSERT_EQ(salvage_notes(out_).size(), 1u);
  EXPECT_THAT(salvage_notes(out_)[0], testing::StartsWith("2026-10-16 is read from what was"));
}

TEST_F(SalvageTest, ReadersTakeTheCopyWhereTheDayWasSetAside) {
  put(out_ / "2026-10-16.damaged.fleetday", content_);
  ASSERT_FALSE(DayReader::open(out_).ok()) << "no day of the folder";

  const fs::path copy = salvaged_path(out_ / "2026-10-16.damaged.fleetday");
  ASSERT_TRUE(salvage_day(out_ / "2026-10-16.damaged.fleetday", copy, {}).ok());

  auto reader = DayReader::open(out_);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader.value()->days()[0].file, copy);
}

TEST_F(SalvageTest, ReadersLeaveACopyThatTheDayHasOutgrown) {
  const fs::path day = out_ / "2026-10-16.fleetday";
  put(day, content_);
  const fs::path directory = std::exchange(days_.directory_, out_ / "shorter");
  (void)days_.record(20);
  fs::copy_file(days_.day("2026-10-16"), salvaged_path(day));
  days_.directory_ = directory;

  auto reader = DayReader::open(out_);

  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader.value()->days()[0].file, day);
  EXPECT_TRUE(salvage_notes(out_).empty());
}

/// A day of which most is packed, and the ticks that a file still gives.
class PackedSalvageTest : public SalvageTest {
 protected:
  static constexpr std::size_t kPackedTicks = 600;

  void SetUp() override {
    DayStoreOptions options = DayFolder::quick();
    options.keyframe_every = std::chrono::minutes(1);
    options.pack_rest = true;
    options.pack_sizes = {60, 0, 0, std::chrono::minutes(60), 3};
    Fleet fleet(100);
    auto writer = days_.writer(options);
    for (std::size_t k = 0; k < kPackedTicks; ++k) days_.one_tick(*writer, fleet, 10);
    ASSERT_TRUE(writer->close().ok());
    writer.reset();
    file_ = day_files(days_.directory()).value().front();
    content_ = content_of(file_);
    out_ = days_.directory() / "out";
    fs::create_directory(out_);
  }
  /// Ticks that decode, each once; most: of one pack.
  std::size_t ticks_of(const fs::path& path, std::int64_t* most = nullptr) {
    auto file = DayFile::open(path, sqlite::Database::Mode::read);
    EXPECT_TRUE(file.ok()) << file.error().what;
    auto cursor = FrameCursor::open(*file);
    std::size_t ticks = 0;
    for (std::int64_t at = 0; at < 2000;) {
      auto found = cursor->next();
      if (found && !*found) break;
      if (found && cursor->row().kind == EncodedFrame::Kind::tick)
        ticks += cursor->decode().ok() ? 1 : 0;
      at = found ? cursor->row().row : cursor->damaged_until().value_or(at + 1);
      cursor->go_to(at + 1);
    }
    if (most) *most = file->db.number("SELECT max(ticks) FROM packs")->value_or(0);
    return ticks;
  }
};

TEST_F(PackedSalvageTest, AnyDamagedPageCostsItsHourAtMost) {
  std::int64_t most = 0;
  ASSERT_EQ(ticks_of(file_, &most), kPackedTicks);
  ASSERT_GT(most, 10);
  std::mt19937 random(2);
  for (std::size_t n = 1; n <= content_.size() / kPageBytes; ++n) {
    for (const bool zeros : {true, false}) {
      SCOPED_TRACE("page " + std::to_string(n) + (zeros ? ", zeros" : ", random"));
      std::string damaged = content_;
      for (std::size_t i = 0; i < kPageBytes; ++i)
        damaged[(n - 1) * kPageBytes + i] = zeros ? '\0' : static_cast<char>(random());
      salvage(damaged);

      // A leaf holds the beginnings of two packs, and behind them there may be no check-point at
      // once; without the opening keyframe there is none before the first one.
      const std::size_t left = ticks_of(out_ / "new.fleetday");
      EXPECT_LE(left, kPackedTicks);
      EXPECT_GE(left + 4 * static_cast<std::size_t>(most), kPackedTicks);
      if (HasFailure()) return;
    }
  }
}

TEST_F(SalvageTest, TakesWhatWasCommittedToTheLogOnly) {
  Fleet fleet(5);
  auto writer = days_.writer();
  fleet.skip_to(fleet.tick.begin + std::chrono::minutes(30));
  for (int k = 0; k < 5; ++k) days_.one_tick(*writer, fleet, 3);
  ASSERT_TRUE(writer->commit().ok());
  const auto now = sound_rows(file_);
  ASSERT_GT(now.size(), whole_.size());
  put(out_ / "2026-10-16.damaged.fleetday-wal", content_of(file_.string() + "-wal"));

  std::string damaged = content_of(file_);
  damaged.replace(0, 100, std::string(100, 'x'));
  salvage(damaged);

  EXPECT_EQ(sound_rows(out_ / "new.fleetday"), now);
}

TEST_F(SalvageTest, OfNoDayFileAtAllSaysThatThereIsNothing) {
  const SalvagedDay done = salvage(std::string(10'000, 'x'));

  EXPECT_EQ(done.frames, 0u);
  EXPECT_TRUE(done.lost_meta);
  put(out_ / "what.fleetday", "nothing");
  EXPECT_FALSE(salvage_day(out_ / "what.fleetday", out_ / "no.fleetday", {}).ok());
}

}  // namespace
}  // namespace net::test
