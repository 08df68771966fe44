#include "fleet/track_book.hpp"

#include <algorithm>

namespace fleet {
namespace {

constexpr int kCameShift = 2 * kGridBits, kLeftShift = kCameShift + 2;
/// Times within a block are 32 bits of milliseconds: 24 days, of which kBookSpan is one.
constexpr Millis kMostOffset{INT32_MAX};

}  // namespace

TrackBook::TrackBook(std::size_t limit_bytes)
    : limit_blocks_(limit_bytes == 0 ? 0 : std::max<std::size_t>(1, limit_bytes / kBlockBytes)) {}

TrackStay TrackBook::stay_at(std::uint64_t number) const {
  const Block& block = block_of(number);
  const Entry& e = block.entries[number % kBlockEntries];
  TrackStay stay;
  stay.time = block.base + Millis{e.time_ms};
  stay.until = stay.time + Millis{e.lasts_ms};
  stay.at = unpacked(static_cast<std::int64_t>(e.place));
  stay.came = static_cast<EngineKnown>(e.place >> kCameShift & 3);
  stay.left = static_cast<EngineKnown>(e.place >> kLeftShift & 3);
  stay.speed = e.speed;
  stay.period_s = e.period_s;
  return stay;
}

void TrackBook::store(Entry& entry, const Block& block, const TrackStay& stay) const {
  entry.time_ms = static_cast<std::int32_t>((stay.time - block.base).count());
  entry.lasts_ms = static_cast<std::uint32_t>((stay.until - stay.time).count());
  entry.place = static_cast<std::uint64_t>(packed(stay.at)) |
                static_cast<std::uint64_t>(stay.came) << kCameShift |
                static_cast<std::uint64_t>(stay.left) << kLeftShift;
  entry.speed = stay.speed;
  entry.period_s = stay.period_s;
}

void TrackBook::observe(const FleetState& state, const AcceptedRow& row) {
  if (limit_blocks_ == 0 || (row.fields >> kPosition & 1) == 0) return;
  add(row.machine, fix_of(state, row));
}

void TrackBook::add(Slot machine, const TrackStay& fix) {
  if (limit_blocks_ == 0) return;
  if (newest_ != kNever && fix.time < newest_ - kBookSpan) return;
  if (machine >= last_.size()) {
    // Grown by halves: a roster grows one by one.
    if (machine >= last_.capacity()) last_.reserve(machine + machine / 2 + 1);
    last_.resize(machine + 1, kNone);
  }
  newest_ = std::max(newest_, fix.until);
  if (const std::uint64_t number = last_[machine]; held(number)) {
    TrackStay stay = stay_at(number);
    // Of two fixes of one time the later is the one that was believed.
    const bool corrected = fix.time == stay.time && stay.time == stay.until;
    if (!corrected && fix.time >= stay.time && fix.until <= stay.until) return;  // known
    if (corrected || continues(stay, fix)) {
      if (corrected)
        stay = fix;
      else
        extend(stay, fix);
      Block& block = block_of(number);
      store(block.entries[number % kBlockEntries], block, stay);
      block.newest = std::max(block.newest, stay.until);
      return;
    }
  }
  append(machine, fix);
}

void TrackBook::make_room() {
  const auto oldest_goes = [this] {
    let_go_ = std::max(let_go_, blocks_.front()->newest);
    blocks_.pop_front();
    begin_ += kBlockEntries;
  };
  while (blocks_.size() >= limit_blocks_) oldest_goes();
  while (!blocks_.empty() && blocks_.front()->newest < newest_ - kBookSpan) oldest_goes();
}

void TrackBook::append(Slot machine, const TrackStay& stay) {
  const bool fits = end_ % kBlockEntries != 0 && stay.time - blocks_.back()->base <= kMostOffset &&
                    stay.time - blocks_.back()->base >= -kMostOffset;
  if (!fits) {
    end_ = begin_ + blocks_.size() * kBlockEntries;  // a block left early has entries of nobody
    make_room();
    blocks_.push_back(std::make_unique<Block>());
    blocks_.back()->base = stay.time;
  }
  Block& block = *blocks_.back();
  Entry& entry = block.entries[end_ % kBlockEntries];
  store(entry, block, stay);
  const std::uint64_t before = last_[machine];
  const bool near = held(before) && end_ - before <= UINT32_MAX;
  entry.back = near ? static_cast<std::uint32_t>(end_ - before) : 0;
  block.newest = std::max(block.newest, stay.until);
  last_[machine] = end_++;
}

void TrackBook::adopt(const TrackBook& part, Slot first) {
  if (limit_blocks_ == 0) return;
  std::vector<TrackStay> stays;
  for (Slot machine = 0; machine < part.last_.size(); ++machine) {
    stays.clear();
    for (std::uint64_t number = part.last_[machine]; part.held(number);) {
      stays.push_back(part.stay_at(number));
      const std::uint32_t back = part.block_of(number).entries[number % kBlockEntries].back;
      if (back == 0) break;
      number -= back;
    }
    for (auto stay = stays.rbegin(); stay != stays.rend(); ++stay) add(first + machine, *stay);
  }
  let_go_ = std::max(let_go_, part.let_go_);
}

TrackBook::Answer TrackBook::find(Slot machine, Time from, Time to) const {
  Answer answer;
  answer.known_from = let_go_;
  if (machine >= last_.size()) return answer;
  std::size_t steps = 0;
  std::optional<TrackStay> before;  // the last one that ended before `from`
  Time oldest = newest_;
  for (std::uint64_t number = last_[machine]; held(number);) {
    const TrackStay stay = stay_at(number);
    oldest = std::min(oldest, stay.time);
    if (stay.until >= from && stay.time <= to) answer.stays.push_back(stay);
    if (stay.until < from && (!before || stay.until > before->until)) before = stay;
    const std::uint32_t back = block_of(number).entries[number % kBlockEntries].back;
    if (back == 0) break;
    if (++steps == kMaxTrackStays) {
      answer.known_from = std::max(answer.known_from, oldest);
      break;
    }
    number -= back;
  }
  if (before) answer.stays.push_back(*before);
  put_in_order(answer.stays);
  return answer;
}

}  // namespace fleet
