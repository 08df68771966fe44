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
            if (stopping_) break;
            work(held);
          }
          ended_ = true;
        });
  }
  bool started() const { return thread_.joinable(); }
  /// Asks it to stop, without waiting for it.
  void end() {
    {
      const std::lock_guard held(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
  }
  /// It was never started, or all is done: `stop` does not wait.
  bool ended() const {
    const std::lock_guard held(mutex_);
    return ended_ || !thread_.joinable();
  }
  /// Waits for what is being done. What the functions use must still be there: first call of an
  /// owner's destructor.
  void stop() {
    end();
    if (thread_.joinable()) thread_.join();
  }
  Lock lock() const { return Lock(mutex_); }
  /// After something was changed under the lock.
  void wake() { wake_.notify_all(); }
  /// Amid work: until `so`, which is asked under the lock whenever it is woken.
  template <class So>
  void wait(Lock& held, So so) {
    wake_.wait(held, so);
  }
  /// Under the lock: what is being done is to be given up.
  bool stopping() const { return stopping_; }

 private:
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false, ended_ = false;
  std::thread thread_;
};

}  // namespace net
