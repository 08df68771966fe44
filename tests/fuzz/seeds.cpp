// Writes what each fuzz target starts from: fuzz_seeds FOLDER makes FOLDER/<target>/<number>.
// Everything comes from our own encoders, the simulator and tests/data; the texts are below.
#include <sqlite3.h>

#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "fleet/sim/simulator.hpp"
#include "net/codec/messages.hpp"
#include "net/ingest/ndjson_writer.hpp"
#include "net/pack/heat_pack.hpp"
#include "net/pack/history_pack.hpp"
#include "net/pack/span_pack.hpp"
#include "net/pack/state_pack.hpp"
#include "net/replay/replay_messages.hpp"
#include "net/store/pack_table.hpp"
#include "net/store/parity_file.hpp"
#include "tests/fuzz/envelope.hpp"
#include "tests/fuzz/fuzz_frames.hpp"
#include "tests/fuzz/seed_texts.hpp"
#include "tests/support/tile_sets.hpp"

namespace fuzz {
namespace {

namespace fs = std::filesystem;

class Seeds {
 public:
  explicit Seeds(fs::path folder) : folder_(std::move(folder)) {}

  void add(const std::string& target, std::string_view bytes) {
    const fs::path folder = folder_ / target;
    fs::create_directories(folder);
    std::ofstream(folder / ("seed_" + std::to_string(count_[target]++)), std::ios::binary) << bytes;
  }
  void add(const std::string& target, std::uint8_t first, std::string_view bytes) {
    add(target, std::string(1, static_cast<char>(first)).append(bytes));
  }

