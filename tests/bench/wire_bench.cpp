// Bytes and CPU per machine update of the frame codec, on the stream the peers were measured with.
//
//   wire_bench [--json]
// The stream: 32,730 machines in clusters over eastern China, 30 % report each second for 30
// seconds, each at its own moment in the second with +-20 ms of jitter: id, device time, position,
// speed (0.1 km/h), heading (whole degrees), state (engine, working, gear), fuel. Everything is
// received in one batch a tick. Decoded states are compared with the encoder's by hash.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <numbers>
#include <string>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "fleet/mercator.hpp"
#include "net/codec/frame_codec.hpp"
#include "tests/bench/process_cpu.hpp"

namespace {

using fleet::FieldMask;
using fleet::Time;
using fleet::time_from_ms;

constexpr int kMachines = 32'730;
constexpr int kTicks = 30;
constexpr int kWarmSteps = 3;
constexpr int kRepeats = 7;
constexpr std::int64_t kStartMs = 1'717'200'000'000;

/// mulberry32, as the peers' generator uses it.
class Random {
 public:
  explicit Random(std::uint32_t seed) : a_(seed) {}
  double operator()() {
    a_ += 0x6d2b79f5u;
    std::uint32_t t = (a_ ^ (a_ >> 15)) * (1u | a_);
    t = (t + (t ^ (t >> 7)) * (61u | t)) ^ t;
    return (t ^ (t >> 14)) / 4294967296.0;
  }

 private:
  std::uint32_t a_;
};

struct City {
  double lon, lat, weight, spread;
};
constexpr City kCities[] = {
    {116.40, 39.90, 9, .35},  {117.20, 39.10, 5, .25}, {121.40, 31.20, 9, .25},
    {113.30, 23.10, 9, .30},  {114.06, 22.65, 6, .15}, {114.30, 30.60, 7, .35},
    {112.94, 28.23, 10, .35}, {113.60, 34.75, 7, .40}, {108.94, 34.34, 6, .35},
    {104.07, 30.67, 7, .35},  {106.55, 29.56, 6, .35}, {118.80, 32.06, 6, .30},
    {120.20, 30.27, 6, .30},  {117.23, 31.82, 4, .30}, {117.00, 36.65, 5, .40},
    {120.30, 36.15, 4, .25},  {114.50, 38.05, 4, .35}, {112.55, 37.87, 3, .40},
    {115.86, 28.68, 3, .35},  {119.25, 26.08, 3, .20}, {118.05, 24.60, 2, .15},
    {108.37, 22.82, 3, .35},  {106.70, 26.65, 3, .35}, {102.70, 25.04, 3, .35},
    {123.40, 41.80, 4, .40},  {110.30, 25.28, 1, .30}, {111.70, 40.80, 2, .50},
    {117.20, 34.26, 3, .35},  {118.30, 35.10, 2, .30}, {112.45, 34.62, 2, .30},
    {112.14, 32.04, 2, .35},  {111.29, 30.69, 2, .35}, {116.00, 29.70, 2, .30},
    {109.50, 36.60, 1, .50},  {103.80, 36.06, 2, .45}, {106.20, 38.48, 1, .40},
    {119.90, 31.80, 4, .25},  {120.70, 28.00, 3, .20}, {113.10, 36.20, 1, .40},
    {115.00, 33.60, 2, .60}};

/// The peers' synthetic fleet: same seed, same machines, same steps.
class PeerFleet {
 public:
  PeerFleet() : machines_(kMachines) {
    double total = 0;
    for (const City& c : kCities) total += c.weight;
    for (Machine& m : machines_) place(m, total);
    for (Machine& m : machines_) m.mover_key = r_();
  }

  /// Moves the 30 % whose second it is; their indexes.
  std::vector<int> step() {
    const double drift = std::floor(seconds_ / 60.0) * 0.01;
    std::vector<int> moved;
    for (int i = 0; i < kMachines; ++i) {
      Machine& m = machines_[static_cast<std::size_t>(i)];
      double key = m.mover_key + drift;
      key -= std::floor(key);
      if (key >= 0.3) continue;
      drive(m);
      moved.push_back(i);
    }
    seconds_ += 1;
    return moved;
  }

