#include "render/map_frame.hpp"

namespace render {
namespace {

// 0xRRGGBB as one writes #RRGGBB.
constexpr Rgb rgb(unsigned hex) {
  return {static_cast<float>(hex >> 16 & 0xFF) / 255.0f,
          static_cast<float>(hex >> 8 & 0xFF) / 255.0f, static_cast<float>(hex & 0xFF) / 255.0f};
}

}  // namespace

MapTheme dark_theme() {
  MapTheme theme;
  theme.sea = rgb(0x070B12);
  theme.land = rgb(0x0C131E);
  theme.focus_land = rgb(0x101926);
  theme.lake = rgb(0x080E16);
  theme.coast = rgb(0x223247);
  theme.country_border = rgb(0x263951);
  theme.province_border = rgb(0x1D2B3D);
  theme.prefecture_border = rgb(0x172332);
  theme.river = rgb(0x0E1825);
  // Working near-white with a hint of warmth, idling steel blue, stopped dim, silent a trace.
  theme.machine_light = {rgb(0xFFF6E8), rgb(0x6FA3D2), rgb(0x44597A), rgb(0x2A3547), rgb(0x222B3A)};
  theme.heat_ramp = {{{0.00f, rgb(0x101B4A), 0.00f},
                      {0.15f, rgb(0x1F2A7A), 0.45f},
                      {0.35f, rgb(0x6A2C9A), 0.70f},
                      {0.55f, rgb(0xC2347F), 0.80f},
                      {0.78f, rgb(0xF58B3C), 0.88f},
                      {1.00f, rgb(0xFFF1B8), 0.95f}}};
  theme.dark = true;
  return theme;
}

}  // namespace render
