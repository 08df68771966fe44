#include "net/feed/heat_desk.hpp"

#include <utility>

#include "net/pack/heat_pack.hpp"

namespace net {

void HeatDesk::want(const HeatShelf::Wish& wish) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = wish;
  }
  if (wake_) wake_();
}

void HeatDesk::rest() {
  const std::lock_guard lock(mutex_);
  wanted_.reset();
  told_.reset();
  dropped_ = true;
}

std::optional<HeatShelf::Heat> HeatDesk::take_told() {
  const std::lock_guard lock(mutex_);
  return std::exchange(told_, std::nullopt);
}

std::optional<ReplayHeat> HeatDesk::next_question(std::uint32_t minor) {
  const std::lock_guard lock(mutex_);
  if (!wanted_ || answer_.open()) return std::nullopt;
  asked_ = *std::exchange(wanted_, std::nullopt);
  if (minor < kPackedSinceMinor) {
    told_ = HeatShelf::Heat{asked_, {}, true};
    return std::nullopt;
  }
  dropped_ = false;
  answer_.ask(++numbers_);
  return ReplayHeat{numbers_, asked_.at, asked_.day, asked_.hours};
}

fleet::Result<void> HeatDesk::take(const PackedReply& reply) {
  std::string whole;
  {
    const std::lock_guard lock(mutex_);
    if (!answer_.of(reply.request)) return {};
    auto added = answer_.add(reply);
    if (!added) return added.error();
    if (!*added) return {};
    whole = std::move(**added);
  }
  // Without the lock: a large fleet's takes a while, and the shelf is asked with every picture.
  auto cells = fleet::Result<fleet::HeatCells>(fleet::HeatCells{});
  if (reply.error.empty()) cells = unpack_heat(whole);
  const std::lock_guard lock(mutex_);
  if (!answer_.of(reply.request)) return {};
  answer_.forget();
  if (dropped_) return {};
  told_ = HeatShelf::Heat{asked_, {}, reply.damaged || !reply.error.empty() || !cells};
  if (!told_->damaged) told_->cells = std::move(*cells);
  return {};
}

/// What was asked is asked again over the next one, unless something newer is wanted.
void HeatDesk::forget() {
  const std::lock_guard lock(mutex_);
  if (answer_.open() && !dropped_ && !wanted_) wanted_ = asked_;
  answer_.forget();
}

namespace {

class GatewayHeat final : public HeatShelf {
 public:
  explicit GatewayHeat(std::shared_ptr<HeatDesk> desk) : desk_(std::move(desk)) {}

  void want(const Wish& wish) override {
    if (wanted_ == wish) return;
    wanted_ = wish;
    desk_->want(wish);
  }
  void rest() override {
    if (!wanted_) return;
    wanted_.reset();
    heat_.reset();
    desk_->rest();
  }
  bool update() override {
    auto told = desk_->take_told();
    if (!told || wanted_ != told->wish) return false;
    heat_ = std::move(told);
    return true;
  }
  const Heat* heat() const override { return heat_ ? &*heat_ : nullptr; }
  bool reading() const override { return wanted_ && !(heat_ && heat_->wish == *wanted_); }

 private:
  std::shared_ptr<HeatDesk> desk_;
  std::optional<Wish> wanted_;
  std::optional<Heat> heat_;
};

}  // namespace

std::unique_ptr<HeatShelf> make_gateway_heat(std::shared_ptr<HeatDesk> desk) {
  return std::make_unique<GatewayHeat>(std::move(desk));
}

}  // namespace net
