#include "net/recording/file_day_shelf.hpp"

#include <algorithm>

#include "net/recording/read_days.hpp"

namespace net {

FileDayShelf::FileDayShelf(std::filesystem::path path, std::chrono::milliseconds again)
    : path_(std::move(path)), again_(again) {
  thread_.start([this] { list(); }, [this] { return look_ || next(first_, last_) != nullptr; },
                [this](WishThread::Lock& lock) { look_ ? look_again(lock) : read_next(lock); });
}

FileDayShelf::~FileDayShelf() {
  thread_.stop();
}

void FileDayShelf::want(fleet::LocalDay first, fleet::LocalDay last, fleet::LocalDay middle) {
  {
    const auto lock = thread_.lock();
    if (wanted_ && first == first_ && last == last_ && middle == middle_) return;
    first_ = first;
    last_ = last;
    middle_ = middle;
    wanted_ = true;
  }
  thread_.wake();
}

bool FileDayShelf::update() {
  const auto lock = thread_.lock();
  if (const auto now = Steady::now(); now - looked_ >= again_) {
    looked_ = now;
    look_ = true;
    thread_.wake();
  }
  if (found_.version == days_.version) return false;
  days_ = found_;
  return true;
}

bool FileDayShelf::complete(fleet::LocalDay first, fleet::LocalDay last) const {
  const auto lock = thread_.lock();
  if (!listed_ || next(std::max(first, first_), std::min(last, last_)) != nullptr) return false;
  return found_.version == days_.version;
}

/// Of these the wanted day that is to be read now, one that grew last, under the lock; null: all of
/// them were.
const RecordedDay* FileDayShelf::next(fleet::LocalDay first, fleet::LocalDay last) const {
  const auto far = [&](const RecordedDay& day) {
    return std::chrono::abs(day.overview.day - middle_);
  };
  const RecordedDay* best = nullptr;
  for (const RecordedDay& day : found_.days) {
    const fleet::LocalDay d = day.overview.day;
    if ((day.read && !grown_.contains(d)) || !wanted_ || d < first || d > last) continue;
    if (best == nullptr || std::pair(day.read, far(day)) < std::pair(best->read, far(*best)))
      best = &day;
  }
  return best;
}

void FileDayShelf::list() {
  auto reader = DayReader::open(path_);
  RecordedDays listed;
  if (reader) {
    reader_ = std::move(reader.value());
    listed = list_days(*reader_);
  }
  const auto lock = thread_.lock();
  found_ = std::move(listed);
  found_.version = 1;
  listed_ = true;
}

/// What was read of a day that grew stays until it is read anew.
void FileDayShelf::look_again(WishThread::Lock& lock) {
  look_ = false;
  if (!reader_) return;
  lock.unlock();
  const bool grew = reader_->refresh();
  RecordedDays listed = grew ? list_days(*reader_) : RecordedDays();
  lock.lock();
  for (std::size_t i = 0; i < listed.days.size(); ++i) {
    const DayOverview& now = listed.days[i].overview;
    if (i >= found_.days.size()) {
      found_.days.push_back(std::move(listed.days[i]));
    } else if (DayOverview& held = found_.days[i].overview; held.end != now.end) {
      held.end = now.end;
      grown_.insert(held.day);
    }
  }
  if (grew) ++found_.version;
}

void FileDayShelf::read_next(WishThread::Lock& lock) {
  const fleet::LocalDay day = next(first_, last_)->overview.day;
  lock.unlock();
  const auto& files = reader_->days();
  const auto file = std::ranges::find(files, day, &DayReader::Day::day);
  auto read = read_day(*file, reader_->zone(), [this] {
    const auto held = thread_.lock();
    return !thread_.stopping();
  });
  lock.lock();
  if (!read) return;
  grown_.erase(day);
  found_.days[static_cast<std::size_t>(file - files.begin())] = std::move(*read);
  ++found_.version;
}

}  // namespace net
