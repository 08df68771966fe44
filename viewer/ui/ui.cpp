#include "viewer/ui/ui.hpp"

#include <algorithm>
#include <cmath>

#include "viewer/ui/fault_texts.hpp"
#include "viewer/ui/feed_texts.hpp"
#include "viewer/ui/format.hpp"

namespace viewer {
namespace {

constexpr std::string_view kEllipsis = "…";

ImVec2 vec(Point p) {
  return {p.x, p.y};
}

/// Bytes of `text` that fit `max_width`, ending at a character's edge.
std::size_t fitting_bytes(ImFont& font, std::string_view text, float max_width) {
  float width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = next_character(text, at);
    width += font.GetCharAdvance(static_cast<ImWchar>(c < 0x10000 ? c : 0xFFFD));
    if (width > max_width) return begin;
  }
  return text.size();
}

bool breaks_after(char32_t c) {
  return c == ' ' || c >= 0x2E80;
}
/// Chinese punctuation never begins a line.
bool stays_with_previous(char32_t c) {
  constexpr std::u32string_view kClosing = U"，。；：！？、）」』》%·";
  return kClosing.find(c) != std::u32string_view::npos;
}

/// Bytes of the first line of `text`, at most `fitting` of them, broken at a good place.
std::size_t line_bytes(std::string_view text, std::size_t fitting) {
  if (fitting >= text.size()) return text.size();
  std::size_t good = 0;
  for (std::size_t at = 0; at < fitting;) {
    const char32_t c = next_character(text, at);
    if (at > fitting) break;
    std::size_t peek = at;
    const char32_t after = at < text.size() ? next_character(text, peek) : U' ';
    const bool before_cjk = after >= 0x2E80;
    if ((breaks_after(c) || before_cjk) && !stays_with_previous(after)) good = at;
  }
  return good > 0 ? good : fitting;
}

}  // namespace

Ui::Ui(Lang lang, FontFiles files)
    : lang_(lang), context_(ImGui::CreateContext()), fonts_(std::move(files)) {
  ImGui::SetCurrentContext(context_);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  for (const Lang each : {Lang::zh, Lang::en}) {
    fonts_.add_everywhere(all_texts(each));
    fonts_.add_everywhere(all_units(each));
    fonts_.add_everywhere(all_fault_texts(each));
    fonts_.add_everywhere(all_feed_texts(each));
  }
}

Ui::~Ui() {
  ImGui::SetCurrentContext(context_);
  ImGui::DestroyContext(context_);
}

void Ui::begin_frame(int width_px, int height_px, float scale, double time_s, double dt_s) {
  if (fonts_.stale(scale) && font_build_due(scale, time_s)) {
    fonts_.build(scale);
    fonts_built_s_ = time_s;
  }
  scale_ = scale;
  time_s_ = time_s;
  width_px_ = width_px;
  height_px_ = height_px;
  zones_.clear();
  blocks_.clear();
  cut_.clear();
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {static_cast<float>(width_px), static_cast<float>(height_px)};
  io.DeltaTime = static_cast<float>(std::max(dt_s, 1e-4));
  ImGui::NewFrame();
  target_ = ImGui::GetBackgroundDrawList();
}

bool Ui::font_build_due(float scale, double time_s) const {
  // New names come in bursts while a fleet connects, and a build takes a hundred milliseconds: the
  // first few come at once, later ones at most each second.
  constexpr std::uint64_t kAtOnce = 4;
  constexpr double kLeastSeconds = 1;
  return scale != scale_ || fonts_.version() < kAtOnce ||
         std::abs(time_s - fonts_built_s_) >= kLeastSeconds;
}

void Ui::end_frame() {
  ImGui::Render();
}

float Ui::text_width(Type type, std::string_view text) {
  if (text.empty()) return 0;  // ImGui takes an end of null to mean "up to the zero byte"
  fonts_.want(type, text);
  ImFont& font = *fonts_.font(type);
  return font.CalcTextSizeA(font.FontSize, 1e9f, 0, text.data(), text.data() + text.size()).x;
}

float Ui::text(Type type, Point baseline, Colour colour, std::string_view text, Align align) {
  if (text.empty()) return 0;
  const float width = text_width(type, text);
  if (align != Align::left) baseline.x -= align == Align::right ? width : width / 2;
  ImFont& font = *fonts_.font(type);
  target_->AddText(&font, font.FontSize,
                   {std::round(baseline.x), std::round(baseline.y - fonts_.ascent(type))}, colour,
                   text.data(), text.data() + text.size());
  return width;
}

float Ui::text_fit(Type type, Point baseline, float max_width, Colour colour, std::string_view text,
                   Align align) {
  if (max_width <= 0) return 0;
  if (text_width(type, text) <= max_width) return this->text(type, baseline, colour, text, align);
  cut_.emplace_back(text);
  ImFont& font = *fonts_.font(type);
  const float dots = text_width(type, kEllipsis);
  std::string cut(text.substr(0, fitting_bytes(font, text, max_width - dots)));
  while (!cut.empty() && cut.back() == ' ') cut.pop_back();
  if (dots > max_width) return 0;
  return this->text(type, baseline, colour, cut.append(kEllipsis), align);
}

