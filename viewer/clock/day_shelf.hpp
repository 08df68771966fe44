// DayShelf: reads what went on in recorded days, on a thread of its own, the wanted ones first.
//
// Only days that somebody looks at are read: a day costs a look at each of its frames. Methods are
// for the main thread; the thread hands over whole days and ends with the shelf.
#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "viewer/clock/recorded_days.hpp"

namespace net {
class DayReader;
}

namespace viewer {

class DayShelf {
 public:
  /// path: day file or data directory. What cannot be read leaves the shelf empty: the feed says
  /// so.
  explicit DayShelf(std::filesystem::path path);
  ~DayShelf();
  DayShelf(const DayShelf&) = delete;
  DayShelf& operator=(const DayShelf&) = delete;

  /// From now on these days are read, both included, those near to `middle` first.
  void want(fleet::LocalDay first, fleet::LocalDay last, fleet::LocalDay middle);
  /// Takes in what was read since. True: `days` changed.
  bool update();
  const RecordedDays& days() const { return days_; }
  /// The wanted ones of these days, both included, were read and are in `days`.
  bool complete(fleet::LocalDay first, fleet::LocalDay last) const;

 private:
  void run();
  void list();
  const RecordedDay* next(fleet::LocalDay first, fleet::LocalDay last) const;
  void read(fleet::LocalDay day);

  const std::filesystem::path path_;
  RecordedDays days_;  ///< main thread

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  RecordedDays found_;  ///< under the mutex, as the rest
  fleet::LocalDay first_{}, last_{}, middle_{};
  bool listed_ = false, wanted_ = false;
  std::atomic<bool> stopping_ = false;
  std::unique_ptr<net::DayReader> reader_;  ///< the thread's
  std::thread thread_;
};

}  // namespace viewer
