// A state as its differences to another one.
#include "net/pack/state_pack.hpp"

#include <gtest/gtest.h>

#include "tests/net/codec_samples.hpp"

namespace net {
namespace {

TEST(StatePack, DoesNotBuildOnHeatThatItLacks) {
  samples::Fleet fleet(8);
  fleet.report_at_random(6);
  (void)fleet.end_tick();
  fleet::StateBatch base = fleet.state.keyframe(), state = base;
  base.heat = fleet::HeatImage{
      20'742, {{fleet::HeatKey::of_cell(4, 5, 7), 60}, {fleet::HeatKey::of_cell(4, 5, 8), 90}}};
  state.heat = fleet::HeatImage{20'742, {{fleet::HeatKey::of_cell(4, 5, 8), 95}}};

  const auto same = unpack_state(pack_state(state, base), &base);

  ASSERT_TRUE(same.ok()) << same.error().what;
  EXPECT_EQ(same->heat, state.heat);
}

}  // namespace
}  // namespace net
