#include "net/recording/file_machine_shelf.hpp"

#include <utility>

#include "net/store/machine_scan.hpp"

namespace net {

FileMachineShelf::FileMachineShelf(std::filesystem::path path) : path_(std::move(path)) {
  thread_.start([this] { open_scan(); }, [this] { return next_.has_value(); },
                [this](WishThread::Lock& lock) { read_next(lock); });
}

FileMachineShelf::~FileMachineShelf() {
  thread_.stop();
}

void FileMachineShelf::want(Wish wish) {
  if (wanted_ == wish) return;
  wanted_ = wish;
  history_.reset();
  {
    const auto lock = thread_.lock();
    next_ = std::move(wish);
  }
  thread_.wake();
}

bool FileMachineShelf::update() {
  std::optional<Read> read;
  {
    const auto lock = thread_.lock();
    read = std::exchange(read_, std::nullopt);
  }
  if (!read || read->wish != wanted_) return false;
  history_ = std::move(read->history);
  damaged_ = read->damaged;
  return true;
}

void FileMachineShelf::open_scan() {
  if (auto scan = MachineScan::open(path_)) scan_ = std::move(scan.value());
}

void FileMachineShelf::read_next(WishThread::Lock& lock) {
  Read read;
  read.wish = *std::exchange(next_, std::nullopt);
  lock.unlock();
  const auto go_on = [this] {
    const auto held = thread_.lock();
    return !thread_.stopping() && !next_;
  };
  auto found = scan_ ? scan_->read(read.wish.machine, read.wish.from, read.wish.to, go_on)
                     : fleet::Result<MachineScan::Found>(fleet::Error{"nothing can be read"});
  lock.lock();
  if (!found && next_) return;  // given up for a newer one
  fleet::MachineHistory none;
  none.machine = read.wish.machine;
  read.damaged = !found || !found->damages.empty();
  read.history = std::make_shared<const fleet::MachineHistory>(found ? std::move(found->history)
                                                                     : std::move(none));
  read_ = std::move(read);
}

}  // namespace net
