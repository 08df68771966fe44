#include "viewer/history/machine_shelf.hpp"

#include <utility>

#include "net/store/machine_scan.hpp"

namespace viewer {

MachineShelf::MachineShelf(std::filesystem::path path) : path_(std::move(path)) {
  thread_ = std::thread([this] { run(); });
}

MachineShelf::~MachineShelf() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void MachineShelf::want(Wish wish) {
  if (wanted_ == wish) return;
  wanted_ = wish;
  history_.reset();
  {
    const std::lock_guard lock(mutex_);
    next_ = std::move(wish);
  }
  wake_.notify_all();
}

bool MachineShelf::update() {
  std::optional<Read> read;
  {
    const std::lock_guard lock(mutex_);
    read = std::exchange(read_, std::nullopt);
  }
  if (!read || read->wish != wanted_) return false;
  history_ = std::move(read->history);
  damaged_ = read->damaged;
  return true;
}

void MachineShelf::run() {
  auto scan = net::MachineScan::open(path_);
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || next_; });
    if (stopping_) return;
    Read read;
    read.wish = *std::exchange(next_, std::nullopt);
    lock.unlock();
    const auto go_on = [this] {
      const std::lock_guard held(mutex_);
      return !stopping_ && !next_;
    };
    auto found = scan ? scan.value()->read(read.wish.machine, read.wish.from, read.wish.to, go_on)
                      : fleet::Result<net::MachineScan::Found>(scan.error());
    lock.lock();
    if (!found && next_) continue;  // given up for a newer one
    fleet::MachineHistory none;
    none.machine = read.wish.machine;
    read.damaged = !found || !found->damages.empty();
    read.history = std::make_shared<const fleet::MachineHistory>(found ? std::move(found->history)
                                                                       : std::move(none));
    read_ = std::move(read);
  }
}

}  // namespace viewer
