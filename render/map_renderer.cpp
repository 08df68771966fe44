#include "render/map_renderer.hpp"

#include <exception>

#include "render/basemap/base_map_layer.hpp"
#include "render/compose/map_composer.hpp"
#include "render/gl/gl_context.hpp"
#include "render/gl/gpu_timer.hpp"
#include "render/gl/shader_watch.hpp"

namespace render {
namespace {

std::unique_ptr<MapComposer> make_composer(ComposerChoice choice, const std::string& shader_dir) {
  if (choice == ComposerChoice::automatic) {
    choice = is_software_renderer() ? ComposerChoice::cpu : ComposerChoice::gpu;
  }
  return choice == ComposerChoice::gpu ? make_gpu_composer(shader_dir)
                                       : make_cpu_composer(shader_dir);
}

// The timers of the passes. One after the other: GPU timers do not nest.
struct Timers {
  GpuTimer base{"base map"};
  GpuTimer compose{"compose"};
};

}  // namespace

struct MapRenderer::Impl {
  Impl(const std::string& shader_dir, const fleet::Atlas& atlas, const MapTheme& theme,
       ComposerChoice choice)
      : base_map(shader_dir, atlas, theme),
        composer(make_composer(choice, shader_dir)),
        timers(std::make_unique<Timers>()),
        watch(shader_dir) {
    composer->set_theme(theme);
    stats.composer = composer->name();
  }

  BaseImage update_base(const Camera& camera) {
    const DebugGroup group("base map");
    timers->base.begin();
    const BaseImage base = base_map.update(camera, composer->wants_cpu_base());
    timers->base.end();
    return base;
  }

  void compose(const MapFrame& frame, const BaseImage& base, unsigned target_framebuffer) {
    const DebugGroup group("compose");
    timers->compose.begin();
    composer->compose(frame, base, target_framebuffer);
    timers->compose.end();
  }

  void take_stats() {
    stats.base_gpu_ms = timers->base.last_ms();
    stats.gpu_ms = stats.base_gpu_ms + timers->compose.last_ms();
    stats.gpu_bytes = base_map.gpu_bytes() + composer->gpu_bytes();
    stats.base_redraws = base_map.redraws();
    stats.base_exact = base_map.exact();
    if (const TileLayer* tiles = base_map.tiles()) {
      stats.tiles_drawn = tiles->drawn();
      stats.tiles_stand_in = tiles->stand_in();
      stats.tile_bytes = tiles->tile_bytes();
    }
  }

  BaseMapLayer base_map;
  std::unique_ptr<MapComposer> composer;
  std::unique_ptr<Timers> timers;
  ShaderWatch watch;
  RenderStats stats;
};

MapRenderer::MapRenderer(const std::string& shader_dir, const fleet::Atlas& atlas, MapTheme theme,
                         ComposerChoice choice)
    : impl_(std::make_unique<Impl>(shader_dir, atlas, theme, choice)) {}

MapRenderer::~MapRenderer() = default;

void MapRenderer::set_points(std::span<const PointInstance> points,
                             std::span<const std::uint32_t> changed, bool all) {
  impl_->composer->set_points(points, changed, all);
}

void MapRenderer::set_heat_places(std::span<const HeatPlace> places) {
  impl_->composer->set_heat_places(places);
}

void MapRenderer::set_theme(const MapTheme& theme) {
  impl_->base_map.set_theme(theme);
  impl_->composer->set_theme(theme);
}

void MapRenderer::set_tiles(const std::optional<TileMap>& map) {
  impl_->base_map.set_tiles(map);
  impl_->stats.tiles_drawn = impl_->stats.tiles_stand_in = 0;
  impl_->stats.tile_bytes = 0;
}

std::span<const fleet::TileId> MapRenderer::wanted_tiles() {
  TileLayer* tiles = impl_->base_map.tiles();
  return tiles ? std::span<const fleet::TileId>(tiles->wanted()) : std::span<const fleet::TileId>();
}

std::span<const fleet::TileId> MapRenderer::shown_tiles() {
  const TileLayer* tiles = impl_->base_map.tiles();
  return tiles ? std::span<const fleet::TileId>(tiles->shown()) : std::span<const fleet::TileId>();
}

std::uint64_t MapRenderer::wanted_tiles_version() const {
  const TileLayer* tiles = impl_->base_map.tiles();
  return tiles ? tiles->wanted_version() : 0;
}

void MapRenderer::add_tile(fleet::TileId tile, const Image& picture) {
  if (TileLayer* tiles = impl_->base_map.tiles()) tiles->add(tile, picture);
}

void MapRenderer::set_tile_absent(fleet::TileId tile) {
  if (TileLayer* tiles = impl_->base_map.tiles()) tiles->set_absent(tile);
}

bool MapRenderer::show_new_tiles() {
  return impl_->base_map.show_new_tiles();
}

void MapRenderer::draw(const MapFrame& frame, unsigned target_framebuffer) {
  const BaseImage base = impl_->update_base(frame.camera);
  impl_->compose(frame, base, target_framebuffer);
  impl_->take_stats();
}

std::optional<HexagonValue> MapRenderer::hexagon_at(const MapFrame& frame,
                                                    ScreenPoint point) const {
  return impl_->composer->hexagon_at(frame, point);
}

const RenderStats& MapRenderer::stats() const {
  // A GPU's sum arrives some frames late: asked for here, it is right once drawing rests.
  impl_->stats.heat_sum = impl_->composer->heat_sum();
  return impl_->stats;
}

ShaderReload MapRenderer::reload_shaders_if_changed() {
  ShaderReload result;
  if (!impl_->watch.changed()) return result;
  const auto attempt = [&](auto& owner) {
    try {
      owner.reload_shaders();
      result.reloaded = true;
    } catch (const std::exception& error) {
      if (!result.error.empty()) result.error += '\n';
      result.error += error.what();
    }
  };
  attempt(impl_->base_map);
  attempt(*impl_->composer);
  return result;
}

void MapRenderer::rebuild() {
  impl_->base_map.rebuild();
  impl_->composer->rebuild();
  impl_->timers = std::make_unique<Timers>();
}

}  // namespace render
