// The window on the wall: GLFW, a GL 4.5 context, and what mouse and keyboard did since last asked.
// Main thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fleet/result.hpp"
#include "render/camera.hpp"

namespace viewer {

/// Keys the wall knows; printable keys come as text as well.
enum class Key {
  escape,
  enter,
  backspace,
  left,
  right,
  up,
  down,
  home,
  space,
  tab,
  plus,
  minus,
  letter,
  f11,
  f12,
  f9
};

struct KeyPress {
  Key key;
  char letter = 0;  ///< lower case, for Key::letter; digits and / [ ] , . ; ' too
  bool shift = false;
};

/// Everything that happened between two calls of `poll`.
struct Input {
  render::ScreenPoint pointer;  ///< framebuffer pixels
  bool pointer_inside = false;
  bool pressed = false;  ///< left button went down ...
  bool held = false;     ///< ... and is down now
  bool clicked = false;  ///< ... and came up again without moving
  bool double_clicked = false;
  bool with_shift = false;        ///< the click: a Shift key was down
  double drag_x = 0, drag_y = 0;  ///< movement with the left button down, px
  bool dragging = false;
  double wheel = 0;  ///< steps, up positive
  std::vector<KeyPress> keys;
  std::string text;  ///< typed characters, UTF-8
  std::vector<std::string> dropped_files;
  bool any() const {
    return pressed || clicked || dragging || wheel != 0 || !keys.empty() || !text.empty() ||
           !dropped_files.empty();
  }
};

struct WindowConfig {
  std::string title = "fleetwall";
  int width = 1600, height = 900;
  bool fullscreen = false;
  int monitor = 0;
  bool any_gl = false;  ///< whatever OpenGL there is, for the page that says it is too old
};

class Window {
 public:
  /// Error: no display, no such monitor, or no OpenGL 4.5 core context.
  static fleet::Result<std::unique_ptr<Window>> open(const WindowConfig& config);
  virtual ~Window() = default;

  virtual void framebuffer_size(int& width, int& height) const = 0;
  virtual bool should_close() const = 0;
  virtual void swap() = 0;
  /// Waits for events until `timeout_s` at most (0 = do not wait), then returns what happened.
  virtual Input poll(double timeout_s) = 0;
  virtual void toggle_fullscreen() = 0;
  virtual bool damaged() = 0;  ///< the system asked for a redraw since last asked
};

}  // namespace viewer
