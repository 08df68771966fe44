// HeatDesk: where hours had been worked on another day, as a wall wants to know it, and as a
// gateway told. Between the shelf that shows it and the feed whose connection it comes over. Any
// thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "net/feed/packed_answer.hpp"
#include "net/recording/heat_shelf.hpp"

namespace net {

class HeatDesk {
 public:
  // The feed:
  /// Called by `want`; null before the feed goes. Both by the thread that owns shelf and feed.
  void set_wake(std::function<void()> wake) { wake_ = std::move(wake); }
  /// What to ask the gateway for now, one question at a time. minor: of the protocol it speaks; an
  /// older one is not asked: all its heat is damaged.
  std::optional<ReplayHeat> next_question(std::uint32_t minor);
  /// What is no heat is damaged. Error: too long; the connection is of no use. Replies to nothing
  /// that was asked are dropped.
  fleet::Result<void> take(const PackedReply& reply);
  /// The connection is over: nobody answers what was asked.
  void forget();

  // The shelf:
  void want(const HeatShelf::Wish& wish);
  void rest();
  /// What was told since, once.
  std::optional<HeatShelf::Heat> take_told();

 private:
  /// Numbers of questions: others than the machines' (MachineDesk) on the same connection.
  static constexpr std::uint32_t kFirstNumber = std::uint32_t{1} << 31;

  std::function<void()> wake_;
  std::mutex mutex_;
  std::optional<HeatShelf::Wish> wanted_;  ///< and not asked for yet
  HeatShelf::Wish asked_;
  PackedAnswer answer_;
  bool dropped_ = false;  ///< nobody wants the answer any more
  std::optional<HeatShelf::Heat> told_;
  std::uint32_t numbers_ = kFirstNumber;
};

/// The shelf over a desk.
std::unique_ptr<HeatShelf> make_gateway_heat(std::shared_ptr<HeatDesk> desk);

}  // namespace net
