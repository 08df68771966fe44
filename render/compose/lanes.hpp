// Lanes: at most two threads working on one frame, the caller and one sleeping helper.
//
// run() hands the same job to both and returns when both are done; between frames the helper
// sleeps, it never spins. Used by one thread at a time.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace render {

class Lanes {
 public:
  /// count: 1 (no thread is made) or 2.
  explicit Lanes(int count);
  ~Lanes();
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

  int count() const { return count_; }
  /// Calls job(0) here and job(1) on the helper. The job must not throw.
  void run(const std::function<void(int lane)>& job);

 private:
  void help();

  int count_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(int)>* job_ = nullptr;
  bool busy_ = false, stopping_ = false;
  std::thread helper_;
};

}  // namespace render
