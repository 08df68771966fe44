#include "viewer/wall_picture.hpp"

#include <algorithm>
#include <tuple>

#include "render/gl/gl_objects.hpp"
#include "viewer/labels/hexagon_tip.hpp"
#include "viewer/map_marks.hpp"
#include "viewer/map_theme.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/ui_renderer.hpp"

namespace viewer {
namespace {

/// Machines whose texts are looked through in a frame: a few milliseconds.
constexpr std::size_t kTextsAtOnce = 50'000;

render::ComposerChoice composer_choice(const std::string& name) {
  if (name == "cpu") return render::ComposerChoice::cpu;
  if (name == "gpu") return render::ComposerChoice::gpu;
  return render::ComposerChoice::automatic;
}

/// Whether they show the same of a fleet that stands still.
bool same_but_for_time(const render::MapFrame& a, const render::MapFrame& b) {
  const auto rest = [](const render::MapFrame& f) {
    return std::tie(f.ui_scale, f.glide_s, f.points, f.heat, f.heat_of, f.heat_form,
                    f.heat_difference, f.heat_radius_m, f.heat_full_per_km2);
  };
  return a.camera == b.camera && rest(a) == rest(b);
}

}  // namespace

struct WallPicture::Impl {
  Impl(const std::string& shader_dir, const fleet::Atlas& atlas, const Options& options)
      : ui(options.language),
        shaders(shader_dir),
        map(shader_dir, atlas, map_theme(options.theme), composer_choice(options.composer)),
        map_theme_name(options.theme),
        wall_scale(static_cast<float>(options.wall_scale)),
        wall_size(options.wall) {
    ui_renderer.emplace(ui, shaders);
    for (const fleet::Place& place : atlas.places) {
      ui.fonts().add_to_lists(place.names.zh);
      ui.fonts().add_to_lists(place.names.en);
    }
    for (const fleet::Place& county : atlas.counties) ui.fonts().add_to_lists(county.names.zh);
    for (const fleet::Region& region : atlas.provinces) {
      ui.fonts().add_to_lists(region.names.zh);
      ui.fonts().add_to_lists(region.names.en);
    }
  }

  void show_theme(ThemeName name);
  void fit_map(int width, int height);
  void draw_map(const render::MapFrame& frame, const FleetView& view, bool moving);
  void add_roster_texts(const FleetView& view);
  void draw_hexagon(const render::MapFrame& frame, const WallModel& model, const WallState& wall);

  Ui ui;
  const std::string shaders;
  std::optional<UiRenderer> ui_renderer;
  render::MapRenderer map;
  ThemeName map_theme_name;
  std::unique_ptr<MapTiles> tiles;
  MapMarks marks;
  const float wall_scale;
  const std::optional<WallSize> wall_size;

