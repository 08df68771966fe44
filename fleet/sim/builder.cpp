#include "fleet/sim/builder.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "fleet/sim/calendar.hpp"
#include "fleet/sim/catalogue.hpp"
#include "fleet/sim/defects.hpp"
#include "fleet/sim/faults.hpp"
#include "fleet/sim/planner.hpp"

namespace fleet::sim {
namespace {

constexpr double kBadDeviceShare = 0.008;
constexpr double kMaxSiteMachines = 60, kMaxCustomerMachines = 70;

/// Report periods while the engine runs: (seconds, share). Mean rate: one in about 61 s.
struct PeriodShare {
  std::uint16_t period_s;
  double share;
};
constexpr PeriodShare kPeriodsOn[] = {{10, 0.015}, {30, 0.115}, {60, 0.44},  {90, 0.13},
                                      {120, 0.16}, {180, 0.06}, {300, 0.06}, {900, 0.02}};

std::uint16_t draw_period_on(Draws& draws) {
  double left = draws.uniform();
  for (const PeriodShare& p : kPeriodsOn) {
    left -= p.share;
    if (left < 0) return p.period_s;
  }
  return 60;
}

std::uint16_t draw_period_off(Draws& draws) {
  const double u = draws.uniform();
  if (u < 0.05) return 600;
  if (u < 0.55) return 1800;
  if (u < 0.88) return 3600;
  if (u < 0.99) return 7200;
  return 14400;
}

/// Number of machines of each place: largest remainders, so that shares hold for any fleet.
std::vector<std::uint32_t> machines_by_place(std::uint32_t machines) {
  const auto all = places();
  double total = 0;
  for (const Place& p : all) total += p.weight;
  std::vector<std::uint32_t> count(all.size());
  std::vector<std::pair<double, std::size_t>> rest(all.size());
  std::uint32_t given = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double share = all[i].weight * machines / total;
    count[i] = static_cast<std::uint32_t>(share);
    given += count[i];
    rest[i] = {count[i] - share, i};
  }
  std::sort(rest.begin(), rest.end());
  for (std::size_t k = 0; given < machines; ++k, ++given) ++count[rest[k].second];
  return count;
}

/// Heavy-tailed size: half of them 1 or 2, few beyond 30. u^-0.75 without pow: two square roots.
double heavy_tail(Draws& draws, double largest) {
  const double u = 1 - draws.uniform();
  const double root = std::sqrt(u), quarter = std::sqrt(root);
  return std::min(largest, 1 / (root * quarter));
}

Site draw_site(Draws& draws, const SiteField& field, double size, bool mines) {
  Site site;
  double radius = 25 + 75 * std::sqrt(size) * draws.in(0.5, 1.4);
  if (mines && draws.chance(0.3)) radius *= 2;
  site.radius_m = static_cast<std::uint16_t>(std::min(radius, 750.0));
  site.centre = field.draw(draws, site.radius_m + 250.0);
  if (draws.chance(0.22)) {  // a stretch of road or canal
    const double x = draws.in(-1, 1), y = draws.in(-1, 1);
    const double length = std::sqrt(x * x + y * y) + 1e-9;
    site.along_x = static_cast<std::int8_t>(100 * x / length);
    site.along_y = static_cast<std::int8_t>(100 * y / length);
  }
  return site;
}

class Builder {
 public:
  Builder(std::uint32_t machines, std::uint64_t seed, std::int64_t day)
      : machines_(machines), seed_(seed), day_(day) {}

  BuiltFleet build() {
    out_.records.resize(machines_);
    out_.lives.resize(machines_);
    shuffle_slots();
    const auto counts = machines_by_place(machines_);
    std::uint32_t order = 0;
    for (std::size_t place = 0; place < counts.size(); ++place) {
      out_.sites.first.push_back(static_cast<std::uint32_t>(out_.sites.sites.size()));
      if (counts[place] > 0) fill_place(static_cast<int>(place), order, counts[place]);
      order += counts[place];
    }
    out_.sites.first.push_back(static_cast<std::uint32_t>(out_.sites.sites.size()));
    tell_stories();
    return std::move(out_);
  }

 private:
  /// Machines are made place by place; serial numbers must not follow that order.
  void shuffle_slots() {
    slot_of_.resize(machines_);
    std::iota(slot_of_.begin(), slot_of_.end(), 0u);
    Draws draws(hash_of(mix(seed_), kForBuild));
    for (std::uint32_t i = machines_ - 1; i > 0; --i)
      std::swap(slot_of_[i], slot_of_[draws.index(i + 1)]);
  }

  void fill_place(int place, std::uint32_t order, std::uint32_t count) {
    Draws draws(hash_of(mix(seed_), kForSite, static_cast<std::uint64_t>(place)));
    const Place& where = places()[static_cast<std::size_t>(place)];
    const SiteField field(place);
    std::uint32_t site_left = 0, owner_left = 0, owner_size = 0;
    std::string owner;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (site_left == 0) {
        const double size = heavy_tail(draws, kMaxSiteMachines);
        site_left = std::min(static_cast<std::uint32_t>(size), count - i);
        out_.sites.sites.push_back(draw_site(draws, field, size, where.mines));
      }
      if (owner_left == 0) {
        owner_size = static_cast<std::uint32_t>(heavy_tail(draws, kMaxCustomerMachines));
        owner_left = owner_size = std::min(owner_size, count - i);
        owner = customer_name(draws, where.city, static_cast<int>(owner_size));
      }
      --site_left, --owner_left;
      make_machine(slot_of_[order + i], place, owner, draws);
    }
  }