 private:
  fs::path folder_;
  std::map<std::string, int> count_;
};

std::string file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A frame as it is, its body alone, and both as changes to a day file.
void add_frame(Seeds& seeds, const std::string& bytes) {
  seeds.add("frame", bytes);
  ::fleetwall::v1::Frame frame;
  FUZZ_CHECK(frame.ParseFromString(bytes));
  const std::string body = unpacked(frame.body());
  const auto kind = static_cast<std::uint8_t>(frame.kind());
  seeds.add("frame_body", kind, body);
  if (body.size() > 1020) return;
  const auto quarter = static_cast<char>((body.size() + 3) / 4);
  seeds.add("store", std::string("\x01\x03\x03", 3) + quarter + body);
  if (bytes.size() < 256)
    seeds.add("store", std::string("\x01\x02\x03", 3) + static_cast<char>(bytes.size()) + bytes);
}

void add_frames(Seeds& seeds) {
  net::FrameEncoder encoder;
  net::samples::Fleet sample(8);
  const auto roster = net::samples::roster(8);
  add_frame(seeds, encoder.encode(roster, sample.state.position(), sample.state.time()).bytes);
  (void)sample.state.add_field("bucket_kpa");
  (void)sample.state.add_field("boom_deg");
  for (const std::size_t rows : {0u, 1u, 3u, 12u, 30u}) {
    sample.report_at_random(rows);
    if (rows == 12) {
      sample.tick.activity = fleet::ActivitySample{20742, 168, 3};
      sample.state.note_activity(*sample.tick.activity);
      const fleet::DayFigures none{};
      sample.tick.figures.push_back({0, none});
      sample.report(1, 500, 900, {{17, 123'456}, {18, -7}});
    }
    add_frame(seeds, encoder.encode(sample.end_tick()).bytes);
    add_frame(seeds, encoder.encode(sample.state.keyframe()).bytes);
  }
  const fleet::Slot some[] = {1, 2, 5};
  add_frame(seeds, encoder.encode(sample.state.catch_up(some, 0)).bytes);
  fleet::RosterBatch changes = net::samples::roster(9, false);
  changes.machines.erase(changes.machines.begin(), changes.machines.begin() + 7);
  fleet::Machine& all = changes.machines.back().second;
  all.serial = all.maker = all.machine_class = all.branch = "x";
  all.delivered = all.last_service_time = "2026-10-16";
  all.hours_offset_h = all.loan_monthly = all.wage_monthly = all.income_per_h = 1;
  all.last_service_h = 2;
  changes.extra_fields = {"bucket_kpa", "boom_deg", "arm_deg"};
  add_frame(seeds, encoder.encode(changes, sample.state.position(), sample.state.time()).bytes);
  for (const auto& entry : fs::directory_iterator(FLEETWALL_SOURCE_DIR "/tests/data/wire")) {
    const std::string bytes = file(entry.path());
    const std::string name = entry.path().stem();
    if (name == "hello" || name == "heartbeat" || name == "chunk" || name == "error")
      seeds.add("messages", 4, bytes);
    else if (name == "subscribe")
      seeds.add("messages", 0, bytes);
    else
      add_frame(seeds, bytes);
  }
}

void add_messages(Seeds& seeds) {
  net::Subscribe subscribe;
  seeds.add("messages", 0, net::encode(net::ClientMessage(subscribe)));
  for (const net::ReplayRequest& ask :
       {net::ReplayRequest(net::ReplaySeek{1, net::samples::kNoon, net::samples::kNoon, 1}),
        net::ReplayRequest(net::ReplayUntil{net::samples::kNoon}),
        net::ReplayRequest(net::ReplayTrack{1, "SY1001", net::samples::kNoon, net::samples::kNoon}),
        net::ReplayRequest(
            net::ReplayMachine{1, "SY1001", net::samples::kNoon, net::samples::kNoon}),
        net::ReplayRequest(net::ReplayHeat{1, net::samples::kNoon}),
        net::ReplayRequest(net::DayRequest{})})
    seeds.add("messages", 7, net::encode_replay(ask));
  net::DayReply day;
  day.day.overview.midnight = net::samples::kNoon;
  day.day.raised.resize(2, {net::samples::kNoon, fleet::Severity::high});
  day.day.overview.gaps.push_back({net::samples::kNoon, net::samples::kNoon});
  for (const net::ReplayMessage& tell :
       {net::ReplayMessage(net::ReplayBegin{1}), net::ReplayMessage(net::ReplayMark{}),
        net::ReplayMessage(net::ReplayDays{{{}}}), net::ReplayMessage(day),
        net::ReplayMessage(net::PackedReply{1, "x", true, true, "x"})})
    seeds.add("messages", 7, net::encode_replay(tell));
  // Chunks as they should be, of wrong order, of wrong sizes.
  seeds.add("messages", 3, std::string("\0\0\1\10", 4));
  seeds.add("messages", 3, std::string("\0\0\1\0", 4));
  seeds.add("messages", 3, std::string("\0\0\0\0\1\10", 6));
  seeds.add("messages", 3, std::string("\0\3\3\0\0\0\0\1", 8));
  for (const std::string& bytes : {net::encode(net::ClientMessage(subscribe)),
                                   file(FLEETWALL_SOURCE_DIR "/tests/data/wire/subscribe.bin")}) {
    seeds.add("http", std::string("\x03\0", 2) + '\x80' + '\0' + bytes);
    seeds.add("http", std::string("\x01\0", 2) + "\x82" + static_cast<char>(0x80 | bytes.size()) +
                          std::string(4, '\0') + bytes);
  }
}

/// Lines of a simulated fleet, as devices would send them.
void add_lines(Seeds& seeds) {
  fleet::sim::Simulator simulator({40, 7, net::samples::kNoon - std::chrono::hours(1), true});
  fleet::ReportBatch batch;
  simulator.advance(net::samples::kNoon - std::chrono::minutes(59), batch);
  const fleet::FieldCatalog fields;
  std::string lines, some;
  int count = 0;
  for (const fleet::Report& report : batch.reports) {
    some.clear();
    net::append_report_line(report, batch, fields, simulator.machines()[report.machine].id, some);
    if (++count % 100 == 0) seeds.add("ndjson", some);
    if (count < 12) lines += some;
  }
  seeds.add("ndjson", lines);
  seeds.add("http", std::string("\0\0", 2) + "POST /ingest HTTP/1.1\r\nHost: localhost\r\n" +
                        "Content-Length: " + std::to_string(lines.size()) + "\r\n\r\n" + lines);
  seeds.add("http", std::string("\x04\0\x80\0", 4) + some);
}

std::string gzip(std::string_view text) {
  const fs::path path = fs::temp_directory_path() / "fleetwall_seed.gz";
  gzFile out = gzopen(path.c_str(), "wb");
  gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
  gzclose(out);
  const std::string bytes = file(path);
  fs::remove(path);
  return bytes;
}

void add_texts(Seeds& seeds) {
  for (const std::string_view line : kLines) {
    seeds.add("ndjson", line);
    seeds.add("csv", 64, std::string(line) + "\n" + std::string(kLines[0]) + "\n");
  }
  seeds.add("csv", 66, kLines[0]);
  for (const auto& [how, text] : kTables) seeds.add("csv", how, text);
  seeds.add("csv", 0, gzip(kTables[0].text));
  seeds.add("csv", 0, gzip(kTables[0].text).substr(0, 40));
  // Longer than a record may be, and more cells than one may have.
  seeds.add("csv", 0, "machine,time\n" + std::string(300'000, 'x') + "\nA1,1792130400\n");
  seeds.add("csv", 0, "machine,time\n\"" + std::string(300'000, 'x') + "\nA1,1792130400\n");
  seeds.add("csv", 0, "machine,time\n" + std::string(1100, ',') + "\nA1,1792130400\n");
  for (const auto& [how, text] : kGeoJson) seeds.add("geojson", how, text);
  for (const auto& [datum, text] : kBorders) seeds.add("borders", datum, text);
  seeds.add("config", file(FLEETWALL_SOURCE_DIR "/assets/fleetwalld.example.toml"));
  for (const std::string_view text : kConfigs) seeds.add("config", text);
  for (const auto& [how, text] : kTexts) seeds.add("texts", how, text);
  for (const std::string_view text : kRequests)
    seeds.add("http", std::string("\0\0", 2).append(text));
  for (const std::string_view text : kRequests)
    seeds.add("http", std::string("\0\1", 2).append(text));
  for (const std::string_view text : kSockets) seeds.add("http", text);
  for (const std::string_view text : kChanges) seeds.add("store", text);
}

fleet::MachineHistory a_history() {
  const fleet::Time noon = net::samples::kNoon;
  fleet::MachineHistory h;
  h.machine = "SY1001";
  h.from = noon;
  h.to = h.until = noon + std::chrono::hours(1);
  const fleet::FieldCatalog fields;
  for (std::size_t f = 0; f < fields.size(); ++f)
    h.fields.push_back(fields[static_cast<fleet::FieldId>(f)]);
  for (std::uint32_t i = 0; i < 6; ++i) {
    const fleet::Time at = noon + std::chrono::seconds(30 * i);
    h.reports.push_back({at, at, 30'000, 7, 3 * i});
    h.values.insert(h.values.end(), {fleet::packed({1 + i, 2}), 900, 12});
  }
  h.statuses.push_back({fleet::Status::working, noon, h.to});
  h.faults.push_back({{}, fleet::kNever});
  return h;
}

/// Parts of a pack of a few ticks, without their checks.
void add_packs(Seeds& seeds) {
  net::samples::Fleet sample(8);
  fleet::TickSpanBuilder builder;
  const fleet::StateBatch base = sample.state.keyframe();
  fleet::FleetState reader = sample.state;
  for (int tick = 0; tick < 6; ++tick) {
    sample.report_at_random(2);
    std::vector<std::int64_t> lags;
    const fleet::FleetState::RowObserver note = [&](const fleet::AcceptedRow& row) {
      lags.push_back((row.receive_time - row.device_time).count());
    };
    const fleet::TickBatch done = sample.end_tick();
    FUZZ_CHECK(reader.apply(done, nullptr, &note).ok());
    builder.add(done, lags);
  }
  const auto add = [&](std::uint8_t kind, std::string part) {
    part.resize(part.size() - 8);
    seeds.add("pack", kind, part);
  };
  const fleet::TickSpan span = builder.take();
  const net::PackedSpan packed = net::pack_span(span, {}, 1);
  add(0, packed.rows);
  add(1, packed.figures);
  add(2, net::pack_state(sample.state.keyframe(), base, 1));
  add(3, net::pack_state(sample.state.keyframe(), {}, 1));
  const net::PackHead head{1000, 1006, span.ticks.front().position, 6, 12, {}, {}, {}, 0};
  add(4, net::pack_head(head, {1000, 1001, 1002, 1004, 1005, 1006}));
  add(5, net::pack_history(a_history()).value());
  fleet::HeatCells heat;
  heat.cells = {{7, 60}, {9, 3600}};
  heat.placed_s = 3660;
  add(6, net::pack_heat(heat));
}

/// A small database with rows as a day file has them, some with overflow pages.
void add_salvage(Seeds& seeds) {
  sqlite3* db = nullptr;
  sqlite3_open(":memory:", &db);
  sqlite3_exec(db,
               "PRAGMA page_size=512; CREATE TABLE frames(row INTEGER PRIMARY KEY, kind, complete, "
               "epoch, number, begin_ms, end_ms, bytes); CREATE TABLE meta(key TEXT PRIMARY KEY, "
               "value TEXT) WITHOUT ROWID; INSERT INTO meta VALUES('day', '2026-10-16'); "
               "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8) INSERT "
               "INTO frames SELECT i, 0, 0, i << 40, i, i, i, zeroblob(i * 150) FROM n",
               nullptr, nullptr, nullptr);
  sqlite3_int64 bytes = 0;
  unsigned char* image = sqlite3_serialize(db, "main", &bytes, 0);
  seeds.add("salvage",
            std::string(reinterpret_cast<char*>(image), static_cast<std::size_t>(bytes)));
  sqlite3_free(image);
  sqlite3_close(db);
}

void add_parity(Seeds& seeds) {
  net::Parity parity{.changes = 7, .checks = {1, 2, 3}, .sums = {}};
  parity.sums.resize(1, net::ParityPage{'x'});
  std::string bytes = net::encode(parity);
  bytes.resize(bytes.size() - 8);
  seeds.add("parity", bytes);
}

/// Archives of each shape, plain so that a change meets its directories, and one packed.
void add_tiles(Seeds& seeds) {
  for (int shape = 0; shape < 6; ++shape) {
    testing_support::PmtilesShape made;
    made.packed = shape == 5;
    made.leaf = shape % 2 == 1 ? 2 : 0;
    made.clustered = shape < 2;
    made.metadata = R"({"name":"a","attribution":"&copy; <b>b</b>"})";
    if (shape == 4) made.tile_packing = 2;
    testing_support::PmtilesWriter writer(made);
    for (const fleet::TileId tile : testing_support::pyramid(shape < 3 ? 1 : 2)) {
      const std::string picture = testing_support::picture(tile.x % 2 ? "sea" : "");
      writer.add(tile, shape == 4 ? testing_support::gzip(picture) : picture);
    }
    seeds.add("tiles", 0, writer.bytes());
  }
  // Heads that are refused, each for another reason: packings, kinds, version, zooms, a part
  // outside.
  testing_support::PmtilesWriter one;
  one.add(fleet::TileId{0, 0, 0}, testing_support::picture("x"));
  const std::pair<std::size_t, char> refused[] = {{97, 3}, {97, 4}, {98, 9},  {99, 1},
                                                  {99, 5}, {7, 2},  {100, 9}, {15, 1}};
  for (const auto& [at, value] : refused) {
    std::string bytes = one.bytes();
    bytes[at] = value;
    seeds.add("tiles", 0, bytes);
  }
  seeds.add("tiles", 0, one.bytes().substr(0, 100));
  seeds.add("tiles", 1,
            testing_support::pmtiles_directory({{0, 0, 9, 3}, {5, 9, 300, 1}, {9, 0, 9, 0}}));
  for (const auto& [how, text] : kTileTexts) seeds.add("tiles", how, text);
  seeds.add("tiles", 5, testing_support::gzip(std::string(20'000, 'x')));
}

}  // namespace
}  // namespace fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
    return 2;
  }
  fuzz::Seeds seeds(argv[1]);
  fuzz::add_frames(seeds);
  fuzz::add_messages(seeds);
  fuzz::add_lines(seeds);
  fuzz::add_texts(seeds);
  fuzz::add_packs(seeds);
  fuzz::add_salvage(seeds);
  fuzz::add_parity(seeds);
  fuzz::add_tiles(seeds);
  return 0;
}
