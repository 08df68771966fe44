#include "viewer/gl_page.hpp"

#include <algorithm>
#include <chrono>

#include "backends/imgui_impl_opengl3.h"
#include "render/gl/gl_api.hpp"
#include "render/gl/readback.hpp"
#include "viewer/panels/panels.hpp"

namespace viewer {
namespace {

using Steady = std::chrono::steady_clock;
/// Words stand still: often enough for a window that was resized.
constexpr double kPollS = 0.1;

/// ImGui's own backend, which is content with OpenGL 3.0.
class PageBackend {
 public:
  PageBackend() : ok_(ImGui_ImplOpenGL3_Init("#version 130")) {}
  ~PageBackend() {
    if (ok_) ImGui_ImplOpenGL3_Shutdown();
  }
  PageBackend(const PageBackend&) = delete;
  PageBackend& operator=(const PageBackend&) = delete;

  bool ok() const { return ok_; }
  static void upload_fonts() {
    ImGui_ImplOpenGL3_DestroyDeviceObjects();
    ImGui_ImplOpenGL3_CreateDeviceObjects();
  }

 private:
  bool ok_;
};

std::string gl_text(GLenum name) {
  const auto* text = reinterpret_cast<const char*>(glGetString(name));
  return text ? text : "";
}

bool asks_to_leave(const Input& input) {
  return std::any_of(input.keys.begin(), input.keys.end(), [](const KeyPress& press) {
    return press.key == Key::escape || (press.key == Key::letter && press.letter == 'q');
  });
}

void draw_page(Ui& ui, std::uint64_t& fonts, int width, int height, const std::string& found) {
  ui.begin_frame(width, height, ui_scale(width, height), 0, kPollS);
  if (fonts != ui.fonts().version()) {
    PageBackend::upload_fonts();
    fonts = ui.fonts().version();
    // Commands recorded before carry the old texture.
    ui.list()._ResetForNewFrame();
    ui.list().PushTextureID(ImGui::GetIO().Fonts->TexID);
    ui.list().PushClipRectFullScreen();
  }
  draw_gl_too_old(found, width, height, ui);
  ui.end_frame();
  glViewport(0, 0, width, height);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

}  // namespace

bool show_gl_page(Window& window, const Options& options, const volatile int& stop) {
  const std::string version = gl_text(GL_VERSION);
  if (version < "3") return false;  // "2.1 Mesa ...", or nothing at all
  Ui ui(options.language);
  ui.set_theme(options.theme);
  const PageBackend backend;
  if (!backend.ok()) return false;
  const std::string found = "OpenGL " + version + " · " + gl_text(GL_RENDERER);
  const auto begin = Steady::now();
  std::uint64_t fonts = 0;
  for (std::uint64_t frames = 1; stop == 0 && !window.should_close(); ++frames) {
    int width = 0, height = 0;
    window.framebuffer_size(width, height);
    draw_page(ui, fonts, width, height, found);
    const double passed_s = std::chrono::duration<double>(Steady::now() - begin).count();
    const bool last = (options.frames && frames >= *options.frames) ||
                      (options.seconds && passed_s >= *options.seconds);
    if (last) {
      // The characters of the page's last line are in the atlas from the second picture on.
      draw_page(ui, fonts, width, height, found);
      if (!options.screenshot_file.empty()) {
        (void)render::write_png(options.screenshot_file,
                                render::image_from_framebuffer(0, width, height));
      }
      break;
    }
    window.swap();
    if (asks_to_leave(window.poll(kPollS))) break;
  }
  return true;
}

}  // namespace viewer
