#include "render/tiles/tile_map.hpp"

namespace render {

TileTone tile_tone(TileLook look, bool dark) {
  switch (look) {
    case TileLook::map:
      // Paper becomes the dark land, and what is printed on it a dim blue grey: machines stay the
      // brightest thing. On the light theme ink must stay lighter than machines' ink.
      if (dark) return {{0.24f, 0.30f, 0.385f}, {0.045f, 0.075f, 0.115f}, 0.18f};
      return {{0.58f, 0.63f, 0.69f}, {0.975f, 0.985f, 0.995f}, 0.38f};
    case TileLook::photo:
      if (dark) return {{0.015f, 0.025f, 0.04f}, {0.34f, 0.39f, 0.45f}, 0.30f};
      return {{0.55f, 0.59f, 0.64f}, {0.98f, 0.985f, 0.99f}, 0.45f};
    case TileLook::plain:
      break;
  }
  return {{0, 0, 0}, {1, 1, 1}, 1};
}

}  // namespace render
