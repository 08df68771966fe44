#include "viewer/window.hpp"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <X11/Xlib.h>
#include <X11/extensions/scrnsaver.h>

#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

// Xlib's macros that collide with ordinary names.
#undef None
#undef Always
#undef Status
#undef KeyPress

// As in glfw3native.h, which would also want the headers of Xrandr.
extern "C" Display* glfwGetX11Display(void);

namespace viewer {
namespace {

/// A press that moved less than this is a click: a hand on a desk mouse is not still.
constexpr double kClickSlopPx = 4;
constexpr double kDoubleClickS = 0.35;

void append_utf8(std::string& text, unsigned code) {
  const auto put = [&](unsigned byte) { text.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6), put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
  } else {
    put(0xf0 | code >> 18), put(0x80 | (code >> 12 & 63)), put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  }
}

std::optional<Key> named_key(int key) {
  switch (key) {
    case GLFW_KEY_ESCAPE:
      return Key::escape;
    case GLFW_KEY_ENTER:
    case GLFW_KEY_KP_ENTER:
      return Key::enter;
    case GLFW_KEY_BACKSPACE:
      return Key::backspace;
    case GLFW_KEY_LEFT:
      return Key::left;
    case GLFW_KEY_RIGHT:
      return Key::right;
    case GLFW_KEY_UP:
      return Key::up;
    case GLFW_KEY_DOWN:
      return Key::down;
    case GLFW_KEY_HOME:
      return Key::home;
    case GLFW_KEY_SPACE:
      return Key::space;
    case GLFW_KEY_EQUAL:
    case GLFW_KEY_KP_ADD:
      return Key::plus;
    case GLFW_KEY_MINUS:
    case GLFW_KEY_KP_SUBTRACT:
      return Key::minus;
    case GLFW_KEY_TAB:
      return Key::tab;
    case GLFW_KEY_F9:
      return Key::f9;
    case GLFW_KEY_F11:
      return Key::f11;
    case GLFW_KEY_F12:
      return Key::f12;
    default:
      return std::nullopt;
  }
}

class GlfwWindow final : public Window {
 public:
  explicit GlfwWindow(GLFWwindow* window) : window_(window) {
    glfwSetWindowUserPointer(window_, this);
    install_callbacks();
    // A wall must not go dark: lasts as long as this connection to the display.
    XScreenSaverSuspend(glfwGetX11Display(), True);
  }
  ~GlfwWindow() override {
    glfwDestroyWindow(window_);
    glfwTerminate();
  }

  void framebuffer_size(int& width, int& height) const override {
    glfwGetFramebufferSize(window_, &width, &height);
  }
  bool should_close() const override { return glfwWindowShouldClose(window_) != 0; }
  void swap() override { glfwSwapBuffers(window_); }

  Input poll(double timeout_s) override {
    if (timeout_s > 0) {
      glfwWaitEventsTimeout(timeout_s);
    } else {
      glfwPollEvents();
    }
    Input result = std::move(input_);
    input_ = {};
    input_.pointer = result.pointer;
    input_.pointer_inside = result.pointer_inside;
    result.held = button_down_;
    return result;
  }

  bool damaged() override { return std::exchange(damaged_, false); }

  void toggle_fullscreen() override {
    if (glfwGetWindowMonitor(window_)) {
      glfwSetWindowMonitor(window_, nullptr, x_, y_, width_, height_, GLFW_DONT_CARE);
      glfwSetInputMode(window_, GLFW_CURSOR, GLFW_CURSOR_NORMAL);
      return;
    }
    glfwGetWindowPos(window_, &x_, &y_);
    glfwGetWindowSize(window_, &width_, &height_);
    GLFWmonitor* monitor = glfwGetPrimaryMonitor();
    const GLFWvidmode* mode = glfwGetVideoMode(monitor);
    glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
  }

 private:
  static GlfwWindow& self(GLFWwindow* window) {
    return *static_cast<GlfwWindow*>(glfwGetWindowUserPointer(window));
  }

