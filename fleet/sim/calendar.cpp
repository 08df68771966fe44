#include "fleet/sim/calendar.hpp"

#include <chrono>
#include <cstdio>

#include "fleet/floor_mod.hpp"
#include "fleet/sim/faults.hpp"
#include "fleet/sim/random.hpp"

namespace fleet::sim {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr double kSundayFactor = 0.72;
constexpr double kRainFactor = 0.55;
/// Rain falls in this share of the days of a province, in spells of about three days.
constexpr double kRainShare = 0.14;
constexpr std::int64_t kRainSpellDays = 3;

/// Lunar New Year, 2024 to 2035 (month * 100 + day); other years use the mean date.
constexpr int kNewYear[] = {210, 129, 217, 206, 126, 213, 203, 123, 211, 131, 219, 208};
constexpr int kNewYearFirst = 2024, kNewYearMean = 205;

std::int64_t new_year_day(int year) {
  const int i = year - kNewYearFirst;
  const int md = i >= 0 && i < static_cast<int>(std::size(kNewYear)) ? kNewYear[i] : kNewYearMean;
  const year_month_day date{std::chrono::year{year}, std::chrono::month(md / 100),
                            std::chrono::day(md % 100)};
  return sys_days{date}.time_since_epoch().count();
}

year_month_day date_of(std::int64_t day) {
  return sys_days{days{day}};
}

double festival_factor(std::int64_t day) {
  const std::int64_t after = day - new_year_day(static_cast<int>(date_of(day).year()));
  if (after < -14 || after > 24) return 1;
  if (after < -4) return 0.8 - 0.05 * static_cast<double>(after + 14);
  if (after <= 7) return 0.1;
  return 0.1 + 0.05 * static_cast<double>(after - 7);
}

}  // namespace

std::string day_text(std::int64_t day) {
  const year_month_day d = date_of(day);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(d.year()),
                static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
  return text;
}

double work_factor(std::uint64_t seed, int province, std::int64_t day) {
  if (day == kStoryDay) return 1;
  double factor = festival_factor(day);
  const std::int64_t weekday = floor_mod(day + 4, 7);  // day 0 was a Thursday; 0 = Sunday
  if (weekday == 0) factor *= kSundayFactor;
  const std::uint64_t spell = static_cast<std::uint64_t>((day + province) / kRainSpellDays);
  const std::uint64_t sky =
      hash_of(mix(seed ^ kForWeather), static_cast<std::uint64_t>(province), spell);
  if (unit(sky) < kRainShare) factor *= between(kRainFactor, 0.9, unit(sky, 32));
  return factor;
}

double ambient_c(double lat_deg, std::int64_t day, std::uint32_t t_s) {
  // Season and hour as parabolas: warmest in late July and at 15:00, coldest half a period away.
  const double year_part = static_cast<double>((day + 73'000 - 204) % 365) / 365 - 0.5;
  const double warm = 16 * year_part * year_part - 2;  // +2 in July, -2 in January
  double hour_part = (static_cast<double>(t_s) / 3600 - 15) / 24;
  if (hour_part < -0.5) hour_part += 1;
  const double noon = 1 - 16 * hour_part * hour_part * (1 - hour_part * hour_part);
  const double mean = 29 - 0.62 * (lat_deg - 18);
  return mean + warm * (2 + 0.28 * (lat_deg - 18)) + 3 * noon;
}

}  // namespace fleet::sim
