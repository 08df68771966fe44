// WishThread: a thread that reads what others wish for, and the lock under which they say so.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace net {

class WishThread {
 public:
  using Lock = std::unique_lock<std::mutex>;

  WishThread() = default;
  WishThread(const WishThread&) = delete;
  WishThread& operator=(const WishThread&) = delete;
  ~WishThread() { stop(); }

  /// prepare: runs on the thread first, without the lock. wished: whether there is something to do;
  /// asked under the lock. work: does it; called with the lock, which it lets go of meanwhile.
  void start(std::function<void()> prepare, std::function<bool()> wished,
             std::function<void(Lock&)> work) {
    thread_ = std::thread(
        [this, prepare = std::move(prepare), wished = std::move(wished), work = std::move(work)] {
          prepare();
          Lock held(mutex_);
          while (true) {
            wake_.wait(held, [&] { return stopping_ || wished(); });
            if (stopping_) return;
            work(held);
          }
        });
  }
  /// Waits for what is being done. What the functions use must still be there: first call of an
  /// owner's destructor.
  void stop() {
    {
      const std::lock_guard held(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  Lock lock() const { return Lock(mutex_); }
  /// After a wish was made under the lock.
  void wake() { wake_.notify_all(); }
  /// Under the lock: what is being done is to be given up.
  bool stopping() const { return stopping_; }

 private:
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace net
