// A wall of two machines that is clicked and typed at.
#pragma once

#include <gtest/gtest.h>

#include "tests/support/viewer/small_fleet.hpp"
#include "viewer/interaction.hpp"

namespace viewer::interaction_tests {

using ::testing_support::kSuzhou;
using ::testing_support::SmallFleet;

inline constexpr fleet::LonLat kBeijing{116.40, 39.90};
inline constexpr render::ScreenPoint kMiddle{960, 540};
inline const Rect kMap{400, 84, 1500, 960};
/// Its middle is kMiddle.
inline const Rect kWindow{0, 0, 1920, 1080};

inline Input keys(std::initializer_list<KeyPress> presses) {
  Input input;
  input.keys = presses;
  return input;
}
inline Input letter(char c) {
  return keys({{Key::letter, c}});
}
inline Input click_at(render::ScreenPoint p) {
  Input input;
  input.pointer = p;
  input.pointer_inside = input.pressed = input.clicked = true;
  return input;
}

/// Two machines: A in Suzhou, in the middle of the view at zoom 10, and B in Beijing.
class InteractionTest : public ::testing::Test {
 protected:
  InteractionTest() {
    a_ = fleet_.add("SY0121", kSuzhou, fleet::Status::working);
    b_ = fleet_.add("SY3307", kBeijing, fleet::Status::stopped);
    alarm_ = fleet_.alarm(b_, fleet::Severity::high);
    fleet_.show(view_);
    wall_.camera.centre = fleet::world_from_lonlat(kSuzhou);
    wall_.camera.zoom = 10;
    ui_.begin_frame(1920, 1080, 1, 0, 0.1);
  }
  ~InteractionTest() override { ui_.end_frame(); }

  Requests handle(const Input& input) {
    changed_ = false;
    return interaction_.handle(input, ui_, map_, changed_);
  }
  fleet::WorldPoint under(render::ScreenPoint p) const { return wall_.camera.world_from_screen(p); }
  render::ScreenPoint where(fleet::LonLat p) const {
    return wall_.camera.screen_from_world(fleet::world_from_lonlat(p));
  }

  fleet::Atlas atlas_;
  SmallFleet fleet_;
  FleetView view_{atlas_, fleet::shanghai()};
  WallState wall_;
  Interaction interaction_{wall_, view_};
  Ui ui_{Lang::en};
  fleet::Slot a_ = 0, b_ = 0;
  fleet::AlarmId alarm_ = 0;
  bool changed_ = false;
  Rect map_ = kWindow;
};

inline void expect_same(fleet::WorldPoint a, fleet::WorldPoint b) {
  EXPECT_NEAR(a.x, b.x, 1e-12);
  EXPECT_NEAR(a.y, b.y, 1e-12);
}

}  // namespace viewer::interaction_tests
