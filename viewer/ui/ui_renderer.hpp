// UiRenderer: from draw lists to pixels, redrawing only what changed.
//
// How it works: every panel is recorded each frame into its own ImDrawList, which costs next to
// nothing; the list's bytes are hashed, and only when the hash differs from the last frame's is the
// list drawn into the panel's own texture. The frame then takes one quad a panel. On a software
// rasteriser that is a third of the cost of drawing the panels; a standing picture draws nothing.
// Main thread, with a current GL context; made after Ui and destroyed before it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "render/gl/gl_objects.hpp"
#include "render/gl/program.hpp"
#include "viewer/ui/ui.hpp"

namespace viewer {

class UiRenderer {
 public:
  /// shader_dir: folder of shaders/. Throws when a shader does not compile.
  UiRenderer(Ui& ui, const std::string& shader_dir);
  ~UiRenderer();
  UiRenderer(const UiRenderer&) = delete;
  UiRenderer& operator=(const UiRenderer&) = delete;

  /// After ui.begin_frame: uploads the font atlas if it was rebuilt.
  void begin_frame();

  /// Draws a panel inside `rect` (px, rounded outwards). id: the same one for the same panel in
  /// every frame. Panels lie over each other in the order of these calls.
  template <class Draw>
  void panel(int id, const Rect& rect, Draw&& draw) {
    if (rect.empty()) return;
    begin_panel(id, rect);
    draw();
    end_panel();
  }

  /// Ends the UI's frame. True if the picture differs from the last finished frame's: a caller that
  /// draws on demand may leave the frame away when its map stands still too.
  bool finish();
  /// Draws the frame over what `target_framebuffer` (0 = window) holds: what was drawn outside of
  /// panels (marks, labels) first, then the panels.
  void draw(unsigned target_framebuffer);

  /// Panels redrawn into their textures since the last begin_frame.
  int redrawn() const { return redrawn_; }
  std::size_t gpu_bytes() const;

 private:
  struct Panel;
  void begin_panel(int id, const Rect& rect);
  void end_panel();
  void render(Panel& panel);
  void upload_fonts();

  Ui& ui_;
  render::Program program_;
  render::VertexArray no_attributes_;
  render::Texture fonts_;
  std::uint64_t fonts_version_ = 0;
  std::vector<std::unique_ptr<Panel>> panels_;
  std::vector<Panel*> shown_;
  Panel* open_ = nullptr;
  ImDrawList* outside_ = nullptr;
  std::uint64_t picture_ = 0;
  int redrawn_ = 0;
};

}  // namespace viewer
