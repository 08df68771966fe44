// LabelPlacer: which place names are shown, and where, so that none touches another, a mark or a
// panel. Pure, no ImGui.
//
// How it works: candidates are taken by importance (rank, then population, then id), never by where
// they are, so that panning changes nothing but what enters and leaves the view. Each tries four
// sides of its place, near and then farther off (a mark may stand on the place itself), the spot it
// had before first; boxes lie in a coarse grid that finds neighbours. Names already shown need less
// room than new ones (hysteresis), so that nothing flickers at a limit. 400 candidates take well
// under 0.5 ms (tests/viewer/place_labels_test.cpp).
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "viewer/ui/layout.hpp"

namespace viewer {

struct LabelCandidate {
  std::uint32_t id = 0;   ///< the same place has the same id in every frame
  Point at;               ///< the place on the screen, px
  float width_px = 0;     ///< of its name as drawn
  std::uint8_t rank = 0;  ///< 0 = most important; see fleet::Place
  std::uint32_t population = 0;
};

struct PlacedLabel {
  std::uint32_t id = 0;
  std::size_t candidate = 0;  ///< index into the candidates of this call
  Rect box;                   ///< the name fills it; no box overlaps another or an obstacle
};

struct LabelRules {
  Rect view;                  ///< names stay inside
  float height_px = 18;       ///< of a line of text
  float distance_px = 7;      ///< from the place to its name
  float far_px = 22;          ///< the same where something stands on the place
  float spacing_px = 14;      ///< free room a new name needs from other names
  float kept_spacing_px = 8;  ///< the same for one that is shown already; must be smaller
};

/// More candidates than this are cut after the most important: a screen full of names is no map.
inline constexpr std::size_t kMostCandidates = 4000;

class LabelPlacer {
 public:
  /// The result stays valid until the next call. Obstacles: panels, marks.
  const std::vector<PlacedLabel>& place(std::span<const LabelCandidate> candidates,
                                        std::span<const Rect> obstacles, const LabelRules& rules);

 private:
  enum class Side : std::uint8_t { right, left, below, above };
  struct Spot {
    Side side = Side::right;
    bool far = false;
  };
  class Grid;
  static Rect box_at(const LabelCandidate& candidate, Spot spot, const LabelRules& rules);

  std::unordered_map<std::uint32_t, Spot> shown_;
  std::vector<PlacedLabel> placed_;
};

}  // namespace viewer
