// FileMachineShelf: a MachineShelf that reads day files on a thread of its own, which hands over
// whole histories and ends with the shelf.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "net/recording/machine_shelf.hpp"
#include "net/recording/wish_thread.hpp"

namespace net {

class MachineScan;

class FileMachineShelf final : public MachineShelf {
 public:
  /// path: day file or data directory.
  explicit FileMachineShelf(std::filesystem::path path);
  ~FileMachineShelf() override;
  FileMachineShelf(const FileMachineShelf&) = delete;
  FileMachineShelf& operator=(const FileMachineShelf&) = delete;

  void want(Wish wish) override;
  bool update() override;
  const fleet::MachineHistory* history() const override { return history_.get(); }
  bool reading() const override { return wanted_ && !history_; }
  bool damaged() const override { return damaged_; }

 private:
  struct Read {
    Wish wish;
    std::shared_ptr<const fleet::MachineHistory> history;
    bool damaged = false;
  };
  void open_scan();
  void read_next(WishThread::Lock& lock);

  const std::filesystem::path path_;
  // Of the thread that shows them:
  std::optional<Wish> wanted_;
  std::shared_ptr<const fleet::MachineHistory> history_;
  bool damaged_ = false;

  std::unique_ptr<MachineScan> scan_;  ///< the reading thread's; null: nothing can be read

  // Under the lock of the thread:
  std::optional<Wish> next_;
  std::optional<Read> read_;
  WishThread thread_;
};

}  // namespace net
