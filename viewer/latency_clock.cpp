#include "viewer/latency_clock.hpp"

namespace viewer {

void LatencyClock::heartbeat(fleet::Time gateway_time, Steady arrived, double speed) {
  const auto adopt = [&] {
    base_ = gateway_time;
    base_steady_ = arrived;
    speed_ = speed;
  };
  if (base_ == fleet::kNever || speed != speed_) return adopt();
  const std::chrono::duration<double> passed = arrived - base_steady_;
  const auto expected = base_ + std::chrono::duration_cast<fleet::Millis>(passed * speed_);
  // A later reading of the gateway's clock means that this heartbeat was faster on its way.
  if (gateway_time >= expected) adopt();
}

std::optional<double> LatencyClock::age_ms(fleet::Time sent, Steady shown) const {
  if (base_ == fleet::kNever) return std::nullopt;
  const std::chrono::duration<double, std::milli> passed = shown - base_steady_;
  const std::chrono::duration<double, std::milli> feed = base_ - sent;
  return passed.count() + feed.count() / speed_;
}

}  // namespace viewer
