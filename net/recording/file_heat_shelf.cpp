#include "net/recording/file_heat_shelf.hpp"

#include <utility>

#include "net/store/day_store.hpp"

namespace net {

/// The fleet as it was at the instant sought last: the next one nearby keeps its roster.
class FileHeatShelf::State {
 public:
  explicit State(const std::filesystem::path& path) {
    if (auto reader = DayReader::open(path)) reader_ = std::move(reader.value());
  }

  /// Where a recording stands that is played: behind the last whole tick until t. So a day differs
  /// from itself in nothing. False: something on the way is damaged.
  bool seek(fleet::Time t) {
    if (!reader_) return false;
    const bool grew = reader_->refresh();  // it may have ended before t
    if (at_ == t && !grew) return true;
    at_.reset();
    if (reader_->seek(t, fleet_, SeekEnd::whole_tick)) {
      at_ = t;
      return true;
    }
    fleet_ = fleet::FleetState();
    return false;
  }
  const fleet::HeatHours& heat() const { return fleet_.heat(); }

 private:
  std::unique_ptr<DayReader> reader_;  ///< null: nothing can be read
  fleet::FleetState fleet_;
  std::optional<fleet::Time> at_;  ///< where `fleet_` is
};

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
  if (rests) state_.reset();
  std::optional<Heat> heat;
  if (wish) heat = read(*wish);
  lock.lock();
  if (heat) read_ = std::move(heat);
}

HeatShelf::Heat FileHeatShelf::read(const Wish& wish) {
  if (!state_) state_ = std::make_unique<State>(path_);
  Heat heat{wish, {}, !state_->seek(wish.at)};
  if (!heat.damaged) heat.cells = fleet::heat_cells(state_->heat(), wish.day, wish.hours);
  return heat;
}

}  // namespace net
