#include "render/basemap/base_map_layer.hpp"

#include <optional>
#include <span>
#include <vector>

#include "render/basemap/cache_view.hpp"
#include "render/basemap/painter.hpp"
#include "render/gl/readback.hpp"

namespace render {

struct BaseMapLayer::Impl {
  Impl(const std::string& dir, const fleet::Atlas& atlas, const MapTheme& wanted)
      : shader_dir(dir), theme(wanted), levels(prepared_levels(atlas)) {
    painter.emplace(shader_dir, levels);
  }

  // The cached picture's mapping for this camera, after a redraw if the cached one does not do.
  BaseMapping current(const Camera& camera) {
    const bool at_rest = last_camera && *last_camera == camera;
    last_camera = camera;
    auto mapping = view ? view->mapping(camera) : std::nullopt;
    const bool first = !view;
    if (!mapping || ((at_rest || first) && !mapping->exact()) || new_tiles) {
      redraw(camera);
      mapping = view->mapping(camera);
    }
    return *mapping;
  }

  void redraw(const Camera& camera) {
    const DebugGroup group("base map redraw");
    view.emplace(camera);
    if (texture.width() != view->width_px() || texture.height() != view->height_px()) {
      texture = Texture("base map cache", GL_RGBA8, view->width_px(), view->height_px());
      framebuffer = Framebuffer("base map cache", texture);
    }
    if (tiles) tiles->look_at(*view);
    painter->draw(*view, theme, framebuffer.id(), tiles ? &*tiles : nullptr);
    new_tiles = false;
    ++version;
    pixels_version = 0;
  }

  void read_back() {
    if (pixels_version == version) return;
    pixels.resize(texture.size_bytes() / sizeof(std::uint32_t));
    read_texture(texture, {reinterpret_cast<std::uint8_t*>(pixels.data()), texture.size_bytes()});
    pixels_version = version;
  }

  void forget_picture() {
    view.reset();
    last_camera.reset();
  }

  std::string shader_dir;
  MapTheme theme;
  std::vector<PreparedLevel> levels;
  std::optional<BaseMapPainter> painter;
  std::optional<TileLayer> tiles;
  bool new_tiles = false;  // to be shown by the next update
  Texture texture;
  Framebuffer framebuffer;
  std::optional<CacheView> view;      // what the texture holds; none = nothing of use
  std::optional<Camera> last_camera;  // of the last update
  bool exact = false;
  std::uint64_t version = 0;
  std::uint64_t pixels_version = 0;  // version that `pixels` holds, 0 = none
  std::vector<std::uint32_t> pixels;
};

BaseMapLayer::BaseMapLayer(const std::string& shader_dir, const fleet::Atlas& atlas,
                           const MapTheme& theme)
    : impl_(std::make_unique<Impl>(shader_dir, atlas, theme)) {}

BaseMapLayer::~BaseMapLayer() = default;

void BaseMapLayer::set_theme(const MapTheme& theme) {
  impl_->theme = theme;
  if (impl_->tiles) impl_->tiles->set_theme(theme.dark);
  impl_->forget_picture();
}

void BaseMapLayer::set_tiles(const std::optional<TileMap>& map) {
  impl_->tiles.reset();
  if (map) impl_->tiles.emplace(impl_->shader_dir, *map, impl_->theme.dark);
  impl_->forget_picture();
}

TileLayer* BaseMapLayer::tiles() {
  return impl_->tiles ? &*impl_->tiles : nullptr;
}

bool BaseMapLayer::show_new_tiles() {
  impl_->new_tiles = impl_->new_tiles || (impl_->tiles && impl_->tiles->has_news());
  return impl_->new_tiles;
}

BaseImage BaseMapLayer::update(const Camera& camera, bool cpu_copy) {
  const BaseMapping mapping = impl_->current(camera);
  impl_->exact = mapping.exact();
  if (cpu_copy) impl_->read_back();
  BaseImage image;
  image.texture = impl_->texture.id();
  image.pixels = cpu_copy ? impl_->pixels.data() : nullptr;
  image.width = impl_->texture.width();
  image.height = impl_->texture.height();
  image.origin_x = mapping.origin_x;
  image.origin_y = mapping.origin_y;
  image.scale = mapping.scale;
  image.version = impl_->version;
  return image;
}

bool BaseMapLayer::exact() const {
  return impl_->exact;
}
std::uint64_t BaseMapLayer::redraws() const {
  return impl_->version;
}
std::uint64_t BaseMapLayer::primitives() const {
  return impl_->painter->primitives();
}

std::uint64_t BaseMapLayer::gpu_bytes() const {
  const std::uint64_t tiles = impl_->tiles ? impl_->tiles->gpu_bytes() : 0;
  return impl_->painter->gpu_bytes() + impl_->texture.size_bytes() + tiles;
}

void BaseMapLayer::reload_shaders() {
  impl_->painter->reload_shaders(impl_->shader_dir);
  if (impl_->tiles) impl_->tiles->reload_shaders(impl_->shader_dir);
  impl_->forget_picture();
}

void BaseMapLayer::rebuild() {
  impl_->painter.reset();
  impl_->framebuffer = {};
  impl_->texture = {};
  impl_->forget_picture();
  impl_->painter.emplace(impl_->shader_dir, impl_->levels);
  if (impl_->tiles) impl_->tiles->rebuild(impl_->shader_dir);
}

}  // namespace render
