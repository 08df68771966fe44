// What the gateway's tests share: a reader that applies frames, and simulated ticks.
#pragma once

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "fleet/sim/simulator.hpp"
#include "net/codec/frame_codec.hpp"
#include "net/gateway/gateway_core.hpp"

namespace net::test {

inline const fleet::Time kStart = fleet::time_from_ms(1'792'108'800'000);  // 08:00 +08:00

inline fleet::Update decoded(const EncodedFrame& frame) {
  FrameDecoder decoder;
  auto update = decoder.decode(std::as_bytes(std::span(frame.bytes)));
  EXPECT_TRUE(update.ok()) << (update.ok() ? "" : update.error().what);
  return update.ok() ? std::move(update.value()) : fleet::Update(fleet::Heartbeat{});
}

/// A wall without a picture.
class Reader {
 public:
  void apply(const fleet::Update& update) {
    const auto result = std::visit([this](const auto& u) { return apply_one(u); }, update);
    EXPECT_TRUE(result.ok()) << (result.ok() ? "" : result.error().what);
  }
  void apply(const std::shared_ptr<const EncodedFrame>& frame) {
    if (frame) apply(decoded(*frame));
  }
  void apply(const GatewayCore::TickFrames& frames) {
    apply(frames.roster);
    apply(frames.tick);
  }
  fleet::FleetState& state() { return state_; }

 private:
  fleet::Result<void> apply_one(const fleet::Heartbeat&) { return {}; }
  template <class Batch>
  fleet::Result<void> apply_one(const Batch& batch) {
    return state_.apply(batch);
  }
  fleet::FleetState state_;
};

/// A core with a simulated fleet in its roster.
struct SimulatedGateway {
  explicit SimulatedGateway(std::uint32_t machines, bool moving = true, CoreConfig config = {})
      : simulator({machines, 7, kStart, moving}), core(config, kStart) {
    for (const fleet::Machine& machine : simulator.machines()) {
      const auto slot = core.state().roster().find_or_add(machine.id);
      core.state().roster().update(slot.value(), machine);
    }
  }
  const fleet::ReportBatch& next_reports() {
    batch.clear();
    simulator.advance(core.tick_end(), batch);
    return batch;
  }
  GatewayCore::TickFrames tick() {
    core.ingest(next_reports());
    return core.end_tick();
  }

  fleet::sim::Simulator simulator;
  GatewayCore core;
  fleet::ReportBatch batch;
};

/// One report of a position and a speed.
inline fleet::ReportBatch one_report(fleet::Slot machine, fleet::Time time, double lon_deg,
                                     double speed_kmh = 3) {
  fleet::ReportBatch batch;
  batch.values.push_back({fleet::kSpeedKmh, speed_kmh});
  fleet::Report report;
  report.machine = machine;
  report.line = 1;
  report.device_time = report.receive_time = time;
  report.has_position = true;
  report.position = {lon_deg, 30};
  report.value_end = 1;
  batch.reports.push_back(report);
  return batch;
}

}  // namespace net::test
