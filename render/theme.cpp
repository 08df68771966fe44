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
  theme.lake_rim = rgb(0x1A2736);
  theme.coast = rgb(0x223247);
  theme.country_border = rgb(0x263951);
  theme.province_border = rgb(0x1D2B3D);
  theme.prefecture_border = rgb(0x1A2738);
  theme.county_border = rgb(0x182435);
  theme.river = rgb(0x0E1825);
  // Working near-white with a hint of warmth, idling steel blue, stopped dim, silent a trace.
  theme.machine_light = {rgb(0xFFF6E8), rgb(0x6FA3D2), rgb(0x44597A), rgb(0x2A3547), rgb(0x222B3A)};
  theme.heat_ramp = {{{0.00f, rgb(0x101B4A), 0.00f},
                      {0.08f, rgb(0x283BA6), 0.54f},
                      {0.35f, rgb(0x732FA7), 0.75f},
                      {0.55f, rgb(0xC2347F), 0.82f},
                      {0.78f, rgb(0xF58B3C), 0.88f},
                      {1.00f, rgb(0xFFF1B8), 0.95f}}};
  // Blue and amber are told apart by colour-blind people too; both grow lighter alike.
  theme.more_ramp = {{{0.00f, rgb(0x7A4006), 0.00f},
                      {0.03f, rgb(0x7A4006), 0.27f},
                      {0.12f, rgb(0x9A5408), 0.46f},
                      {0.62f, rgb(0xF0962A), 0.86f},
                      {1.00f, rgb(0xFFEBBA), 0.95f}}};
  theme.less_ramp = {{{0.00f, rgb(0x14509A), 0.00f},
                      {0.03f, rgb(0x14509A), 0.27f},
                      {0.12f, rgb(0x1C62B4), 0.46f},
                      {0.62f, rgb(0x46A0F5), 0.86f},
                      {1.00f, rgb(0xCBEDFF), 0.95f}}};
  theme.dark = true;
  return theme;
}

MapTheme light_theme() {
  MapTheme theme;
  theme.sea = rgb(0xDCE5EE);
  theme.land = rgb(0xEDF1F5);
  theme.focus_land = rgb(0xF8FAFC);
  theme.lake = rgb(0xD8E2EC);
  theme.lake_rim = rgb(0xBBC9D7);
  theme.coast = rgb(0xA4B6C8);
  theme.country_border = rgb(0x9CAFC2);
  theme.province_border = rgb(0xBFCBD8);
  theme.prefecture_border = rgb(0xD5DDE6);
  theme.county_border = rgb(0xDCE3EB);
  theme.river = rgb(0xD3DEE9);
  // What ink takes away: navy where they work, steel blue idling, greys below.
  theme.machine_light = {{{1.00f, 0.86f, 0.70f},
                          {0.80f, 0.53f, 0.28f},
                          {0.30f, 0.20f, 0.13f},
                          {0.28f, 0.23f, 0.18f},
                          {0.23f, 0.19f, 0.15f}}};
  // Its end stays lighter than ink: machines are seen in the hottest places.
  theme.heat_ramp = {{{0.00f, rgb(0xFBE3A0), 0.00f},
                      {0.15f, rgb(0xF9D27A), 0.50f},
                      {0.35f, rgb(0xF0A04E), 0.72f},
                      {0.55f, rgb(0xD9605A), 0.82f},
                      {0.78f, rgb(0xA8326F), 0.86f},
                      {1.00f, rgb(0x62227C), 0.90f}}};
  theme.more_ramp = {{{0.00f, rgb(0xF3BC6C), 0.00f},
                      {0.03f, rgb(0xF3BC6C), 0.27f},
                      {0.12f, rgb(0xF0B25A), 0.46f},
                      {0.62f, rgb(0xC76908), 0.84f},
                      {1.00f, rgb(0x7A3400), 0.92f}}};
  theme.less_ramp = {{{0.00f, rgb(0x8DBDEB), 0.00f},
                      {0.03f, rgb(0x8DBDEB), 0.27f},
                      {0.12f, rgb(0x86B8EA), 0.46f},
                      {0.62f, rgb(0x2B78C8), 0.84f},
                      {1.00f, rgb(0x0B3A78), 0.92f}}};
  theme.dark = false;
  return theme;
}

}  // namespace render