  /// position, heading, speed, engine_on, working, gear, fuel level: raw values, low field first.
  std::vector<std::int64_t> values(int i) const {
    const Machine& m = machines_[static_cast<std::size_t>(i)];
    // off, idle, working, travelling, alarm: five states in three fields.
    constexpr int kStates[][3] = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {1, 0, 1}, {1, 1, 1}};
    const int* state = kStates[m.status];
    const auto heading = static_cast<std::int64_t>(std::floor(double{m.heading} + 0.5)) % 360;
    const auto speed = static_cast<std::int64_t>(std::floor(double{m.speed} * 10 + 0.5));
    return {fleet::packed(fleet::grid_from_lonlat({m.lon, m.lat})),
            heading * 10,
            speed,
            state[0],
            state[1],
            state[2],
            m.fuel * 10};
  }

 private:
  struct Machine {
    double lon = 0, lat = 0, mover_key = 0;
    float speed = 0, heading = 0;
    int fuel = 0, status = 0;
  };

  double gauss() {
    const double radius = std::sqrt(-2 * std::log(r_() + 1e-12));
    return radius * std::cos(2 * std::numbers::pi * r_());
  }

  void place(Machine& m, double total) {
    if (r_() < 0.12) {
      m.lon = 104 + 15 * r_();
      m.lat = 23.5 + 16 * r_();
    } else {
      double w = r_() * total;
      std::size_t k = 0;
      while ((w -= kCities[k].weight) > 0 && k < std::size(kCities) - 1) ++k;
      const City& c = kCities[k];
      const double tight = r_() < 0.6 ? 0.35 : 1.2;
      m.lon = c.lon + gauss() * c.spread * tight;
      m.lat = c.lat + gauss() * c.spread * tight;
    }
    m.heading = static_cast<float>(r_() * 360);
    m.fuel = static_cast<int>(5 + r_() * 95);
    const double u = r_();
    m.status = u < .45 ? 0 : u < .62 ? 1 : u < .88 ? 2 : u < .99 ? 3 : 4;
  }

  void drive(Machine& m) {
    const double before = m.speed != 0 ? double{m.speed} : 8.0;
    const double v = std::max(0.5, std::min(60.0, before + (r_() - .5) * 2));
    m.speed = static_cast<float>(v);
    const double heading = std::fmod(double{m.heading} + (r_() - .5) * 12 + 360, 360.0);
    m.heading = static_cast<float>(heading);
    const double angle = heading * std::numbers::pi / 180, metres = v / 3.6;
    m.lat += metres * std::cos(angle) / 111320;
    m.lon += metres * std::sin(angle) / (111320 * std::cos(m.lat * std::numbers::pi / 180));
    if (r_() < 0.002) {
      m.status = 2 + static_cast<int>(std::floor(r_() * 3));
    } else if (m.status < 2) {
      m.status = 3;
    }
    if (r_() < 0.003 && m.fuel > 0) --m.fuel;
  }

  Random r_{20240601};
  std::vector<Machine> machines_;
  double seconds_ = 0;
};

