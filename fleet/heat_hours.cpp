#include "fleet/heat_hours.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace fleet {
namespace {

std::int32_t clamped(std::int64_t seconds) {
  using Limits = std::numeric_limits<std::int32_t>;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(seconds, Limits::min(), Limits::max()));
}

/// Spreads neighbouring keys over a table (the finaliser of MurmurHash3, which is public domain).
std::uint64_t spread(std::uint64_t k) {
  k = (k ^ (k >> 33)) * 0xff51afd7ed558ccdULL;
  k = (k ^ (k >> 33)) * 0xc4ceb9fe1a85ec53ULL;
  return k ^ (k >> 33);
}

HeatKey key_of(std::optional<GridPoint> place, const HeatShare& share) {
  if (!place) return HeatKey::unplaced(share.hour);
  const HeatKey here = HeatKey::of(*place, share.hour);
  const std::uint32_t x = here.x() + static_cast<std::uint32_t>(share.dx);
  const std::uint32_t y = here.y() + static_cast<std::uint32_t>(share.dy);
  return HeatKey::of_cell(x & (kHeatCells - 1), y & (kHeatCells - 1), share.hour);
}

/// Cells of an image with ascending keys that are on the ground: unplaced ones come last.
std::size_t placed_in(const HeatImage& image) {
  const auto end = std::ranges::partition_point(
      image.values, [](const HeatValue& value) { return value.key.placed(); });
  return static_cast<std::size_t>(end - image.values.begin());
}

}  // namespace

Result<void> check_share(const HeatShare& share) {
  constexpr auto kMost = static_cast<std::int32_t>(kHeatCells);
  const auto far = [](std::int32_t cells) { return cells < -kMost || cells > kMost; };
  if (share.hour <= kUnknownHour && !far(share.dx) && !far(share.dy)) return {};
  return Error{"a share of the heat is of hour " + std::to_string(share.hour) + ", " +
               std::to_string(share.dx) + ", " + std::to_string(share.dy) +
               " cells away; expected hours up to " + std::to_string(kUnknownHour) + " and up to " +
               std::to_string(kMost) + " cells"};
}

void note_gains(const DayFigures& before, const DayFigures& after, std::optional<GridPoint> place,
                std::span<const HeatShare> shares, std::uint64_t tick,
                std::vector<HeatGain>& gains) {
  if (after.day == 0) return;
  std::int64_t rest = gained_s(before, after);
  if (rest == 0 && shares.size() <= 1) return;
  const HeatShare unknown;
  if (shares.empty()) shares = std::span(&unknown, 1);
  for (const HeatShare& share : shares.first(shares.size() - 1)) {
    gains.push_back({key_of(place, share), share.seconds, tick, after.day});
    rest -= share.seconds;
  }
  gains.push_back({key_of(place, shares.back()), rest, tick, after.day});
}

Result<void> check_image(const HeatImage& image, std::size_t most) {
  for (std::size_t i = 0; i < image.values.size(); ++i) {
    const HeatKey key = image.values[i].key;
    if (key.valid() && (i == 0 || key > image.values[i - 1].key)) continue;
    return Error{"cell " + std::to_string(i) + " of the heat has key " + std::to_string(key.bits) +
                 ", expected ascending keys of cells and hours there are"};
  }
  const auto placed = placed_in(image);
  if (placed <= most) return {};
  return Error{"the heat has " + std::to_string(placed) + " cells, at most " +
               std::to_string(most) + " are allowed"};
}

void HeatHours::begin(std::int32_t day) {
  day_ = day;
  total_s_ = 0;
  entries_.clear();
  std::ranges::fill(table_, 0);
  ++version_;
  ++generation_;
}

std::int64_t HeatHours::unplaced_s() const {
  std::int64_t sum = 0;
  for (const Entry& entry : entries_) {
    if (!entry.key.placed()) sum += entry.seconds;
  }
  return sum;
}

void HeatHours::grow() {
  table_.assign(std::max<std::size_t>(table_.size() * 2, 1024), 0);
  const std::size_t mask = table_.size() - 1;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t at = spread(entries_[i].key.bits) & mask;
    while (table_[at] != 0) at = (at + 1) & mask;
    table_[at] = static_cast<std::uint32_t>(i + 1);
  }
}

std::optional<std::size_t> HeatHours::find(HeatKey key) const {
  if (table_.empty()) return std::nullopt;
  const std::size_t mask = table_.size() - 1;
  for (std::size_t at = spread(key.bits) & mask; table_[at] != 0; at = (at + 1) & mask) {
    if (entries_[table_[at] - 1].key == key) return table_[at] - 1;
  }
  return std::nullopt;
}

