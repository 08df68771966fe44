// The map's theme that goes with the interface's.
#pragma once

#include "render/map_frame.hpp"
#include "viewer/ui/theme.hpp"

namespace viewer {

inline render::MapTheme map_theme(ThemeName name) {
  return name == ThemeName::light ? render::light_theme() : render::dark_theme();
}

}  // namespace viewer
