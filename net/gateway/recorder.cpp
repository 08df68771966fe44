#include "net/gateway/recorder.hpp"

#include <algorithm>
#include <utility>

namespace net {

std::size_t Recorder::bytes_of(const Task& task) {
  return (task.frame ? task.frame->bytes.size() : 0) +
         (task.roster ? task.roster->bytes.size() : 0);
}

Recorder::Recorder(std::unique_ptr<DayWriter> writer, Pace pace, Post post, LogSink log)
    : writer_(std::move(writer)),
      pace_(pace),
      post_(std::move(post)),
      log_(std::move(log)),
      thread_([this] { run(); }) {}

Recorder::~Recorder() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Recorder::add(Task task) {
  {
    const std::lock_guard lock(mutex_);
    status_.waiting_bytes += bytes_of(task);
    const bool tick =
        task.kind == Task::Kind::append && task.frame->kind == EncodedFrame::Kind::tick;
    task.holds_samples = task.kind == Task::Kind::journal || (tick && journaled_);
    if (task.kind == Task::Kind::journal) journaled_ = true;
    if (tick) journaled_ = false;
    tasks_.push_back(std::move(task));
  }
  wake_.notify_all();
}

void Recorder::journal(SharedEncoded entry) {
  add({Task::Kind::journal, std::move(entry), nullptr, nullptr});
}

fleet::Result<void> Recorder::append(SharedEncoded frame) {
  add({Task::Kind::append, std::move(frame), nullptr, nullptr});
  return {};
}

fleet::Result<void> Recorder::append_keyframe(SharedEncoded roster, SharedEncoded keyframe,
                                              fleet::Time next_end) {
  add({Task::Kind::keyframe, std::move(keyframe), nullptr, std::move(roster), next_end});
  return {};
}

void Recorder::when_committed(std::function<void(bool)> done) {
  add({Task::Kind::question, nullptr, std::move(done), nullptr});
}

Recorder::Status Recorder::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}
bool Recorder::healthy() const {
  const std::lock_guard lock(mutex_);
  return status_.healthy;
}
void Recorder::clear_lost() {
  const std::lock_guard lock(mutex_);
  status_.lost_frames = false;
}

fleet::Result<void> Recorder::write_task(const Task& task) {
  switch (task.kind) {
    case Task::Kind::journal:
      return writer_->journal(task.frame->bytes);
    case Task::Kind::append:
      return writer_->append(*task.frame);
    case Task::Kind::keyframe:
      return writer_->append_keyframe(task.roster.get(), *task.frame, task.next_end);
    case Task::Kind::question:
      return {};
  }
  return {};
}

fleet::Result<void> Recorder::write_group(const std::deque<Task>& group) {
  for (const Task& task : group)
    if (auto written = write_task(task); !written) return written;
  return writer_->commit();
}

/// A keyframe may commit what stands before it, by turning to a new day; so it begins a group of
/// its own, and what is committed is never written a second time.
void Recorder::write(std::deque<Task>& tasks) {
  while (!tasks.empty()) {
    std::deque<Task> group;
    do {
      group.push_back(std::move(tasks.front()));
      tasks.pop_front();
    } while (!tasks.empty() && tasks.front().kind != Task::Kind::keyframe);
    // Nothing was written, so nothing is known of the disk: while it fails the answer is no.
    if (!healthy() && std::ranges::all_of(group, [](const Task& task) {
          return task.kind == Task::Kind::question;
        })) {
      answer(group, false);
      continue;
    }
    const auto begin = std::chrono::steady_clock::now();
    if (const auto written = write_group(group); written) {
      succeed(group, std::chrono::steady_clock::now() - begin);
      continue;
    } else {
      for (Task& task : tasks) group.push_back(std::move(task));
      tasks.clear();
      fail(group, written.error());
    }
  }
}

void Recorder::answer(std::deque<Task>& tasks, bool committed) {
  for (Task& task : tasks) {
    if (task.kind != Task::Kind::question) continue;
    post_([done = std::move(task.done), committed] { done(committed); });
  }
  std::erase_if(tasks, [](const Task& task) { return task.kind == Task::Kind::question; });
}

