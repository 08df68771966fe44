#include "viewer/ui/ui_renderer.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "backends/imgui_impl_opengl3.h"

namespace viewer {
namespace {

static_assert(sizeof(ImDrawVert) == 20, "padding in a vertex would make hashes differ");

/// Everything that decides what a list looks like.
std::uint64_t hash_of(const ImDrawList& list, std::uint64_t seed) {
  std::uint64_t hash = XXH3_64bits_withSeed(
      list.VtxBuffer.Data, static_cast<std::size_t>(list.VtxBuffer.size_in_bytes()), seed);
  hash = XXH3_64bits_withSeed(list.IdxBuffer.Data,
                              static_cast<std::size_t>(list.IdxBuffer.size_in_bytes()), hash);
  for (const ImDrawCmd& command : list.CmdBuffer) {
    const std::array<float, 4> clip{command.ClipRect.x, command.ClipRect.y, command.ClipRect.z,
                                    command.ClipRect.w};
    hash = XXH3_64bits_withSeed(clip.data(), sizeof clip, hash);
  }
  return hash;
}

ImTextureID texture_id(const render::Texture& texture) {
  return reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(texture.id()));
}

Rect rounded_outwards(const Rect& r) {
  return {std::floor(r.x0), std::floor(r.y0), std::ceil(r.x1), std::ceil(r.y1)};
}

}  // namespace

struct UiRenderer::Panel {
  explicit Panel(int the_id) : id(the_id), list(ImGui::GetDrawListSharedData()) {}

  int id;
  Rect rect;
  ImDrawList list;
  std::uint64_t hash = 0;
  render::Texture texture;
  render::Framebuffer framebuffer;
};

UiRenderer::UiRenderer(Ui& ui, const std::string& shader_dir)
    : ui_(ui),
      program_("panels", shader_dir, {"panels.vert", "panels.frag"}),
      no_attributes_("panels") {
  ImGui_ImplOpenGL3_Init("#version 450 core");
  // The backend makes an RGBA atlas with its shaders, four times of what is needed: it gets a tiny
  // one, which ours replaces.
  ImGui_ImplOpenGL3_CreateDeviceObjects();
  ImGui_ImplOpenGL3_DestroyFontsTexture();
  fonts_version_ = 0;
}

UiRenderer::~UiRenderer() {
  panels_.clear();
  ImGui::GetIO().Fonts->SetTexID(nullptr);
  ImGui_ImplOpenGL3_Shutdown();
}

void UiRenderer::upload_fonts() {
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  unsigned char* pixels = nullptr;
  int width = 0;
  int height = 0;
  atlas.GetTexDataAsAlpha8(&pixels, &width, &height);
  fonts_ = render::Texture("ui fonts", GL_R8, width, height);
  fonts_.update(GL_RED, GL_UNSIGNED_BYTE, pixels);
  const std::array<GLint, 4> swizzle{GL_ONE, GL_ONE, GL_ONE, GL_RED};
  glTextureParameteriv(fonts_.id(), GL_TEXTURE_SWIZZLE_RGBA, swizzle.data());
  atlas.SetTexID(texture_id(fonts_));
  fonts_version_ = ui_.fonts().version();
  // Commands recorded before carry the old texture.
  outside_->_ResetForNewFrame();
  outside_->PushTextureID(atlas.TexID);
  outside_->PushClipRectFullScreen();
}

void UiRenderer::begin_frame() {
  outside_ = &ui_.list();
  if (fonts_version_ != ui_.fonts().version()) upload_fonts();
  shown_.clear();
  redrawn_ = 0;
}

void UiRenderer::begin_panel(int id, const Rect& rect) {
  auto known = std::find_if(panels_.begin(), panels_.end(),
                            [&](const auto& panel) { return panel->id == id; });
  if (known == panels_.end()) {
    known = panels_.insert(panels_.end(), std::make_unique<Panel>(id));
  }
  open_ = known->get();
  const Rect r = rounded_outwards(rect);
  if (!(r == open_->rect)) open_->hash = 0;
  open_->rect = r;
  open_->list._ResetForNewFrame();
  open_->list.PushTextureID(ImGui::GetIO().Fonts->TexID);
  open_->list.PushClipRect({r.x0, r.y0}, {r.x1, r.y1});
  ui_.set_target(&open_->list);
}

