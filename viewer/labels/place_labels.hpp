// LabelPlacer: which place names are shown, and where, so that none touches another, a mark or a
// panel. Pure, no ImGui.
//
// How it works: candidates are taken by importance (rank, then those shown already, population,
// id), never by where they are, so that panning changes nothing but what enters and leaves the
// view. Each tries the sides and corners of its place, near and then farther off (a mark may stand
// on the place itself), the spot it had before first; boxes lie in a coarse grid that finds
// neighbours. Names already shown need less room than new ones, and one that had to go rests before
// it comes back, so that nothing flickers at a limit. 400 candidates take well
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
  bool of_area = false;  ///< names what lies around `at`: stands on it where it can
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
  double time_s = 0;          ///< of this call
  double rest_s = 0;          ///< a name that had to go does not come back for so long
};

/// More candidates than this are cut after the most important: a screen full of names is no map.
inline constexpr std::size_t kMostCandidates = 4000;

class LabelPlacer {
 public:
  /// The result stays valid until the next call. Obstacles: panels, marks.
  const std::vector<PlacedLabel>& place(std::span<const LabelCandidate> candidates,
                                        std::span<const Rect> obstacles, const LabelRules& rules);
  /// Placed by the last call.
  bool shows(std::uint32_t id) const { return shown_.count(id) != 0; }
  const std::vector<PlacedLabel>& placed() const { return placed_; }

 private:
  enum class Side : std::uint8_t {
    on,
    right,
    left,
    below,
    above,
    right_above,
    right_below,
    left_above,
    left_below
  };
  struct Spot {
    Side side = Side::right;
    bool far = false;
  };
  class Grid;
  static Rect box_at(const LabelCandidate& candidate, Spot spot, const LabelRules& rules);
  std::vector<std::size_t> by_importance(std::span<const LabelCandidate> candidates) const;
  bool rests(std::uint32_t id, const LabelRules& rules) const;

  std::unordered_map<std::uint32_t, Spot> shown_;
  std::unordered_map<std::uint32_t, double> gone_;  ///< when a name had to go
  std::vector<PlacedLabel> placed_;
};

}  // namespace viewer
