// FileDayShelf: a DayShelf that reads day files on a thread of its own, which hands over whole days
// and ends with the shelf.
#pragma once

#include <filesystem>
#include <memory>

#include "net/recording/day_shelf.hpp"
#include "net/recording/wish_thread.hpp"

namespace net {

class DayReader;

class FileDayShelf final : public DayShelf {
 public:
  /// path: day file or data directory. What cannot be read leaves the shelf empty: the feed says
  /// so.
  explicit FileDayShelf(std::filesystem::path path);
  ~FileDayShelf() override;
  FileDayShelf(const FileDayShelf&) = delete;
  FileDayShelf& operator=(const FileDayShelf&) = delete;

  void want(fleet::LocalDay first, fleet::LocalDay last, fleet::LocalDay middle) override;
  bool update() override;
  const RecordedDays& days() const override { return days_; }
  bool complete(fleet::LocalDay first, fleet::LocalDay last) const override;

 private:
  void list();
  const RecordedDay* next(fleet::LocalDay first, fleet::LocalDay last) const;
  void read_next(WishThread::Lock& lock);

  const std::filesystem::path path_;
  RecordedDays days_;                  ///< of the thread that shows them
  std::unique_ptr<DayReader> reader_;  ///< the reading thread's

  // Under the lock of the thread:
  RecordedDays found_;
  fleet::LocalDay first_{}, last_{}, middle_{};
  bool listed_ = false, wanted_ = false;
  WishThread thread_;
};

}  // namespace net