  render::Texture map_colour;
  render::Framebuffer map_framebuffer;
  render::MapFrame drawn_frame;
  bool drawn_moving = true, drawn = false;
  std::uint64_t roster_version = 0;
  fleet::Slot texts_from = 0;  ///< machines whose texts the fonts have
  Layout layout;
  double last_time_s = 0;
};

void WallPicture::Impl::show_theme(ThemeName name) {
  ui.set_theme(name);
  if (name == map_theme_name) return;
  map_theme_name = name;
  map.set_theme(map_theme(name));
  drawn = false;
}

void WallPicture::Impl::fit_map(int width, int height) {
  if (map_colour && map_colour.width() == width && map_colour.height() == height) return;
  map_framebuffer = {};
  map_colour = render::Texture("map", GL_RGBA8, width, height);
  map_framebuffer = render::Framebuffer("map", map_colour);
  drawn = false;
}

void WallPicture::Impl::draw_map(const render::MapFrame& frame, const FleetView& view,
                                 bool moving) {
  const bool points_changed = view.all_changed() || !view.changed().empty();
  const bool same = drawn && !points_changed && !moving && !drawn_moving &&
                    same_but_for_time(frame, drawn_frame) && map.stats().base_exact;
  if (same) return;
  if (points_changed) map.set_points(view.points(), view.changed(), view.all_changed());
  map.draw(frame, map_framebuffer.id());
  drawn = true;
  drawn_frame = frame;
  // One more picture after the last glide, with every point at its place.
  drawn_moving = moving;
}

/// A large roster takes several frames; a text that is drawn meanwhile asks for its characters
/// itself.
void WallPicture::Impl::add_roster_texts(const FleetView& view) {
  const fleet::Roster& roster = view.state().roster();
  const auto add = [this, &roster](fleet::Slot slot) {
    const fleet::Machine& machine = roster[slot];
    for (const std::string* text :
         {&machine.serial, &machine.model, &machine.customer, &machine.branch}) {
      ui.fonts().add_to_lists(*text);
    }
  };
  if (roster.version() != roster_version) {
    if (view.all_changed() || roster.size() <= kTextsAtOnce) {
      texts_from = 0;
    } else {
      for (const fleet::Slot slot : roster.changed_since(roster_version)) add(slot);
    }
    roster_version = roster.version();
  }
  const std::size_t until = std::min(roster.size(), texts_from + kTextsAtOnce);
  for (; texts_from < until; ++texts_from) add(texts_from);
}

/// What the hexagon under the pointer holds, unless a machine is under it.
void WallPicture::Impl::draw_hexagon(const render::MapFrame& frame, const WallModel& model,
                                     const WallState& wall) {
  const Point pointer = ui.pointer();
  if (!frame.heat || frame.heat_form != render::HeatForm::hexagons || wall.hovered) return;
  if (pointer.x < 0) return;
  const std::vector<Rect> blocks = layout.blocks();
  if (std::ranges::any_of(blocks, [&](const Rect& r) { return r.contains(pointer); })) return;
  const auto hexagon = map.hexagon_at(frame, {double{pointer.x}, double{pointer.y}});
  if (hexagon && hexagon->value > 0) {
    draw_hexagon_tip(*hexagon, model.heat, frame.camera, blocks, ui);
  }
}

WallPicture::WallPicture(const std::string& shader_dir, const fleet::Atlas& atlas,
                         const Options& options)
    : impl_(std::make_unique<Impl>(shader_dir, atlas, options)) {}
WallPicture::~WallPicture() = default;

Ui& WallPicture::ui() {
  return impl_->ui;
}

Layout WallPicture::layout(const WallModel& model, const render::Camera& camera) const {
  return layout_for(model, camera.width_px, camera.height_px, impl_->wall_scale, impl_->wall_size);
}

Rect WallPicture::map_rect() const {
  return impl_->layout.map;
}

void WallPicture::draw(const render::MapFrame& map_frame, const FleetView& view,
                       const WallModel& model, const WallState& wall, const TrailSet& trails,
                       bool moving, double time_s, unsigned target_framebuffer) {
  Impl& s = *impl_;
  const int width = map_frame.camera.width_px, height = map_frame.camera.height_px;
  s.layout = layout(model, map_frame.camera);
  render::MapFrame frame = map_frame;
  frame.ui_scale = s.layout.scale;

  s.show_theme(wall.theme);
  s.fit_map(width, height);
  s.draw_map(frame, view, moving);
  glBlitNamedFramebuffer(s.map_framebuffer.id(), target_framebuffer, 0, 0, width, height, 0, 0,
                         width, height, GL_COLOR_BUFFER_BIT, GL_NEAREST);

  s.add_roster_texts(view);
  s.ui.set_lang(wall.lang);
  const double dt = std::max(time_s - s.last_time_s, 1e-3);
  s.last_time_s = time_s;
  s.ui.begin_frame(width, height, s.layout.scale, time_s, dt);
  s.ui_renderer->begin_frame();
  s.marks.draw(view, wall, s.layout, notice_rect(model.notice, s.layout), s.ui, &trails);
  s.draw_hexagon(frame, model, wall);
  draw_wall(model, s.layout, s.ui, &*s.ui_renderer);
  s.ui_renderer->finish();
  s.ui_renderer->draw(target_framebuffer);
}

void WallPicture::rebuild() {
  Impl& s = *impl_;
  s.ui_renderer.reset();
  s.map_framebuffer = {};
  s.map_colour = {};
  s.ui_renderer.emplace(s.ui, s.shaders);
  s.ui.build_fonts_again();
  s.map.rebuild();
  s.drawn = false;
}

render::ShaderReload WallPicture::reload_shaders_if_changed() {
  const render::ShaderReload result = impl_->map.reload_shaders_if_changed();
  if (result.reloaded) impl_->drawn = false;
  return result;
}

void WallPicture::show_tiles(TileLoader& loader, const render::TileMap& map) {
  impl_->map.set_tiles(map);
  impl_->tiles = std::make_unique<MapTiles>(loader);
  impl_->drawn = false;
}

bool WallPicture::update_tiles(MapTiles::Steady now) {
  if (!impl_->tiles || !impl_->tiles->update(impl_->map, now)) return false;
  impl_->drawn = false;
  return true;
}

MapTiles* WallPicture::tiles() {
  return impl_->tiles.get();
}

bool WallPicture::tiles_settled() const {
  return !impl_->tiles || (impl_->drawn && impl_->tiles->settled(impl_->map));
}

bool WallPicture::exact() const {
  return impl_->drawn && impl_->map.stats().base_exact;
}

void WallPicture::set_heat_places(std::span<const render::HeatPlace> places) {
  impl_->map.set_heat_places(places);
  impl_->drawn = false;
}

std::optional<double> WallPicture::heat_sum() const {
  if (!impl_->drawn_frame.heat) return std::nullopt;
  return impl_->map.stats().heat_sum;
}

void WallPicture::add_to(RunStats& stats) const {
  stats.heat_sum = heat_sum();
  const render::RenderStats& map = impl_->map.stats();
  stats.composer = map.composer;
  if (const MapTiles* tiles = impl_->tiles.get()) {
    stats.tiles = {map.tiles_drawn,  map.tiles_stand_in, tiles->absent(), tiles->failed(),
                   tiles->failing(), tiles->reachable(), map.tile_bytes};
  }
  stats.gpu_bytes =
      map.gpu_bytes + impl_->ui_renderer->gpu_bytes() + impl_->map_colour.size_bytes();
}

}  // namespace viewer
