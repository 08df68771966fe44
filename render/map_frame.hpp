// What the map shows in one frame: the input of every MapComposer, plain data.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "fleet/mercator.hpp"
#include "render/camera.hpp"

namespace render {

/// A machine as the map draws it. 24 bytes, the same on the CPU and on the GPU, order = slot.
/// Positions are 32-bit integers over the Web Mercator square (grid << 4): exact at every zoom.
struct PointInstance {
  std::uint32_t x = 0, y = 0;            ///< place it is at, or glides to
  std::uint32_t from_x = 0, from_y = 0;  ///< place it glides from
  float moved_at_s = -1e9f;              ///< playhead seconds (MapFrame::playhead_s) of the move
  std::uint32_t style =
      kHidden;  ///< bits 0-2 status (fleet::Status), bit 3 hidden,
                ///< bit 4 dimmed (filtered out), bits 8-16 heading in degrees, bit 17 has heading

  static constexpr std::uint32_t kHidden = 1u << 3;
  static constexpr std::uint32_t kDimmed = 1u << 4;
  static constexpr std::uint32_t kHasHeading = 1u << 17;
};
static_assert(sizeof(PointInstance) == 24);

/// A weight at a place, e.g. the hours worked there: what the heat may show in place of machines.
struct HeatPlace {
  std::uint32_t x = 0, y = 0;  ///< as PointInstance's
  /// In the unit that heat_sum() then has, e.g. machine-hours; below zero in a difference alone.
  float weight = 0;
};
static_assert(sizeof(HeatPlace) == 12);

/// What the heat is a density of.
enum class HeatOf {
  working_machines,  ///< points that work and are neither hidden nor dimmed
  places,            ///< the weights of set_heat_places
};

/// How the heat is drawn; its numbers and colours are the same.
enum class HeatForm {
  smooth,    ///< spread by a kernel of heat_radius_m
  hexagons,  ///< in hexagons that stay on the ground, each with one density
};

/// What one hexagon of the heat holds.
struct HexagonValue {
  double value = 0;         ///< machines or weight
  double per_km2 = 0;       ///< value / area
  double area_km2 = 0;      ///< on the ground
  std::uint32_t count = 0;  ///< machines, or different places
  fleet::WorldPoint middle;
  double width_px = 0;  ///< from side to side; it stands on a corner, 2 / sqrt(3) as high
};

struct Rgb {
  float r = 0, g = 0, b = 0;  ///< sRGB 0..1, as one writes #RRGGBB
};

struct MapTheme {
  Rgb sea, land, focus_land, lake, lake_rim, coast;
  Rgb country_border, province_border, prefecture_border, county_border, river;
  /// By status (working, idling, stopped, silent, unknown), before tone mapping: what one machine
  /// adds of light on a dark map, or takes away of it, as ink does, on a light one. The largest
  /// channel is how much; shapes are made for 1, 0.8, 0.5, 0.3 and 0.2 or less.
  std::array<Rgb, 5> machine_light;
  /// Heat ramp, 256 colours from zero (transparent) to full, with opacity.
  struct HeatStop {
    float at;
    Rgb colour;
    float opacity;
  };
  std::array<HeatStop, 6> heat_ramp;
  /// The same of a difference, from zero to full: where there is more, and where there is less.
  std::array<HeatStop, 5> more_ramp, less_ramp;
  bool dark = true;  ///< whether machines are light (added) or ink (taken away)
};
MapTheme dark_theme();
/// Pale land and sea, machines as ink: the more of them work, the darker.
MapTheme light_theme();

struct MapFrame {
  Camera camera;
  double playhead_s = 0;  ///< seconds of feed time since the renderer's origin, for gliding
  float glide_s = 0.4f;   ///< 0 = points jump
  float ui_scale = 1;     ///< wall type scale; point sizes follow
  bool points = true;
  bool heat = false;
  HeatOf heat_of = HeatOf::working_machines;
  HeatForm heat_form = HeatForm::smooth;
  bool heat_difference = false;  ///< of places: their weights may lie below zero, two ramps
  float heat_radius_m = 2000;    ///< kernel radius; drawn at max(this, 3 px at ui_scale 1)
  float heat_full_per_km2 = 1;   ///< density (machines or weight) with the ramp's last colour
};

/// Effective heat radius in metres at this camera: max(radius, 3 px times ui_scale).
double effective_heat_radius_m(const MapFrame& frame);
/// Width of the heat's hexagons on the ground in the middle of the view, from side to side, metres.
double hexagon_width_m(const MapFrame& frame);

}  // namespace render