  void make_machine(std::uint32_t slot, int place, const std::string& owner, Draws& draws) {
    const Place& where = places()[static_cast<std::size_t>(place)];
    Life& life = out_.lives[slot];
    life.key = hash_of(mix(seed_), 0x6d616368, slot);
    life.place = static_cast<std::uint16_t>(place);
    life.lon_per_m = moved({0, static_cast<std::int32_t>(where.lat * kMicro)}, 1e4, 0).lon / 1e4;
    life.province = static_cast<std::uint8_t>(province_of(where));
    life.site = static_cast<std::uint32_t>(out_.sites.sites.size()) - 1;
    life.period_on_s = draw_period_on(draws);
    life.period_off_s = draw_period_off(draws);
    life.dead = draws.chance(kDeadShare);
    if (draws.chance(kBadDeviceShare))
      life.bad_kind = static_cast<std::uint8_t>(1 + draws.index(kDefectKinds - 1));
    life.model = static_cast<std::uint8_t>(draw_model(draws, where.city == "苏州", where.mines));
    Machine& record = out_.records[slot];
    char serial[16];
    std::snprintf(serial, sizeof serial, "SY%04u", slot + 1);
    record.id = record.serial = serial;
    record.maker = "SANY";
    record.customer = owner;
    record.branch = std::string(where.city) + "分公司";
    tell_model(slot);
    tell_past(life, record, draws);
    tell_money(life, record, draws);
  }

  void tell_model(std::uint32_t slot) {
    const Model& model = models()[out_.lives[slot].model];
    out_.records[slot].model = model.name;
    out_.records[slot].machine_class = model.machine_class;
    out_.records[slot].income_per_h = model.income_per_h;
    out_.records[slot].fuel_per_h = std::round(model.work_l_per_h * 6.0);  // yuan, at 7.5 a litre
  }

  /// Delivery, hours worked since, last service.
  void tell_past(Life& life, Machine& record, Draws& draws) {
    const double age_years = 0.1 + 8.9 * draws.uniform() * draws.uniform();
    const auto age_days = static_cast<std::int64_t>(age_years * 365);
    const double hours_a_day = draws.in(2.4, 5.6);
    const double hours = static_cast<double>(age_days) * hours_a_day;
    life.engine_s = static_cast<std::uint32_t>(hours * 3600) + draws.index(3600);
    life.idle_s = static_cast<std::uint32_t>(life.engine_s * draws.in(0.14, 0.30));
    record.delivered = day_text(day_ - age_days);
    record.hours_offset_h = draws.chance(0.03) ? std::round(draws.in(300, 4000)) : 0;
    // Every 250 h or so; one in 200 is late. The date follows from the hours since.
    const double since_h =
        std::min(hours, draws.chance(0.005) ? draws.in(250, 420) : draws.in(0, 249));
    const auto since_days = static_cast<std::int64_t>(since_h / hours_a_day * draws.in(1.0, 1.6));
    if (hours < 50) return;                     // too young to have been serviced
    const bool neglected = draws.chance(0.12);  // serviced elsewhere since
    const std::int64_t back = neglected ? draws.index(static_cast<std::uint32_t>(age_days) + 1)
                                        : std::min(since_days, age_days);
    record.last_service_time = day_text(day_ - back) + "T02:00:00.000Z";
    record.last_service_h = std::round((hours - since_h) * 10) / 10;
  }

  void tell_money(const Life& life, Machine& record, Draws& draws) {
    record.wage_monthly = 500.0 * (13 + draws.index(8));
    if (!draws.chance(0.55)) return;
    const double income = models()[life.model].income_per_h;
    record.loan_monthly = std::round(income * draws.in(55, 110) / 500) * 500;
  }

  /// Puts each story's machine into its city by exchanging it with one that lives there.
  void tell_stories() {
    std::uint8_t number = 0;
    for (const Story& story : stories()) {
      ++number;
      if (story.number > machines_) continue;
      const std::uint32_t slot = story.number - 1;
      for (std::uint32_t i = 0; i < machines_; ++i) {
        const std::uint32_t other = slot_of_[i];
        if (places()[out_.lives[other].place].city != story.city) continue;
        if (out_.lives[other].story != 0) continue;
        swap_homes(slot, other);
        break;
      }
      become(slot, number, story.model);
    }
    int left = kSootMachines;
    for (std::uint32_t slot = 0; slot < machines_ && left > 0; ++slot) {
      const Life& life = out_.lives[slot];
      if (life.story || life.dead || provinces()[life.province].name != "山西") continue;
      if (models()[life.model].name != "SY215C") continue;
      become(slot, kSootStory, "SY215C");
      --left;
    }
  }

  void become(std::uint32_t slot, std::uint8_t story, std::string_view model) {
    Life& life = out_.lives[slot];
    life.story = story;
    life.dead = false;
    life.bad_kind = 0;
    life.period_on_s = 60;
    life.model = static_cast<std::uint8_t>(find_model(model));
    tell_model(slot);
  }

  void swap_homes(std::uint32_t a, std::uint32_t b) {
    if (a == b) return;
    std::swap(out_.lives[a], out_.lives[b]);
    std::swap(out_.lives[a].key, out_.lives[b].key);
    std::swap(out_.records[a], out_.records[b]);
    std::swap(out_.records[a].id, out_.records[b].id);
    std::swap(out_.records[a].serial, out_.records[b].serial);
  }

  std::uint32_t machines_;
  std::uint64_t seed_;
  std::int64_t day_;
  BuiltFleet out_;
  std::vector<std::uint32_t> slot_of_;
};

}  // namespace

BuiltFleet build_fleet(std::uint32_t machines, std::uint64_t seed, std::int64_t day) {
  return Builder(machines, seed, day).build();
}

}  // namespace fleet::sim
