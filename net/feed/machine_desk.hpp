// MachineDesk: what machines did that a wall wants to know, and what a gateway told of it. Between
// the shelves that show it and the feed whose connection it comes over. Any thread.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "net/feed/packed_answer.hpp"
#include "net/recording/machine_shelf.hpp"

namespace net {

/// A span that goes on, or could not be had, is asked for again after this long, while somebody
/// looks at it.
inline constexpr std::chrono::seconds kMachineAgain{30};
class MachineDesk {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  /// Two days stand side by side.
  static constexpr std::size_t kShelves = 2;
  struct Found {
    std::shared_ptr<const fleet::MachineHistory> history;  ///< null: nothing came yet
    bool damaged = false;
    std::uint64_t version = 0;  ///< grows with every change
  };

  // The feed:
  /// Called by `want`; null before the feed goes. Both by the thread that owns shelves and feed.
  void set_wake(std::function<void()> wake) { wake_ = std::move(wake); }
  /// What to ask the gateway for now, one question a shelf at a time. minor: of the protocol it
  /// speaks; of an older one nothing is asked, and the shelf gets an empty history.
  std::optional<ReplayMachine> next_question(Steady now, std::uint32_t minor);
  /// What is no history is damaged. Error: too long; the connection is of no use. Replies to
  /// nothing that was asked are dropped.
  fleet::Result<void> take(const PackedReply& reply);
  /// How far is recorded by now.
  void grew(fleet::Time range_end);
  /// The connection is over: nobody answers what was asked.
  void forget();

  // A shelf, 0 .. kShelves - 1:
  void want(std::size_t shelf, MachineShelf::Wish wish);
  Found found(std::size_t shelf) const;

 private:
  struct Place {
    std::optional<MachineShelf::Wish> wanted;
    Found found;  ///< of what is wanted
    PackedAnswer answer;
    // Of the last question:
    MachineShelf::Wish asked;
    Steady asked_at{};
    fleet::Time range_end = fleet::kNever;  ///< of what was recorded then
    bool failed = false;
  };
  Place* find(std::uint32_t request);
  bool due(const Place& place, Steady now) const;
  static void keep(Place& place, fleet::MachineHistory history, bool damaged);

  std::function<void()> wake_;
  mutable std::mutex mutex_;
  std::array<Place, kShelves> places_;
  std::uint32_t numbers_ = 0;
  fleet::Time range_end_ = fleet::kNever;
};

/// The shelf over a place of a desk.
std::unique_ptr<MachineShelf> make_gateway_machines(std::shared_ptr<MachineDesk> desk,
                                                    std::size_t shelf);

}  // namespace net