void Recorder::succeed(std::deque<Task>& tasks, std::chrono::nanoseconds took) {
  std::size_t bytes = 0;
  for (const Task& task : tasks) bytes += bytes_of(task);
  bool cured = false;
  {
    const std::lock_guard lock(mutex_);
    const double took_s = std::chrono::duration<double>(took).count();
    cured = !status_.healthy;
    status_.healthy = true;
    status_.problem = {};
    status_.waiting_bytes -= bytes;
    status_.bytes += bytes;
    ++status_.commits;
    status_.commit_s_sum += took_s;
    status_.commit_s_max = std::max(status_.commit_s_max, took_s);
  }
  if (cured && log_) log_(LogLevel::info, "The store takes data again; ingest is served.");
  answer(tasks, true);
}

/// Of those that hold no samples: all but a keyframe that is understood without what is before it.
bool Recorder::may_be_lost(const Task& task) {
  if (task.kind == Task::Kind::append) return !task.holds_samples;
  return task.kind == Task::Kind::keyframe && !task.roster;
}

/// By task. Not the first, with which the disk is tried, nor anything up to the last one that holds
/// samples; of what is left, the newest keyframe with a roster says as much as all before it.
std::vector<bool> Recorder::to_give_up(const std::deque<Task>& tasks) const {
  std::vector<bool> lost(tasks.size());
  bool keyframe = false;
  for (std::size_t i = tasks.size(); i-- > 1 && !tasks[i].holds_samples;) {
    const bool complete = tasks[i].kind == Task::Kind::keyframe && tasks[i].roster;
    lost[i] = may_be_lost(tasks[i]) || (complete && keyframe);
    keyframe = keyframe || complete;
  }
  return lost;
}

/// If there is too much. tasks: without questions. Returns how many frames went.
std::size_t Recorder::give_up(std::deque<Task>& tasks) {
  const std::vector<bool> lost = to_give_up(tasks);
  std::size_t bytes = 0, frames = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) bytes += lost[i] ? bytes_of(tasks[i]) : 0;
  if (bytes <= kMaxHeldBackBytes) return 0;
  std::deque<Task> kept;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (lost[i])
      ++frames;
    else
      kept.push_back(std::move(tasks[i]));
  }
  tasks = std::move(kept);
  in_gap_ = true;
  const std::lock_guard lock(mutex_);
  status_.lost_frames = true;
  status_.given_up_frames += frames;
  status_.waiting_bytes -= bytes;
  return frames;
}

void Recorder::fail(std::deque<Task>& tasks, const fleet::Error& problem) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = status_.healthy;
    status_.healthy = false;
    status_.problem = problem;
    ++status_.failures;
  }
  answer(tasks, false);  // whoever is told looks at a status that says the same
  if (first && log_)
    log_(LogLevel::error,
         "The store refuses data: " + problem.what +
             " Ingest is answered with 503 until it is cured; viewers are served.");
  const std::size_t frames = give_up(tasks);
  if (frames > 0 && log_)
    log_(LogLevel::error, "Gave up " + std::to_string(frames) +
                              " frames that could not be written; history has a gap here.");
  held_back_ = std::move(tasks);
}

/// Moves what came behind `tasks`. In a gap only what is understood without what was given up.
/// Under the mutex.
void Recorder::take_new_tasks(std::deque<Task>& tasks) {
  for (Task& task : tasks_) {
    if (task.kind == Task::Kind::keyframe && task.roster) in_gap_ = false;
    if (in_gap_ && may_be_lost(task)) {
      status_.waiting_bytes -= bytes_of(task);
      ++status_.given_up_frames;
    } else {
      tasks.push_back(std::move(task));
    }
  }
  tasks_.clear();
}

void Recorder::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (held_back_.empty())
      wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    else
      wake_.wait_for(lock, pace_.retry, [this] { return stopping_; });
    if (!stopping_) wake_.wait_for(lock, pace_.commit_every, [this] { return stopping_; });
    const bool last = stopping_;
    std::deque<Task> tasks = std::exchange(held_back_, {});
    take_new_tasks(tasks);
    lock.unlock();
    write(tasks);
    lock.lock();
    if (last) return;
  }
}

}  // namespace net
