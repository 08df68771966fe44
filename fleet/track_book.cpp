#include "fleet/track_book.hpp"

#include <algorithm>

namespace fleet {
namespace {

constexpr int kCameShift = 2 * kGridBits, kLeftShift = kCameShift + 2, kLateShift = kLeftShift + 2;
/// Times within a block are 32 bits of milliseconds: 24 days, of which kBookSpan is one.
constexpr Millis kMostOffset{INT32_MAX};
/// Entries looked at to find out whether a late fix goes on with a late stay; it becomes a stay of
/// its own if they do not tell. As a rule two or three do.
constexpr int kMostLateSteps = 32;

}  // namespace

TrackBook::TrackBook(std::size_t limit_bytes)
    : limit_blocks_(limit_bytes == 0 ? 0 : std::max<std::size_t>(1, limit_bytes / kBlockBytes)) {}

TrackStay TrackBook::stay_at(std::uint64_t number) const {
  const Block& block = block_of(number);
  const Entry& e = entry_at(number);
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

bool TrackBook::was_late(const Entry& entry) {
  return (entry.place >> kLateShift & 1) != 0;
}

void TrackBook::store(Entry& entry, const Block& block, const TrackStay& stay, bool late) const {
  entry.time_ms = static_cast<std::int32_t>((stay.time - block.base).count());
  entry.lasts_ms = static_cast<std::uint32_t>((stay.until - stay.time).count());
  entry.place = static_cast<std::uint64_t>(packed(stay.at)) |
                static_cast<std::uint64_t>(stay.came) << kCameShift |
                static_cast<std::uint64_t>(stay.left) << kLeftShift |
                static_cast<std::uint64_t>(late) << kLateShift;
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
    last_.resize(machine + 1);
  }
  newest_ = std::max(newest_, fix.until);
  const Last last = last_[machine];
  bool late = false;
  if (held(last.newest))
    late = fix.time < stay_at(last.newest).time;
  else if (held(last.came))  // the newest was let go, late ones behind it were not
    late = !nothing_between(last.came, fix.time, Time::max());
  const std::uint64_t before = late ? last.came : last.newest;
  if (held(before) && takes_up(before, fix, late)) return;
  append(machine, fix, late);
}

/// Whether a fix is known to be of that stay, or now becomes a part of it. late: it is not the
/// machine's newest.
bool TrackBook::takes_up(std::uint64_t number, const TrackStay& fix, bool late) {
  TrackStay stay = stay_at(number);
  // Of two fixes of one time the later is the one that was believed.
  const bool corrected = fix.time == stay.time && stay.time == stay.until;
  if (corrected) {
    stay = fix;
  } else {
    if (fix.time >= stay.time && fix.until <= stay.until) return true;
    if (!continues(stay, fix)) return false;
    // The machine may have been elsewhere in the meantime, which would then be lost.
    if (late && !nothing_between(number, stay.until, fix.until)) return false;
    extend(stay, fix);
  }
  Block& block = block_of(number);
  Entry& entry = block.entries[number % kBlockEntries];
  store(entry, block, stay, was_late(entry));
  block.newest = std::max(block.newest, stay.until);
  return true;
}

/// Whether the chain that ends with that entry holds no stay that lasts beyond `from` and begins by
/// `to`. False also where that would take long to find out.
bool TrackBook::nothing_between(std::uint64_t number, Time from, Time to) const {
  for (int steps = 0; steps < kMostLateSteps; ++steps) {
    const TrackStay stay = stay_at(number);
    if (stay.until > from && stay.time <= to) return false;
    const Entry& entry = entry_at(number);
    const bool rest_is_older = !was_late(entry) && stay.until <= from;
    if (rest_is_older || entry.back == 0) return true;
    number -= entry.back;
    if (!held(number)) return true;
  }
  return false;
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

void TrackBook::append(Slot machine, const TrackStay& stay, bool late) {
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
  store(entry, block, stay, late);
  Last& last = last_[machine];
  const std::uint64_t before = last.came;
  const bool near = held(before) && end_ - before <= UINT32_MAX;
  entry.back = near ? static_cast<std::uint32_t>(end_ - before) : 0;
  block.newest = std::max(block.newest, stay.until);
  last.came = end_;
  if (!late) last.newest = end_;
  ++end_;
}

void TrackBook::adopt(const TrackBook& part, Slot first) {
  if (limit_blocks_ == 0) return;
  std::vector<TrackStay> stays;
  for (Slot machine = 0; machine < part.last_.size(); ++machine) {
    stays.clear();
    for (std::uint64_t number = part.last_[machine].came; part.held(number);) {
      stays.push_back(part.stay_at(number));
      const std::uint32_t back = part.entry_at(number).back;
      if (back == 0) break;
      number -= back;
    }
    for (auto stay = stays.rbegin(); stay != stays.rend(); ++stay) add(first + machine, *stay);
  }
  let_go_ = std::max(let_go_, part.let_go_);
}

TrackBook::Search TrackBook::search(Slot machine, Time from, Time to) const {
  Search search;
  search.from_ = from;
  search.to_ = to;
  search.oldest_ = newest_;
  if (machine < last_.size()) search.next_ = last_[machine].came;
  return search;
}

bool TrackBook::walk(Search& search, std::size_t stays) const {
  for (; stays > 0 && held(search.next_); --stays) {
    const TrackStay stay = stay_at(search.next_);
    const Entry& entry = entry_at(search.next_);
    search.oldest_ = std::min(search.oldest_, stay.time);
    search.in_order_ = search.in_order_ && !was_late(entry);
    const bool is_before = stay.until < search.from_;
    if (!is_before && stay.time <= search.to_) search.answer_.stays.push_back(stay);
    if (is_before && (!search.before_ || stay.until > search.before_->until)) search.before_ = stay;
    const bool rest_is_older = is_before && !was_late(entry);
    if (rest_is_older || entry.back == 0) {
      search.next_ = kNone;
    } else if (++search.steps_ == kMaxTrackStays) {
      search.answer_.known_from = search.oldest_;
      search.next_ = kNone;
    } else {
      search.next_ -= entry.back;
    }
  }
  return !held(search.next_);
}

TrackBook::Answer TrackBook::finish(Search search) const {
  Answer answer = std::move(search.answer_);
  answer.known_from = std::max(answer.known_from, let_go_);
  std::vector<TrackStay>& stays = answer.stays;
  if (search.before_) stays.push_back(*search.before_);
  if (search.in_order_)  // each is apart from the next one, the newest stands first
    std::reverse(stays.begin(), stays.end());
  else
    put_in_order(stays);
  return answer;
}

TrackBook::Answer TrackBook::find(Slot machine, Time from, Time to) const {
  Search whole = search(machine, from, to);
  walk(whole, kMaxTrackStays);
  return finish(std::move(whole));
}

}  // namespace fleet
