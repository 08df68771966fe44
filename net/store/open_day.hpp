// OpenDay: a day file open for writing, with its statements and its write-ahead log.
#pragma once

#include <memory>

#include "net/store/day_file.hpp"

namespace net {

/// A day file open for writing, with its statements.
struct OpenDay {
  DayFile file;
  sqlite::Statement insert_frame, insert_journal, drop_journal;
  std::unique_ptr<int> log_pages = std::make_unique<int>(0);
  int fold_after = 0;               ///< pages
  int fold_at = 0, last_pages = 0;  ///< of the log, next time and after the last commit
  bool durable = true;
  /// Pages that were copied into the file may have been dropped by a failed sync, and SQLite would
  /// not copy them again: the log must stay until its index is made anew, which takes that readers
  /// of other processes have left too.
  bool copy_doubtful = false;

  static fleet::Result<OpenDay> prepare(DayFile file, const DayStoreOptions& options);

  /// Now and then, so that the log does not grow. Trouble with it loses nothing: what is committed
  /// is in the log, durable. It is tried again after the next commit.
  void fold_log();
  void doubt();
  /// Goes the ways that all that is written goes, and takes it back. Error: also a damaged page on
  /// them.
  fleet::Result<void> try_out();
  fleet::Result<void> begin();
  fleet::Result<void> insert(const EncodedFrame& frame, bool complete);

 private:
  void sync_part();
};

}  // namespace net