std::size_t HeatHours::place_of(HeatKey key) {
  if (const auto held = find(key)) return *held;
  // The few unplaced ones find room behind the limit.
  if (key.placed() && entries_.size() >= max_entries_) {
    return place_of(HeatKey::unplaced(key.hour()));
  }
  if ((entries_.size() + 1) * 2 > table_.size()) grow();
  const std::size_t mask = table_.size() - 1;
  std::size_t at = spread(key.bits) & mask;
  while (table_[at] != 0) at = (at + 1) & mask;
  entries_.push_back({key, 0, 0});
  table_[at] = static_cast<std::uint32_t>(entries_.size());
  return entries_.size() - 1;
}

void HeatHours::add(HeatKey key, std::int64_t seconds, std::uint64_t tick) {
  if (seconds == 0) return;
  Entry& entry = entries_[place_of(key)];
  const std::int32_t before = entry.seconds;
  entry.seconds = clamped(before + seconds);
  entry.changed = static_cast<std::uint32_t>(tick);
  total_s_ += std::int64_t{entry.seconds} - before;
  ++version_;
}

void HeatHours::take(const DayFigures& before, const DayFigures& after,
                     std::optional<GridPoint> place, std::span<const HeatShare> shares,
                     std::uint64_t tick) {
  taken_.clear();
  note_gains(before, after, place, shares, tick, taken_);
  add(taken_);
}

void HeatHours::prefetch_place(HeatKey key) const {
  if (!table_.empty()) __builtin_prefetch(&table_[spread(key.bits) & (table_.size() - 1)], 1);
}

/// As long as no other cell stands in its place, which is nearly always so.
void HeatHours::prefetch_entry(HeatKey key) const {
  if (table_.empty()) return;
  const std::uint32_t place = table_[spread(key.bits) & (table_.size() - 1)];
  if (place != 0) __builtin_prefetch(&entries_[place - 1], 1);
}

/// Cells are looked for in memory that no cache holds: those of the gains ahead are fetched early.
void HeatHours::add(std::span<const HeatGain> gains) {
  constexpr std::size_t kPlaceAhead = 12, kEntryAhead = 6;
  for (std::size_t i = 0; i < gains.size(); ++i) {
    if (i + kPlaceAhead < gains.size()) prefetch_place(gains[i + kPlaceAhead].key);
    if (i + kEntryAhead < gains.size()) prefetch_entry(gains[i + kEntryAhead].key);
    const HeatGain& gain = gains[i];
    if (gain.day < day_) continue;
    if (gain.day > day_) begin(gain.day);
    add(gain.key, gain.seconds, gain.tick);
  }
}

void HeatHours::add(const HeatHours& part) {
  if (part.day_ == 0 || part.day_ < day_) return;
  if (part.day_ > day_) begin(part.day_);
  for (const Entry& entry : part.entries_) {
    place_of(entry.key);  // those of 0 s hold their places here as well
    add(entry.key, entry.seconds, entry.changed);
  }
}

HeatImage HeatHours::image(std::optional<std::uint64_t> since) const {
  HeatImage image{day_, {}};
  if (!since) image.values.reserve(entries_.size());
  for (const Entry& entry : entries_) {
    if (!since || entry.changed > *since) image.values.push_back({entry.key, entry.seconds});
  }
  std::ranges::sort(image.values, {}, &HeatValue::key);
  return image;
}

Result<void> HeatHours::check_room_for(const HeatImage& image) const {
  if (image.day != day_) return check_image(image, max_entries_);
  if (entries_.size() + image.values.size() <= max_entries_) return {};
  std::size_t more = 0;
  for (const HeatValue& value : image.values) more += value.key.placed() && !find(value.key);
  if (more == 0 || entries_.size() + more <= max_entries_) return {};
  return Error{"the heat would have " + std::to_string(entries_.size() + more) +
               " cells, at most " + std::to_string(max_entries_) + " are held"};
}

void HeatHours::set(const HeatValue& value, std::uint64_t tick) {
  Entry& entry = entries_[place_of(value.key)];
  total_s_ += std::int64_t{value.seconds} - entry.seconds;
  entry.seconds = value.seconds;
  entry.changed = static_cast<std::uint32_t>(tick);
  ++version_;
}

/// Its keys are all different, so that none is looked for.
void HeatHours::replace(const HeatImage& image, std::uint64_t tick) {
  begin(image.day);
  entries_.reserve(image.values.size());
  while (image.values.size() * 2 > table_.size()) grow();
  version_ += image.values.size();
  const std::size_t mask = table_.size() - 1;
  for (const HeatValue& value : image.values) {
    if (value.key.placed() && entries_.size() >= max_entries_) {
      set(value, tick);
      continue;
    }
    entries_.push_back({value.key, value.seconds, static_cast<std::uint32_t>(tick)});
    std::size_t at = spread(value.key.bits) & mask;
    while (table_[at] != 0) at = (at + 1) & mask;
    table_[at] = static_cast<std::uint32_t>(entries_.size());
    total_s_ += value.seconds;
  }
}

void HeatHours::update(const HeatImage& image, std::uint64_t tick) {
  if (image.day != day_) return replace(image, tick);
  for (const HeatValue& value : image.values) set(value, tick);
}

}  // namespace fleet
