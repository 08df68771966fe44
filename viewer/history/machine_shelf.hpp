// MachineShelf: reads what a machine did on a recorded day, on a thread of its own.
//
// The newest wish is what counts: an older one that is being read is given up. Methods are for the
// main thread; the thread hands over whole histories and ends with the shelf.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "fleet/machine_history.hpp"

namespace viewer {

class MachineShelf {
 public:
  /// path: day file or data directory.
  explicit MachineShelf(std::filesystem::path path);
  ~MachineShelf();
  MachineShelf(const MachineShelf&) = delete;
  MachineShelf& operator=(const MachineShelf&) = delete;

  struct Wish {
    std::string machine;
    fleet::Time from = fleet::kNever, to = fleet::kNever;  ///< receive times
    bool operator==(const Wish&) const = default;
  };
  /// What is to be read; nothing is done for what is there or under way already.
  void want(Wish wish);
  /// Takes in what was read since. True: `history` is another.
  bool update();
  /// What was read last that was wanted; null while it is being read.
  const fleet::MachineHistory* history() const { return history_.get(); }
  bool reading() const { return wanted_ && !history_; }
  /// Something of it could not be read.
  bool damaged() const { return damaged_; }

 private:
  struct Read {
    Wish wish;
    std::shared_ptr<const fleet::MachineHistory> history;
    bool damaged = false;
  };
  void run();

  const std::filesystem::path path_;
  std::optional<Wish> wanted_;  ///< main thread, as the next two
  std::shared_ptr<const fleet::MachineHistory> history_;
  bool damaged_ = false;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<Wish> next_;  ///< under the mutex, as the rest
  std::optional<Read> read_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace viewer
