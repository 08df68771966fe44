#include "net/recording/heat_reader.hpp"

#include <utility>

#include "net/store/day_store.hpp"

namespace net {

HeatReader::HeatReader(const std::filesystem::path& path) {
  if (auto reader = DayReader::open(path)) reader_ = std::move(reader.value());
}

HeatReader::~HeatReader() = default;

HeatShelf::Heat HeatReader::read(const HeatShelf::Wish& wish) {
  HeatShelf::Heat heat{wish, {}, !seek(wish.at)};
  if (!heat.damaged) heat.cells = fleet::heat_cells(fleet_.heat(), wish.day, wish.hours);
  return heat;
}

/// False: something on the way is damaged.
bool HeatReader::seek(fleet::Time t) {
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

}  // namespace net
