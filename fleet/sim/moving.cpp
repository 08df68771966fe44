#include "fleet/sim/moving.hpp"

#include <algorithm>
#include <cstdlib>

#include "fleet/sim/planner.hpp"

namespace fleet::sim {
namespace {

constexpr double kMicroPerMetre = 1e6 / 111'195;  // of latitude
constexpr double kStrayMicro = 0.25e6;            // 28 km: then it turns for home
constexpr int kFullCircle = 3600;
/// Every machine's clock shows this much less than the gateway's when its report arrives.
constexpr Millis kDelay{200};

}  // namespace

MovingFleet::MovingFleet(const std::vector<Life>& lives, const SiteMap& sites) {
  for (int i = 0; i < kFullCircle; ++i) {
    // Quarter waves of our own cosine: exact enough, and the same everywhere.
    const double a = i / 10.0, folded = a > 180 ? 360 - a : a;
    const double cos_a = folded <= 90 ? cos_deg(folded) : -cos_deg(180 - folded);
    const double b = a >= 90 ? a - 90 : a + 270, folded_b = b > 180 ? 360 - b : b;
    const double sin_a = folded_b <= 90 ? cos_deg(folded_b) : -cos_deg(180 - folded_b);
    north_.push_back(cos_a);
    east_.push_back(sin_a);
  }
  movers_.reserve(lives.size());
  for (const Life& life : lives) {
    Draws draws(hash_of(life.key, kForMoving));
    Mover m;
    m.home = sites.sites[life.site].centre;
    m.lon_micro = m.home.lon + draws.in(-4000, 4000);
    m.lat_micro = m.home.lat + draws.in(-4000, 4000);
    m.metres_to_lon = kMicroPerMetre / cos_deg(m.home.lat / kMicro);
    m.heading_decideg = static_cast<std::int16_t>(draws.index(kFullCircle));
    m.speed_deci = static_cast<std::int16_t>(draws.in(10, 400));
    m.fuel_permille = static_cast<std::uint16_t>(draws.in(100, 1000));
    m.status = static_cast<std::uint8_t>(draws.index(4));
    m.key = draws.bits();
    movers_.push_back(m);
  }
}

void MovingFleet::move(Mover& m) {
  const std::uint64_t h = hash_of(m.key, second_);
  m.speed_deci = static_cast<std::int16_t>(
      std::clamp(m.speed_deci + static_cast<int>(below(h, 21)) - 10, 5, 600));
  int turn = static_cast<int>(below(h >> 16, 121)) - 60;
  const double away_lon = m.lon_micro - m.home.lon, away_lat = m.lat_micro - m.home.lat;
  if (std::fabs(away_lon) > kStrayMicro || std::fabs(away_lat) > kStrayMicro) {
    const auto i = static_cast<std::size_t>(m.heading_decideg);
    if (east_[i] * away_lon + north_[i] * away_lat > 0) turn = 80;  // until it faces home
  }
  m.heading_decideg =
      static_cast<std::int16_t>((m.heading_decideg + turn + kFullCircle) % kFullCircle);
  const auto i = static_cast<std::size_t>(m.heading_decideg);
  const double metres = m.speed_deci / 36.0;
  m.lon_micro += metres * m.metres_to_lon * east_[i];
  m.lat_micro += metres * kMicroPerMetre * north_[i];
  const std::uint32_t chance = below(h >> 32, 1000);
  if (chance < 2) m.status = static_cast<std::uint8_t>((h >> 8) % 4);
  if (chance >= 997 && m.fuel_permille > 0) --m.fuel_permille;
}

void MovingFleet::write(const Mover& m, Slot slot, Time receive_time, ReportBatch& out) const {
  const ReportedValue values[] = {
      {kHeadingDeg, m.heading_decideg / 10.0}, {kSpeedKmh, m.speed_deci / 10.0},
      {kEngineOn, m.status > 0 ? 1.0 : 0.0},   {kWorking, m.status > 1 ? 1.0 : 0.0},
      {kFuelLevelPct, m.fuel_permille / 10.0},
  };
  Report report;
  report.machine = slot;
  report.receive_time = receive_time;
  report.device_time = receive_time - kDelay;
  report.has_position = true;
  report.position = {std::floor(m.lon_micro) / kMicro, std::floor(m.lat_micro) / kMicro};
  report.value_begin = static_cast<std::uint32_t>(out.values.size());
  out.values.insert(out.values.end(), std::begin(values), std::end(values));
  report.value_end = static_cast<std::uint32_t>(out.values.size());
  report.fault_begin = report.fault_end = static_cast<std::uint32_t>(out.faults.size());
  out.reports.push_back(report);
}

void MovingFleet::step(Time receive_time, ReportBatch& out) {
  ++second_;
  for (Slot slot = 0; slot < movers_.size(); ++slot) {
    move(movers_[slot]);
    write(movers_[slot], slot, receive_time, out);
  }
}

}  // namespace fleet::sim