fleet::RosterBatch roster(int machines) {
  fleet::RosterBatch batch;
  batch.complete = true;
  batch.version = 1;
  for (int i = 0; i < machines; ++i) {
    fleet::Machine machine;
    machine.id = "M" + std::to_string(100'000 + i);
    batch.machines.emplace_back(static_cast<fleet::Slot>(i), machine);
  }
  return batch;
}

/// A state, then ticks upon it.
struct Stream {
  fleet::FleetState before;
  std::vector<fleet::TickBatch> ticks;
  std::size_t updates = 0;
  std::uint64_t hash_after = 0;
};

fleet::TickBatch begin_tick(Time begin, std::uint64_t number) {
  fleet::TickBatch tick;
  tick.position = {1, number};
  tick.begin = begin;
  tick.end = begin + fleet::Millis{1000};
  return tick;
}

Stream peer_stream() {
  constexpr FieldMask kFields =
      1 << fleet::kPosition | 1 << fleet::kHeadingDeg | 1 << fleet::kSpeedKmh |
      1 << fleet::kEngineOn | 1 << fleet::kWorking | 1 << fleet::kGear | 1 << fleet::kFuelLevelPct;
  Stream stream;
  PeerFleet peers;
  Random r(7);
  if (!stream.before.apply(roster(kMachines))) std::abort();
  std::vector<std::int64_t> phase;
  for (int i = 0; i < kMachines; ++i) {
    phase.push_back(static_cast<std::int64_t>(std::floor(r() * 1000)));
  }
  fleet::FleetState state = stream.before;
  const auto report = [&](int i, std::int64_t device_ms, fleet::TickBatch& tick) {
    const auto values = peers.values(i);
    state.accept({static_cast<fleet::Slot>(i), time_from_ms(device_ms), tick.end, kFields, values},
                 tick);
  };
  std::uint64_t number = 0;
  fleet::TickBatch base = begin_tick(time_from_ms(kStartMs - 1000), ++number);
  for (int i = 0; i < kMachines; ++i) {
    report(i, kStartMs - 1000 + phase[static_cast<std::size_t>(i)], base);
  }
  state.finish_tick(base.position, base.end);
  for (int k = 0; k < kWarmSteps + kTicks; ++k) {
    if (k == kWarmSteps) stream.before = state;
    const std::int64_t t = kStartMs + k * 1000;
    fleet::TickBatch tick = begin_tick(time_from_ms(t), ++number);
    for (const int i : peers.step()) {
      const std::int64_t own = phase[static_cast<std::size_t>(i)];
      const std::int64_t jitter =
          k < kWarmSteps ? 0 : static_cast<std::int64_t>(std::floor((r() - .5) * 40 + 0.5));
      report(i, t + std::clamp<std::int64_t>(own + jitter, 0, 999), tick);
    }
    state.finish_tick(tick.position, tick.end);
    if (k < kWarmSteps) continue;
    stream.updates += tick.rows.size();
    stream.ticks.push_back(std::move(tick));
  }
  stream.hash_after = state.hash();
  return stream;
}

/// 120 reports a second of a fleet that works: 16 fields, most change a little, every minute or so
/// per machine; receive times spread, 80 to 400 ms after the device's.
Stream demo_stream() {
  constexpr int kRows = 120, kFleet = 7'200;
  constexpr FieldMask kFields = (FieldMask{1} << 16) - 1;
  constexpr int kSpread[16] = {0, 300, 40, 0, 0, 0, 120, 200, 3, 4, 2, 1, 15, 6, 8, 12};
  constexpr std::int64_t kBase[16] = {0,   1800,   50,     1,     1,   3,   1600, 450,
                                      600, 500000, 400000, 90000, 380, 820, 550,  2760};
  Stream stream;
  Random r(11);
  if (!stream.before.apply(roster(kFleet))) std::abort();
  fleet::FleetState state = stream.before;
  std::vector<std::vector<std::int64_t>> machines(kFleet);
  for (auto& values : machines) {
    values.assign(kBase, kBase + 16);
    values[0] = fleet::packed(fleet::grid_from_lonlat({104 + 15 * r(), 23.5 + 16 * r()}));
  }
  constexpr int kRounds = 2, kMinute = kFleet / kRows;
  for (int k = 0; k < kRounds * kMinute; ++k) {
    if (k == kMinute) stream.before = state;
    const std::int64_t t = kStartMs + k * 1000;
    fleet::TickBatch tick = begin_tick(time_from_ms(t), static_cast<std::uint64_t>(k) + 1);
    for (int j = 0; j < kRows; ++j) {
      const int i = j * kMinute + k % kMinute;  // each machine once a minute
      auto& values = machines[static_cast<std::size_t>(i)];
      const auto near = [&](std::int64_t v, int spread) {
        return v + static_cast<std::int64_t>(std::floor((r() - .5) * 2 * spread + .5));
      };
      const fleet::GridPoint at = fleet::unpacked(values[0]);
      values[0] = fleet::packed(
          {static_cast<std::uint32_t>(near(at.x, 40)), static_cast<std::uint32_t>(near(at.y, 40))});
      for (std::size_t f = 1; f < 16; ++f) {
        const bool counter =
            f == fleet::kFuelUsedL || f == fleet::kEngineHours || f == fleet::kIdleHours;
        values[f] = counter ? values[f] + kSpread[f] : near(values[f], kSpread[f]);
      }
      values[1] = (values[1] % 3600 + 3600) % 3600;
      const std::int64_t device = t + static_cast<std::int64_t>(r() * 600);
      const std::int64_t receive = device + 80 + static_cast<std::int64_t>(r() * 320);
      state.accept({static_cast<fleet::Slot>(i), time_from_ms(device), time_from_ms(receive),
                    kFields, values},
                   tick);
    }
    state.finish_tick(tick.position, tick.end);
    if (k < kMinute) continue;
    stream.updates += tick.rows.size();
    stream.ticks.push_back(std::move(tick));
  }
  stream.hash_after = state.hash();
  return stream;
}

double cpu_seconds() {
  return bench::cpu_ms() / 1e3;
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

struct Figures {
  double body_bytes = 0, frame_bytes = 0;  // per update
  double encode_ns = 0, decode_ns = 0, apply_ns = 0;
  bool equal = false;
};

Figures measure(const Stream& stream, int level) {
  const double updates = static_cast<double>(stream.updates);
  net::FrameEncoder encoder(level);
  net::FrameDecoder decoder;
  Figures figures;
  std::vector<double> encode, decode, apply;
  for (int repeat = 0; repeat <= kRepeats; ++repeat) {
    std::vector<net::EncodedFrame> frames;
    std::size_t body = 0, bytes = 0;
    double c0 = cpu_seconds();
    for (const auto& tick : stream.ticks) {
      frames.push_back(encoder.encode(tick));
      body += encoder.last_body_bytes();
      bytes += frames.back().bytes.size();
    }
    const double encode_s = cpu_seconds() - c0;
    fleet::FleetState state = stream.before;
    double decode_s = 0, apply_s = 0;
    for (const auto& frame : frames) {
      c0 = cpu_seconds();
      auto update = decoder.decode(std::as_bytes(std::span(frame.bytes)));
      const double c1 = cpu_seconds();
      if (!update) std::fprintf(stderr, "%s\n", update.error().what.c_str()), std::exit(1);
      if (!state.apply(std::get<fleet::TickBatch>(*update))) std::exit(1);
      decode_s += c1 - c0;
      apply_s += cpu_seconds() - c1;
    }
    figures.equal = state.hash() == stream.hash_after;
    figures.body_bytes = static_cast<double>(body) / updates;
    figures.frame_bytes = static_cast<double>(bytes) / updates;
    if (repeat == 0) continue;  // warms caches and allocators
    encode.push_back(encode_s * 1e9 / updates);
    decode.push_back(decode_s * 1e9 / updates);
    apply.push_back(apply_s * 1e9 / updates);
  }
  figures.encode_ns = median(encode);
  figures.decode_ns = median(decode);
  figures.apply_ns = median(apply);
  return figures;
}

void print(const char* name, const Stream& stream, const Figures& f, bool json) {
  if (json) {
    std::printf(
        "{\"stream\":\"%s\",\"updates\":%zu,\"body_bytes\":%.3f,\"frame_bytes\":%.3f,"
        "\"encode_ns\":%.1f,\"decode_ns\":%.1f,\"decode_apply_ns\":%.1f,\"equal\":%s}\n",
        name, stream.updates, f.body_bytes, f.frame_bytes, f.encode_ns, f.decode_ns,
        f.decode_ns + f.apply_ns, f.equal ? "true" : "false");
    return;
  }
  std::printf("%-28s %8zu %10.2f %10.2f %9.0f %9.0f %15.0f  %s\n", name, stream.updates,
              f.body_bytes, f.frame_bytes, f.encode_ns, f.decode_ns, f.decode_ns + f.apply_ns,
              f.equal ? "states equal" : "STATES DIFFER");
}

}  // namespace

int main(int argc, char** argv) {
  const bool json = argc > 1 && std::strcmp(argv[1], "--json") == 0;
  if (!json) {
    std::printf("%-28s %8s %10s %10s %9s %9s %15s   (per update; median of %d, CPU time)\n",
                "stream", "updates", "body B", "frame B", "encode ns", "decode ns",
                "decode+apply ns", kRepeats);
  }
  bool equal = true;
  const Stream peers = peer_stream();
  for (const int level : {1, 3, 6}) {
    const Figures f = measure(peers, level);
    equal &= f.equal;
    print(("peers' stream, zstd " + std::to_string(level)).c_str(), peers, f, json);
  }
  const Stream demo = demo_stream();
  for (const int level : {1, 3}) {
    const Figures f = measure(demo, level);
    equal &= f.equal;
    print(("120 rows x 16 fields, zstd " + std::to_string(level)).c_str(), demo, f, json);
  }
  return equal ? 0 : 1;
}
