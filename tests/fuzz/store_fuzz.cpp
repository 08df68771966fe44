// A day file that somebody else has changed: its rows, its frames behind their checks, its journal,
// what it says of itself, and its bytes as they lie on the disk.
// Input: where u8, then changes to a sound file, one after the other (see change and run).
#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "net/gateway/unfinished_tick.hpp"
#include "net/store/day_store.hpp"
#include "net/store/sqlite.hpp"
#include "tests/fuzz/envelope.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/net/codec_samples.hpp"

namespace fuzz {
namespace {

namespace fs = std::filesystem;
using net::sqlite::Database;

/// A folder in memory where there is one, gone at the end.
class Folder {
 public:
  Folder()
      : path_((fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path()) /
              ("fleetwall_fuzz_" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void must(const fleet::Result<void>& done) {
  FUZZ_CHECK(done.ok());
}

/// A day of six ticks of five machines, with a second keyframe in the middle.
void write_day(const fs::path& folder) {
  net::DayStoreOptions options;
  options.durable = false;
  options.keyframe_every = std::chrono::minutes(10);
  auto writer = net::DayWriter::open(folder, options);
  FUZZ_CHECK(writer.ok());
  net::FrameEncoder encoder;
  net::samples::Fleet sample(5);
  for (int tick = 0; tick < 6; ++tick) {
    if (tick == 3) sample.skip_to(sample.tick.begin + std::chrono::minutes(11));
    const fleet::Time end = sample.tick.end;
    if ((*writer)->needs_keyframe(end)) {
      const auto names =
          encoder.encode(net::samples::roster(5), sample.state.position(), sample.state.time());
      must((*writer)->append_keyframe((*writer)->needs_roster(end) ? &names : nullptr,
                                      encoder.encode(sample.state.keyframe()), end));
    }
    sample.report_at_random(3);
    must((*writer)->append(encoder.encode(sample.end_tick())));
  }
  sample.report_at_random(2);
  must((*writer)->journal(encoder.encode(sample.end_tick()).bytes));
  must((*writer)->close());
}

std::string contents(const fs::path& path) {
  std::string text(fs::file_size(path), '\0');
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  FUZZ_CHECK(fd >= 0 && ::read(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  ::close(fd);
  return text;
}

void put(const fs::path& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  FUZZ_CHECK(fd >= 0 && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  ::close(fd);
}

/// Rows of the sound file.
constexpr std::int64_t kRows = 9;

std::int64_t row_of(Input& in) {
  return in.byte() % (kRows + 1) + 1;
}

/// A number that is near what stands there, or any.
std::string number_sql(Input& in, const std::string& column) {
  const std::uint8_t how = in.byte();
  if (how < 128) return column + "+" + std::to_string(how) + "-64";
  if (how < 160) return column + "+" + std::to_string(how - 128) + "*1000";
  return std::to_string(static_cast<std::int64_t>(in.number(8)) | 1);
}

void run_with(Database& db, const std::string& sql, std::string_view blob) {
  auto statement = db.prepare(sql.c_str());
  FUZZ_CHECK(statement.ok());
  (void)statement->bind_blob(1, blob).run().ok();
}

/// The frame of a row with another body, in a right envelope.
void change_body(Database& db, std::int64_t row, std::string_view body) {
  std::string bytes;
  {
    auto statement =
        db.prepare(("SELECT bytes FROM frames WHERE row=" + std::to_string(row)).c_str());
    auto found = statement->step();
    if (!found || !*found) return;
    bytes = statement->blob(0);
  }
  ::fleetwall::v1::Frame frame;
  if (!frame.ParseFromString(bytes)) return;
  set_body(frame, body);
  bytes = frame.SerializeAsString();
  run_with(db, "UPDATE frames SET bytes=? WHERE row=" + std::to_string(row), bytes);
}

void change(Database& db, Input& in) {
  const std::uint8_t what = in.byte() % 10;
  const std::int64_t row = row_of(in);
  const std::string here = " WHERE row=" + std::to_string(row);
  const std::string columns = "kind, complete, epoch, number, begin_ms, end_ms, bytes";
  static const char* const kNames[] = {"kind", "complete", "epoch", "number", "begin_ms", "end_ms"};
  static const char* const kKeys[] = {"day", "zone_name", "zone", "demo"};
  switch (what) {
    case 0:
    case 1: {
      const std::string name = kNames[in.byte() % 6];
      (void)db.run(("UPDATE frames SET " + name + "=" + number_sql(in, name) + here).c_str()).ok();
      break;
    }
    case 2:
      run_with(db, "UPDATE frames SET bytes=?" + here, in.text(in.byte()));
      break;
    case 3:
      change_body(db, row, in.text(in.byte() * 4u));
      break;
    case 4:
      (void)db.run(("DELETE FROM frames" + here).c_str()).ok();
      break;
    case 5:
      (void)db
          .run(("INSERT OR REPLACE INTO frames SELECT " + number_sql(in, "row") + ", " + columns +
                " FROM frames" + here)
                   .c_str())
          .ok();
      break;
    case 6:
      (void)db.run(("INSERT INTO journal(bytes) SELECT bytes FROM frames" + here).c_str()).ok();
      break;
    case 7:
      run_with(db, "INSERT INTO journal(bytes) VALUES(?)", in.text(in.byte()));
      break;
    case 8:
      run_with(db,
               std::string("UPDATE meta SET value=CAST(? AS TEXT) WHERE key='") +
                   kKeys[in.byte() % 4] + "'",
               in.text(in.byte() % 64));
      break;
    default:
      (void)db.run(in.byte() % 2 ? "DELETE FROM journal" : "DELETE FROM meta WHERE key='zone'")
          .ok();
  }
}

/// Reads everything; errors are skipped, and each of them must get on. True: there were none.
bool read_all(net::DayReader& reader, fleet::FleetState& state) {
  bool sound = reader.rewind_to(fleet::kNever).ok();
  for (int errors = 0; errors <= 4 * kRows; ++errors) {
    const auto read = reader.read_until(fleet::Time::max(), [&](fleet::Update&& update) {
      std::visit(
          [&](auto& batch) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(batch)>, fleet::Heartbeat>)
              sound = state.apply(std::move(batch)).ok() && sound;
          },
          update);
      return true;
    });
    if (read) return sound;
    FUZZ_CHECK(!read.error().what.empty());
    sound = false;
  }
  FUZZ_CHECK(false && "read_until comes to an end");
  return false;
}

void check(const fs::path& path) {
  const auto verified = net::verify(path);
  auto reader = net::DayReader::open(path);
  if (!reader) return;
  fleet::FleetState read, sought;
  const bool sound = read_all(**reader, read);
  for (const std::int64_t ms : {500, 2500, 663'500, 1'000'000'000})
    (void)(*reader)->seek(net::samples::kNoon + fleet::Millis(ms), sought).ok();
  const bool reached = (*reader)->seek(fleet::kMaxTime, sought).ok();
  if (verified && verified->damages.empty()) {
    FUZZ_CHECK(sound && reached);
    FUZZ_CHECK(read.hash() == sought.hash());
  }
  const auto journal = net::read_journal(path);
  if (!journal) return;
  const auto unfinished = net::read_unfinished_tick(*journal);
  if (unfinished) (void)unfinished->apply_to(sought, fleet::kMaxTime).ok();
}

void run(Input in) {
  static const Folder folder;
  static const std::string sound = [] {
    write_day(folder.path());
    return contents(folder.path() / "2026-10-16.fleetday");
  }();
  const fs::path path = folder.path() / "2026-10-16.fleetday";
  put(path, sound);
  const std::uint8_t what = in.byte() % 4;  // 0: on the disk, 1: by SQL, 2: both
  if (what != 0) {
    auto db = Database::open(path, Database::Mode::write);
    FUZZ_CHECK(db.ok());
    must(db->run("PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY; BEGIN"));
    for (int k = 0; k < (what == 2 ? 2 : 6) && !in.empty(); ++k) change(*db, in);
    must(db->run("COMMIT"));
  }
  if (what % 2 == 0) {
    std::string bytes = contents(path);
    for (int k = 0; k < 6 && !in.empty(); ++k) {
      const std::size_t at = in.number(2) % bytes.size();
      const auto text = in.text(std::min<std::size_t>(in.byte() % 16, bytes.size() - at));
      std::memcpy(bytes.data() + at, text.data(), text.size());
    }
    put(path, bytes);
  }
  check(path);
}

}  // namespace
}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::run(fuzz::Input(data, size));
  return 0;
}
