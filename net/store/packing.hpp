// Packing: packs hours on a thread beside the one that writes, which only puts the result in place.
//
// Of the day that is being written packs are made by a reader of its file and handed over; a day
// that is over has no other writer, and is packed, made as small as it can be, and closed there.
#pragma once

#include <atomic>
#include <deque>
#include <filesystem>
#include <future>
#include <vector>

#include "net/store/pack_hours.hpp"

namespace net {

/// One thread; the work is done on others, one at a time.
class Packing {
 public:
  explicit Packing(PackSizes sizes) : sizes_(sizes) {}
  /// Ends what is under way; what was not put in place is made again another time.
  ~Packing();

  bool made_ready() const;
  bool busy() const { return made_.valid() || closing_.valid(); }
  /// Makes packs of what was committed, up to the last keyframe. Precondition: not busy.
  void make(const std::filesystem::path& day_file);
  /// What `make` was asked for, once it is there (wait: however long it takes); else nothing.
  std::vector<MadePack> take(bool wait);

  /// A day that nobody writes any more: packs it and closes its file, when its turn comes.
  void close_day(std::filesystem::path day_file, bool durable);
  /// Goes on with days to close. wait: until all are. Returns those that could not be: somebody
  /// reads them, or an error.
  std::vector<std::filesystem::path> close_days(bool wait);

 private:
  struct Day {
    std::filesystem::path file;
    bool durable;
  };
  bool close_one(const Day& day) const;

  const PackSizes sizes_;
  std::atomic<bool> stopping_ = false;
  std::future<std::vector<MadePack>> made_;
  std::deque<Day> days_;  ///< the first one is under way while closing_ is valid
  std::future<bool> closing_;
};

}  // namespace net
