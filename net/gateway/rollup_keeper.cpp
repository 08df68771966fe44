#include "net/gateway/rollup_keeper.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "net/store/rollups.hpp"

namespace net {

namespace {

/// Places that one run tells of, one by one.
constexpr std::size_t kMostTold = 5;

std::string text_of(const std::vector<std::string>& damages) {
  std::string text = "In adding up days, " + std::to_string(damages.size()) +
                     (damages.size() == 1 ? " place" : " places") + " could not be read or written";
  for (std::size_t i = 0; i < std::min(damages.size(), kMostTold); ++i)
    text += (i == 0 ? ": " : "; ") + damages[i];
  return damages.size() > kMostTold ? text + "; and more" : text;
}

}  // namespace

RollupKeeper::RollupKeeper(std::filesystem::path directory, Pace pace, LogSink log)
    : directory_(std::move(directory)),
      pace_(pace),
      log_(std::move(log)),
      thread_([this] { work(); }) {}

RollupKeeper::~RollupKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void RollupKeeper::look(fleet::LocalDay today, bool late, Steady now) {
  const auto due_in = [&](std::chrono::seconds wait) {
    due_ = due_ ? std::min(*due_, now + wait) : now + wait;
  };
  if (today_ != today) due_in(pace_.after_turn);
  if (late) due_in(pace_.after_late);
  today_ = today;
  if (!due_ || now < *due_) return;
  {
    const std::lock_guard lock(mutex_);
    wanted_ = today;  // one that waits, or is under way, has not seen the newest reports
  }
  due_.reset();
  wake_.notify_all();
}

void RollupKeeper::work() {
  // On Linux each thread has its own: this one runs when nobody else wants to.
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19);
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || wanted_; });
    if (stopping_) return;
    const fleet::LocalDay today = *std::exchange(wanted_, std::nullopt);
    lock.unlock();
    run(today);
    lock.lock();
  }
}

void RollupKeeper::run(fleet::LocalDay today) {
  RollupRequest request;
  request.path = directory_;
  request.store = true;
  request.open = today;
  request.last = today - std::chrono::days{1};
  request.go_on = [this] { return !stopping_; };
  const auto news = bring_up_to_date(request);
  if (log_ && !news)
    log_(LogLevel::warning, "The days could not be added up: " + news.error().what);
  if (log_ && news) {
    for (const fleet::LocalDay day : news->built)
      log_(LogLevel::info, "Added up " + fleet::day_name(day) + ".");
    if (!news->damages.empty()) log_(LogLevel::warning, text_of(news->damages));
  }
  ++runs_;
}

}  // namespace net