  void install_callbacks() {
    glfwSetKeyCallback(window_, [](GLFWwindow* w, int key, int, int action, int mods) {
      if (action != GLFW_RELEASE && key > 0) self(w).on_key(key, (mods & GLFW_MOD_SHIFT) != 0);
    });
    glfwSetCharCallback(
        window_, [](GLFWwindow* w, unsigned code) { append_utf8(self(w).input_.text, code); });
    glfwSetScrollCallback(window_,
                          [](GLFWwindow* w, double, double y) { self(w).input_.wheel += y; });
    glfwSetCursorPosCallback(window_,
                             [](GLFWwindow* w, double x, double y) { self(w).on_move(x, y); });
    glfwSetCursorEnterCallback(
        window_, [](GLFWwindow* w, int inside) { self(w).input_.pointer_inside = inside != 0; });
    glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int button, int action, int mods) {
      if (button != GLFW_MOUSE_BUTTON_LEFT) return;
      self(w).on_button(action == GLFW_PRESS, (mods & GLFW_MOD_SHIFT) != 0);
    });
    glfwSetWindowRefreshCallback(window_, [](GLFWwindow* w) { self(w).damaged_ = true; });
    glfwSetFramebufferSizeCallback(window_,
                                   [](GLFWwindow* w, int, int) { self(w).damaged_ = true; });
    glfwSetDropCallback(window_, [](GLFWwindow* w, int count, const char** paths) {
      for (int i = 0; i < count; ++i) self(w).input_.dropped_files.emplace_back(paths[i]);
    });
  }

  void on_key(int key, bool shift) {
    if (const auto named = named_key(key)) {
      input_.keys.push_back({*named, 0, shift});
    } else if (key >= GLFW_KEY_A && key <= GLFW_KEY_Z) {
      input_.keys.push_back({Key::letter, static_cast<char>('a' + (key - GLFW_KEY_A)), shift});
    } else if (key < 128 && std::strchr("0123456789/[],.;'", key) != nullptr) {
      // GLFW's codes of these keys are their ASCII characters.
      input_.keys.push_back({Key::letter, static_cast<char>(key), shift});
    }
  }

  /// Window coordinates to framebuffer pixels (they differ on scaled desktops).
  render::ScreenPoint to_pixels(double x, double y) const {
    int width = 0, height = 0, px_width = 0, px_height = 0;
    glfwGetWindowSize(window_, &width, &height);
    glfwGetFramebufferSize(window_, &px_width, &px_height);
    return {width > 0 ? x * px_width / width : x, height > 0 ? y * px_height / height : y};
  }

  void on_move(double x, double y) {
    const render::ScreenPoint p = to_pixels(x, y);
    if (button_down_) {
      travelled_ += std::hypot(p.x - input_.pointer.x, p.y - input_.pointer.y);
      if (travelled_ > kClickSlopPx) {
        input_.dragging = true;
        input_.drag_x += p.x - input_.pointer.x;
        input_.drag_y += p.y - input_.pointer.y;
      }
    }
    input_.pointer = p;
    input_.pointer_inside = true;
  }

  void on_button(bool down, bool shift) {
    button_down_ = down;
    if (down) {
      travelled_ = 0;
      input_.pressed = true;
    } else if (travelled_ <= kClickSlopPx) {
      const double now = glfwGetTime();
      input_.clicked = true;
      input_.with_shift = shift;
      input_.double_clicked = now - last_click_s_ < kDoubleClickS;
      last_click_s_ = now;
    }
  }

  GLFWwindow* window_;
  Input input_;
  bool button_down_ = false, damaged_ = true;
  double travelled_ = 0, last_click_s_ = -1;
  int x_ = 0, y_ = 0, width_ = 1600, height_ = 900;
};

std::string glfw_problem(const std::string& what) {
  const char* text = nullptr;
  glfwGetError(&text);
  return what + (text ? std::string(": ") + text : std::string());
}

}  // namespace

fleet::Result<std::unique_ptr<Window>> Window::open(const WindowConfig& config) {
  if (!glfwInit()) {
    return fleet::Error{
        glfw_problem("no display to open a window on (use --headless without one)")};
  }
  GLFWmonitor* monitor = nullptr;
  int width = config.width, height = config.height;
  if (config.fullscreen) {
    int count = 0;
    GLFWmonitor** monitors = glfwGetMonitors(&count);
    if (config.monitor >= count) {
      glfwTerminate();
      return fleet::Error{"--monitor " + std::to_string(config.monitor) + ": this display has " +
                          std::to_string(count) + ", numbered from 0"};
    }
    monitor = monitors[config.monitor];
    const GLFWvidmode* mode = glfwGetVideoMode(monitor);
    width = mode->width;
    height = mode->height;
    glfwWindowHint(GLFW_AUTO_ICONIFY, GLFW_FALSE);
  }
  if (!config.any_gl) {
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 4);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 5);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
  }
  GLFWwindow* window = glfwCreateWindow(width, height, config.title.c_str(), monitor, nullptr);
  if (!window) {
    const std::string why = glfw_problem("this display offers no OpenGL 4.5 core context");
    glfwTerminate();
    return fleet::Error{why};
  }
  glfwMakeContextCurrent(window);
  glfwSwapInterval(1);
  if (config.fullscreen) glfwSetInputMode(window, GLFW_CURSOR, GLFW_CURSOR_HIDDEN);
  return std::unique_ptr<Window>(std::make_unique<GlfwWindow>(window));
}

}  // namespace viewer
