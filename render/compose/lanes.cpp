#include "render/compose/lanes.hpp"

namespace render {

Lanes::Lanes(int count) : count_(count < 2 ? 1 : 2) {
  if (count_ == 2) helper_ = std::thread([this] { help(); });
}

Lanes::~Lanes() {
  if (!helper_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  helper_.join();
}

void Lanes::run(const std::function<void(int lane)>& job) {
  if (count_ == 1) {
    job(0);
    return;
  }
  {
    std::lock_guard lock(mutex_);
    job_ = &job;
    busy_ = true;
  }
  wake_.notify_one();
  job(0);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return !busy_; });
}

void Lanes::help() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || busy_; });
    if (stopping_) return;
    const auto* job = job_;
    lock.unlock();
    (*job)(1);
    lock.lock();
    busy_ = false;
    done_.notify_one();
  }
}

}  // namespace render
