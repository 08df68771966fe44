// FileDayShelf: a DayShelf that reads day files on a thread of its own, which hands over whole days
// and ends with the shelf.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <set>

#include "net/recording/day_shelf.hpp"
#include "net/recording/wish_thread.hpp"

namespace net {

class DayReader;

/// How often is looked for what a gateway recorded meanwhile.
inline constexpr std::chrono::seconds kDaysAgain{30};

class FileDayShelf final : public DayShelf {
 public:
  /// path: day file or data directory. What cannot be read leaves the shelf empty: the feed says
  /// so. again: as kDaysAgain; tests lower it.
  explicit FileDayShelf(std::filesystem::path path, std::chrono::milliseconds again = kDaysAgain);
  ~FileDayShelf() override;
  FileDayShelf(const FileDayShelf&) = delete;
  FileDayShelf& operator=(const FileDayShelf&) = delete;

  void want(fleet::LocalDay first, fleet::LocalDay last, fleet::LocalDay middle) override;
  bool update() override;
  const RecordedDays& days() const override { return days_; }
  bool complete(fleet::LocalDay first, fleet::LocalDay last) const override;

 private:
  using Steady = std::chrono::steady_clock;
  void list();
  void look_again(WishThread::Lock& lock);
  const RecordedDay* next(fleet::LocalDay first, fleet::LocalDay last) const;
  void read_next(WishThread::Lock& lock);

  const std::filesystem::path path_;
  const std::chrono::milliseconds again_;
  RecordedDays days_;  ///< of the thread that shows them, as is the next
  Steady::time_point looked_ = Steady::now();
  std::unique_ptr<DayReader> reader_;  ///< the reading thread's

  // Under the lock of the thread:
  RecordedDays found_;
  fleet::LocalDay first_{}, last_{}, middle_{};
  std::set<fleet::LocalDay> grown_;  ///< since they were read
  bool listed_ = false, wanted_ = false, look_ = false;
  WishThread thread_;
};

}  // namespace net