void UiRenderer::end_panel() {
  open_->list._PopUnusedDrawCmd();
  const std::uint64_t hash = hash_of(open_->list, fonts_version_) | 1;  // 0 = nothing drawn yet
  if (hash != open_->hash) {
    open_->hash = hash;
    render(*open_);
    ++redrawn_;
  }
  shown_.push_back(open_);
  open_ = nullptr;
  ui_.set_target(outside_);
}

void UiRenderer::render(Panel& panel) {
  const int width = static_cast<int>(panel.rect.width());
  const int height = static_cast<int>(panel.rect.height());
  if (panel.texture.width() != width || panel.texture.height() != height) {
    panel.framebuffer.reset();
    panel.texture = render::Texture("panel", GL_RGBA8, width, height);
    panel.texture.set_filter(GL_NEAREST);
    panel.framebuffer = render::Framebuffer("panel", panel.texture);
  }
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, panel.framebuffer.id());
  const std::array<float, 4> nothing{0, 0, 0, 0};
  glDisable(GL_SCISSOR_TEST);
  glClearNamedFramebufferfv(panel.framebuffer.id(), GL_COLOR, 0, nothing.data());
  ImDrawList* lists[] = {&panel.list};
  ImDrawData data;
  data.Valid = true;
  data.CmdLists = lists;
  data.CmdListsCount = 1;
  data.TotalIdxCount = panel.list.IdxBuffer.Size;
  data.TotalVtxCount = panel.list.VtxBuffer.Size;
  data.DisplayPos = {panel.rect.x0, panel.rect.y0};
  data.DisplaySize = {panel.rect.width(), panel.rect.height()};
  data.FramebufferScale = {1, 1};
  ImGui_ImplOpenGL3_RenderDrawData(&data);
}

bool UiRenderer::finish() {
  std::uint64_t picture = hash_of(*outside_, fonts_version_);
  for (const Panel* panel : shown_) {
    const std::array<std::uint64_t, 2> part{panel->hash, static_cast<std::uint64_t>(panel->id)};
    picture = XXH3_64bits_withSeed(part.data(), sizeof part, picture);
  }
  ui_.end_frame();
  // The atlas lives on the GPU; a build makes its pixels anew. ImGui allows this between frames.
  ImGui::GetIO().Fonts->ClearTexData();
  return std::exchange(picture_, picture) != picture;
}

void UiRenderer::draw(unsigned target_framebuffer) {
  const render::DebugGroup group("ui");
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, target_framebuffer);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  glViewport(0, 0, ui_.width_px(), ui_.height_px());
  glDisable(GL_DEPTH_TEST);
  glDisable(GL_SCISSOR_TEST);
  glDisable(GL_CULL_FACE);
  glEnable(GL_BLEND);
  glBlendEquation(GL_FUNC_ADD);
  // The backend's blending leaves colours multiplied by their opacity in the textures.
  glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  program_.use();
  program_.set("u_view_px", static_cast<float>(ui_.width_px()),
               static_cast<float>(ui_.height_px()));
  glBindVertexArray(no_attributes_.id());
  for (const Panel* panel : shown_) {
    glBindTextureUnit(0, panel->texture.id());
    program_.set("u_rect_px", panel->rect.x0, panel->rect.y0, panel->rect.x1, panel->rect.y1);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  }
  glBindVertexArray(0);
  glUseProgram(0);
  glDisable(GL_BLEND);
}

std::size_t UiRenderer::gpu_bytes() const {
  std::size_t bytes = fonts_.size_bytes();
  for (const auto& panel : panels_) bytes += panel->texture.size_bytes();
  return bytes;
}

}  // namespace viewer