int Ui::paragraph(Type type, Point baseline, float max_width, float line_px, int max_lines,
                  Colour colour, std::string_view text) {
  fonts_.want(type, text);
  ImFont& font = *fonts_.font(type);
  int lines = 0;
  while (!text.empty() && lines < max_lines) {
    const bool last = lines + 1 == max_lines;
    const std::size_t fitting = fitting_bytes(font, text, max_width);
    const std::size_t bytes = last ? text.size() : line_bytes(text, fitting);
    if (bytes == 0) break;
    text_fit(type, baseline, max_width, colour, text.substr(0, bytes));
    text.remove_prefix(bytes);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    baseline.y += line_px;
    ++lines;
  }
  return lines;
}

float Ui::text_on_map(Type type, Point baseline, Colour colour, std::string_view text) {
  // A soft wide ring and a dense narrow one: legible over a city's heat, quiet over dark land.
  struct Ring {
    float px;
    double opacity;
  };
  for (const Ring ring : {Ring{2.6f, 0.4}, Ring{1.2f, 0.85}}) {
    const float d = std::max(1.f, std::round(px(ring.px)));
    const float diagonal = std::max(1.f, std::round(d * 0.75f));
    for (const Point& o :
         {Point{-diagonal, -diagonal}, Point{diagonal, -diagonal}, Point{-diagonal, diagonal},
          Point{diagonal, diagonal}, Point{0, d}, Point{0, -d}, Point{d, 0}, Point{-d, 0}}) {
      this->text(type, {baseline.x + o.x, baseline.y + o.y}, faded(theme().halo, ring.opacity),
                 text);
    }
  }
  return this->text(type, baseline, colour, text);
}

float Ui::baseline_centred(Type type, float y) const {
  return std::round(y + fonts_.cap_height(type) / 2);
}

void Ui::fill(const Rect& r, Colour colour, float radius_px) {
  if (r.empty()) return;
  target_->AddRectFilled({r.x0, r.y0}, {r.x1, r.y1}, colour, radius_px);
}

void Ui::frame(const Rect& r, Colour colour, float radius_px) {
  if (r.empty()) return;
  target_->AddRect({r.x0, r.y0}, {r.x1, r.y1}, colour, radius_px, 0,
                   std::max(1.f, std::round(px(1))));
}

void Ui::panel(const Rect& r) {
  fill(r, theme().panel_fill, px(6));
  frame(r, theme().panel_edge, px(6));
  block(r);
}

void Ui::line(Point a, Point b, Colour colour, float width_px) {
  // Straight lines are rectangles on whole pixels: crisp, and not thinner than one.
  const float w = std::max(1.f, std::round(width_px));
  if (a.y == b.y) {
    fill({std::min(a.x, b.x), std::floor(a.y), std::max(a.x, b.x), std::floor(a.y) + w}, colour);
  } else if (a.x == b.x) {
    fill({std::floor(a.x), std::min(a.y, b.y), std::floor(a.x) + w, std::max(a.y, b.y)}, colour);
  } else {
    target_->AddLine(vec(a), vec(b), colour, w);
  }
}

Rect Ui::chip(Point at, Colour fill_colour, Colour text_colour, std::string_view label, Type type) {
  const float pad = px(10);
  const float half = std::round(px(type == Type::strong ? 13 : 11));
  const Rect r{std::round(at.x), std::round(at.y) - half,
               std::round(at.x + text_width(type, label) + 2 * pad), std::round(at.y) + half};
  fill(r, fill_colour, px(3));
  text(type, {r.x0 + pad, baseline_centred(type, at.y)}, text_colour, label);
  return r;
}

void Ui::zone(const Rect& r, Action action) {
  if (!r.empty()) zones_.push_back({r, action});
}

void Ui::block(const Rect& r) {
  if (!r.empty()) blocks_.push_back(r);
}

std::optional<Ui::Zone> Ui::zone_of(Action::Kind kind) const {
  const auto found = std::find_if(zones_.rbegin(), zones_.rend(),
                                  [&](const Zone& zone) { return zone.action.kind == kind; });
  return found == zones_.rend() ? std::nullopt : std::optional(*found);
}

Action Ui::action_at(Point p) const {
  for (auto it = zones_.rbegin(); it != zones_.rend(); ++it) {
    if (!it->rect.contains(p)) continue;
    Action action = it->action;
    if (action.kind == Action::Kind::seek) {
      action.position *= static_cast<double>((p.x - it->rect.x0) / it->rect.width());
    }
    return action;
  }
  return {};
}

bool Ui::blocks(Point p) const {
  return std::any_of(blocks_.begin(), blocks_.end(), [&](const Rect& r) { return r.contains(p); });
}

}  // namespace viewer
