#include "viewer/clock/day_shelf.hpp"

#include <algorithm>

#include "net/store/day_store.hpp"

namespace viewer {

DayShelf::DayShelf(std::filesystem::path path) : path_(std::move(path)) {
  thread_ = std::thread([this] { run(); });
}

DayShelf::~DayShelf() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void DayShelf::want(fleet::LocalDay first, fleet::LocalDay last, fleet::LocalDay middle) {
  {
    const std::lock_guard lock(mutex_);
    if (wanted_ && first == first_ && last == last_ && middle == middle_) return;
    first_ = first;
    last_ = last;
    middle_ = middle;
    wanted_ = true;
  }
  wake_.notify_all();
}

bool DayShelf::update() {
  const std::lock_guard lock(mutex_);
  if (found_.version == days_.version) return false;
  days_ = found_;
  return true;
}

bool DayShelf::complete(fleet::LocalDay first, fleet::LocalDay last) const {
  const std::lock_guard lock(mutex_);
  if (!listed_ || next(std::max(first, first_), std::min(last, last_)) != nullptr) return false;
  return found_.version == days_.version;
}

/// Of these the wanted day that is to be read now, under the mutex; null: all of them were.
const RecordedDay* DayShelf::next(fleet::LocalDay first, fleet::LocalDay last) const {
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

void DayShelf::run() {
  list();
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || next(first_, last_) != nullptr; });
    if (stopping_) return;
    const fleet::LocalDay day = next(first_, last_)->overview.day;
    lock.unlock();
    read(day);
    lock.lock();
  }
}

/// Which days there are costs no look into them.
void DayShelf::list() {
  auto reader = net::DayReader::open(path_);
  RecordedDays listed;
  if (reader) {
    reader_ = std::move(reader.value());
    const fleet::TimeZone zone = reader_->zone();
    for (const net::DayReader::Day& day : reader_->days()) {
      net::OverviewBuilder builder(day.day, zone);
      RecordedDay& listing = listed.days.emplace_back();
      listing.overview = builder.overview();
      listing.overview.begin = day.begin;
      listing.overview.end = day.end;
    }
  }
  const std::lock_guard lock(mutex_);
  found_ = std::move(listed);
  found_.version = 1;
  listed_ = true;
}

void DayShelf::read(fleet::LocalDay day) {
  const auto& files = reader_->days();
  const auto file = std::ranges::find(files, day, &net::DayReader::Day::day);
  RecordedDay read;
  net::OverviewBuilder builder(day, reader_->zone());
  auto frames = net::DayReader::open(file->file);
  for (bool whole = !frames; !whole && !stopping_;) {
    const auto done = frames.value()->read_until(fleet::Time::max(), [&](fleet::Update&& update) {
      if (const auto* keyframe = std::get_if<fleet::StateBatch>(&update)) builder.add(*keyframe);
      const auto* tick = std::get_if<fleet::TickBatch>(&update);
      if (tick == nullptr) return !stopping_;
      builder.add(*tick);
      for (const fleet::AlarmEvent& event : tick->alarms) {
        if (event.kind == fleet::AlarmEvent::Kind::raised)
          read.raised.push_back({tick->end, event.alarm.severity});
      }
      return !stopping_;
    });
    whole = done.ok();
    if (!whole) builder.damage();
  }
  if (stopping_) return;
  read.overview = builder.overview();
  read.overview.begin = file->begin;
  read.overview.end = file->end;
  read.read = true;
  const std::lock_guard lock(mutex_);
  found_.days[static_cast<std::size_t>(file - files.begin())] = std::move(read);
  ++found_.version;
}

}  // namespace viewer
