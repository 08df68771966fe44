#include "net/feed/day_desk.hpp"

#include <algorithm>

namespace net {

void DayDesk::want(fleet::LocalDay first, fleet::LocalDay last, fleet::LocalDay middle) {
  {
    const std::lock_guard lock(mutex_);
    if (wanted_ && first == first_ && last == last_ && middle == middle_) return;
    first_ = first;
    last_ = last;
    middle_ = middle;
    wanted_ = true;
  }
  if (wake_) wake_();
}

bool DayDesk::update(RecordedDays& days) const {
  const std::lock_guard lock(mutex_);
  if (found_.version == days.version) return false;
  days = found_;
  return true;
}

bool DayDesk::complete(fleet::LocalDay first, fleet::LocalDay last, std::uint64_t version) const {
  const std::lock_guard lock(mutex_);
  return listed_ && !unread(std::max(first, first_), std::min(last, last_)) &&
         found_.version == version;
}

/// Of these the wanted day nearest to the middle that was not told of; null: all were.
const RecordedDay* DayDesk::unread(fleet::LocalDay first, fleet::LocalDay last) const {
  const auto far = [&](const RecordedDay& day) {
    return std::chrono::abs(day.overview.day - middle_);
  };
  const RecordedDay* best = nullptr;
  for (const RecordedDay& day : found_.days) {
    const fleet::LocalDay d = day.overview.day;
    if (day.read || !wanted_ || d < first || d > last) continue;
    if (best == nullptr || far(day) < far(*best)) best = &day;
  }
  return best;
}

RecordedDay* DayDesk::find(fleet::LocalDay day) {
  const auto at =
      std::ranges::find(found_.days, day, [](const RecordedDay& d) { return d.overview.day; });
  return at == found_.days.end() ? nullptr : &*at;
}

std::optional<fleet::LocalDay> DayDesk::next_question(Steady now) {
  const std::lock_guard lock(mutex_);
  if (asked_ || !wanted_) return std::nullopt;
  if (const RecordedDay* day = unread(first_, last_)) {
    asked_ = day->overview.day;
  } else {
    for (const RecordedDay& known : found_.days) {
      const fleet::LocalDay d = known.overview.day;
      const Told& told = told_[d];
      if (d >= first_ && d <= last_ && told.end > known.overview.end &&
          now - told.asked >= kDayAgain)
        asked_ = d;
    }
  }
  if (!asked_) return std::nullopt;
  told_[*asked_].asked = now;
  coming_ = {};
  return asked_;
}

void DayDesk::take(const ReplayDays& listed) {
  const std::lock_guard lock(mutex_);
  RecordedDays days;
  std::map<fleet::LocalDay, Told> told;
  for (const ReplayDays::Day& each : listed.days) {
    told[each.day] = {each.end, told_[each.day].asked};
    if (RecordedDay* known = find(each.day)) {
      days.days.push_back(std::move(*known));
      continue;
    }
    RecordedDay& listing = days.days.emplace_back();
    listing.overview.day = each.day;
    listing.overview.begin = each.begin;
    listing.overview.end = each.end;
    listing.overview.working.fill(DayOverview::kNotKnown);
  }
  days.version = found_.version + 1;
  found_ = std::move(days);
  told_ = std::move(told);
  listed_ = true;
}

void DayDesk::take(DayReply reply) {
  const std::lock_guard lock(mutex_);
  if (!asked_ || *asked_ != reply.day.overview.day) return;
  std::vector<RaisedAlarm> raised = std::move(coming_.raised);
  if (raised.size() < kMaxDayAlarms)
    raised.insert(raised.end(), reply.day.raised.begin(), reply.day.raised.end());
  coming_ = std::move(reply.day);
  coming_.raised = std::move(raised);
  if (reply.more) return;
  if (RecordedDay* known = find(*asked_)) {
    *known = std::move(coming_);
    ++found_.version;
  }
  asked_.reset();
}

void DayDesk::grew(fleet::Time range_end) {
  const std::lock_guard lock(mutex_);
  if (found_.days.empty()) return;
  Told& newest = told_[found_.days.back().overview.day];
  newest.end = std::max(newest.end, range_end);
}

void DayDesk::forget() {
  const std::lock_guard lock(mutex_);
  asked_.reset();
}

namespace {

class GatewayDays final : public DayShelf {
 public:
  explicit GatewayDays(std::shared_ptr<DayDesk> desk) : desk_(std::move(desk)) {}
  void want(fleet::LocalDay first, fleet::LocalDay last, fleet::LocalDay middle) override {
    desk_->want(first, last, middle);
  }
  bool update() override { return desk_->update(days_); }
  const RecordedDays& days() const override { return days_; }
  bool complete(fleet::LocalDay first, fleet::LocalDay last) const override {
    return desk_->complete(first, last, days_.version);
  }

 private:
  std::shared_ptr<DayDesk> desk_;
  RecordedDays days_;
};

}  // namespace

std::unique_ptr<DayShelf> make_gateway_days(std::shared_ptr<DayDesk> desk) {
  return std::make_unique<GatewayDays>(std::move(desk));
}

}  // namespace net
