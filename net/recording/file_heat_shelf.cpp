#include "net/recording/file_heat_shelf.hpp"

#include <exception>
#include <utility>

namespace net {

FileHeatShelf::FileHeatShelf(std::filesystem::path path) : path_(std::move(path)) {
  thread_.start([] {}, [this] { return resting_ || next_; },
                [this](WishThread::Lock& lock) { work(lock); });
}

FileHeatShelf::~FileHeatShelf() {
  thread_.stop();
}

void FileHeatShelf::want(const Wish& wish) {
  if (wanted_ == wish) return;
  wanted_ = wish;
  {
    const auto lock = thread_.lock();
    next_ = wish;
  }
  thread_.wake();
}

void FileHeatShelf::rest() {
  if (!wanted_) return;
  wanted_.reset();
  heat_.reset();
  {
    const auto lock = thread_.lock();
    next_.reset();
    resting_ = true;
  }
  thread_.wake();
}

bool FileHeatShelf::update() {
  std::optional<Heat> read;
  {
    const auto lock = thread_.lock();
    read = std::exchange(read_, std::nullopt);
  }
  if (!read || wanted_ != read->wish) return false;
  heat_ = std::move(read);
  return true;
}

void FileHeatShelf::work(WishThread::Lock& lock) {
  const bool rests = std::exchange(resting_, false);
  const std::optional<Wish> wish = std::exchange(next_, std::nullopt);
  lock.unlock();
  if (rests) reader_.reset();
  std::optional<Heat> heat;
  try {
    if (wish && !reader_) reader_ = std::make_unique<HeatReader>(path_);
    if (wish) heat = reader_->read(*wish);
  } catch (const std::exception&) {  // no memory for a second fleet: the wall goes on
    reader_.reset();
    heat = Heat{*wish, {}, true};
  }
  lock.lock();
  if (heat) read_ = std::move(heat);
}

}  // namespace net
