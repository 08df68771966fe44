// FileHeatShelf: a HeatShelf that brings a state of its own to the instants wanted, from day files,
// on a thread of its own, which ends with the shelf.
//
// Memory: while something is wanted, that of a second fleet.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "net/recording/heat_reader.hpp"
#include "net/recording/wish_thread.hpp"

namespace net {

class FileHeatShelf final : public HeatShelf {
 public:
  /// path: day file or data directory. Where nothing can be read all heat is damaged.
  explicit FileHeatShelf(std::filesystem::path path);
  ~FileHeatShelf() override;
  FileHeatShelf(const FileHeatShelf&) = delete;
  FileHeatShelf& operator=(const FileHeatShelf&) = delete;

  void want(const Wish& wish) override;
  void rest() override;
  bool update() override;
  const Heat* heat() const override { return heat_ ? &*heat_ : nullptr; }
  bool reading() const override { return wanted_ && !(heat_ && heat_->wish == *wanted_); }

 private:
  void work(WishThread::Lock& lock);

  const std::filesystem::path path_;
  // Of the thread that shows it:
  std::optional<Wish> wanted_;
  std::optional<Heat> heat_;

  std::unique_ptr<HeatReader> reader_;  ///< the reading thread's; null: nothing is held

  // Under the lock of the thread:
  std::optional<Wish> next_;
  std::optional<Heat> read_;
  bool resting_ = false;  ///< what is held is to be let go of
  WishThread thread_;
};

}  // namespace net
