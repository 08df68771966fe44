#include "viewer/ui/widgets.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace viewer {
namespace {

ImVec2 vec(float x, float y) {
  return {x, y};
}

/// A ring of dashes: hollow, and not to be taken for a full one even from afar.
void dashed_ring(Ui& ui, Point c, float radius, Colour colour, float width_px) {
  constexpr int kDashes = 6;
  constexpr float kTurn = 2 * std::numbers::pi_v<float>;
  for (int i = 0; i < kDashes; ++i) {
    const float from = kTurn * static_cast<float>(i) / kDashes;
    ui.list().PathArcTo({c.x, c.y}, radius, from, from + kTurn / kDashes * 0.6f, 4);
    ui.list().PathStroke(colour, 0, width_px);
  }
}

/// Between two samples; what is not known (negative) is 0, and the last known one holds for its
/// step.
float value_at(std::span<const float> values, double sample) {
  const auto last = static_cast<double>(values.size() - 1);
  const double at = std::clamp(sample, 0.0, last);
  const auto i = static_cast<std::size_t>(at);
  const auto next = std::min(i + 1, values.size() - 1);
  const auto part = static_cast<float>(at - static_cast<double>(i));
  if (values[i] < 0) return 0;
  if (values[next] < 0) return values[i];
  return values[i] + (values[next] - values[i]) * part;
}

}  // namespace

float panel_head(Ui& ui, const Rect& r, std::string_view title, std::string_view remark) {
  ui.panel(r);
  const float pad = ui.px(kPad);
  const float baseline = r.y0 + ui.px(31);
  const float used = ui.text_fit(Type::small_strong, {r.x0 + pad, baseline}, r.width() - 2 * pad,
                                 ui.theme().text, title);
  ui.text_fit(Type::small, {r.x1 - pad, baseline}, r.width() - 2 * pad - used - ui.px(16),
              ui.theme().text_2, remark, Align::right);
  return r.y0 + ui.px(44);
}

void status_mark(Ui& ui, Point c, float radius, fleet::Status status) {
  ImDrawList& list = ui.list();
  const Colour colour = ui.theme().of(status);
  switch (status) {
    case fleet::Status::working:
      list.AddCircleFilled(vec(c.x, c.y), radius * 1.9f, faded(colour, 0.12));
      list.AddCircleFilled(vec(c.x, c.y), radius * 1.4f, faded(colour, 0.20));
      list.AddCircleFilled(vec(c.x, c.y), radius, colour);
      return;
    case fleet::Status::idling:
    case fleet::Status::stopped:
      list.AddCircleFilled(vec(c.x, c.y), radius, colour);
      return;
    case fleet::Status::silent:
    case fleet::Status::unknown:
      break;
  }
  dashed_ring(ui, c, radius, colour, std::max(1.f, radius * 0.3f));
}

void severity_mark(Ui& ui, Point c, float radius, fleet::Severity severity) {
  ImDrawList& list = ui.list();
  const Colour colour = ui.theme().of(severity);
  const float r = radius;
  switch (severity) {
    case fleet::Severity::critical:
      list.AddTriangleFilled(vec(c.x, c.y - r * 1.05f), vec(c.x + r * 1.1f, c.y + r * 0.85f),
                             vec(c.x - r * 1.1f, c.y + r * 0.85f), colour);
      return;
    case fleet::Severity::high:
      list.AddQuadFilled(vec(c.x, c.y - r * 1.15f), vec(c.x + r * 1.15f, c.y),
                         vec(c.x, c.y + r * 1.15f), vec(c.x - r * 1.15f, c.y), colour);
      return;
    case fleet::Severity::medium:
      ui.fill({c.x - r * 0.85f, c.y - r * 0.85f, c.x + r * 0.85f, c.y + r * 0.85f}, colour);
      return;
    case fleet::Severity::low:
      break;
  }
  list.AddCircleFilled(vec(c.x, c.y), r * 0.7f, colour);
}

void share_bar(Ui& ui, const Rect& r, double share, Colour colour) {
  ui.fill(r, ui.theme().track, ui.px(2));
  if (!(share > 0)) return;
  const auto part = static_cast<float>(std::min(share, 1.0));
  ui.fill({r.x0, r.y0, r.x0 + std::max(r.width() * part, 1.f), r.y1}, colour, ui.px(2));
}

void trend_mark(Ui& ui, Point c, float r, double change, Colour colour) {
  ImDrawList& list = ui.list();
  if (change > 0) {
    list.AddTriangleFilled(vec(c.x, c.y - r), vec(c.x + r, c.y + r * 0.8f),
                           vec(c.x - r, c.y + r * 0.8f), colour);
  } else if (change < 0) {
    list.AddTriangleFilled(vec(c.x, c.y + r), vec(c.x - r, c.y - r * 0.8f),
                           vec(c.x + r, c.y - r * 0.8f), colour);
  } else {
    ui.fill({c.x - r, c.y - r * 0.2f, c.x + r, c.y + r * 0.2f}, colour);
  }
}

void curve(Ui& ui, const Rect& r, std::span<const float> values, double samples_across, float top,
           Colour colour, float width_px, bool dashed) {
  if (values.size() < 2 || !(top > 0) || r.empty() || !(samples_across > 0)) return;
  const auto count = std::min(values.size(), static_cast<std::size_t>(samples_across) + 1);
  const auto stroke = [&] { ui.list().PathStroke(colour, 0, width_px); };
  for (std::size_t i = 0; i < count; ++i) {
    if (values[i] < 0) {
      stroke();
      continue;
    }
    const auto x = static_cast<float>(static_cast<double>(i) / samples_across);
    const float y = std::clamp(values[i] / top, 0.f, 1.f);
    ui.list().PathLineTo(vec(r.x0 + r.width() * x, r.y1 - r.height() * y));
    // A dash is one step from sample to sample, a gap the next.
    if (dashed && i % 2 == 1) stroke();
  }
  stroke();
}

void area(Ui& ui, const Rect& r, std::span<const float> values, double samples_across, float top,
          double from, double to, Colour colour) {
  if (values.size() < 2 || !(top > 0) || r.empty() || !(samples_across > 0)) return;
  to = std::min(to, static_cast<double>(values.size() - 1) / samples_across);
  if (!(to > from)) return;
  // One column each 3 px: finer than a sample on any wall, and a closed shape without seams.
  const int columns =
      std::max(1, static_cast<int>((to - from) * static_cast<double>(r.width()) / 3));
  ImDrawList& list = ui.list();
  list.PrimReserve(columns * 6, (columns + 1) * 2);
  const ImVec2 uv = ImGui::GetFontTexUvWhitePixel();
  const auto first = static_cast<ImDrawIdx>(list._VtxCurrentIdx);
  for (int i = 0; i <= columns; ++i) {
    const double share = from + (to - from) * i / columns;
    const float y = std::clamp(value_at(values, share * samples_across) / top, 0.f, 1.f);
    const float x = r.x0 + r.width() * static_cast<float>(share);
    list.PrimWriteVtx(vec(x, r.y1 - r.height() * y), uv, colour);
    list.PrimWriteVtx(vec(x, r.y1), uv, colour);
  }
  for (int i = 0; i < columns; ++i) {
    for (const int corner : {0, 1, 2, 2, 1, 3}) {
      list.PrimWriteIdx(static_cast<ImDrawIdx>(first + i * 2 + corner));
    }
  }
}

float figure(Ui& ui, Type type, Point baseline, std::string_view number, std::string_view unit) {
  const float width = ui.text(type, baseline, ui.theme().text, number);
  if (unit.empty()) return width;
  const float gap = ui.px(4);
  return width + gap +
         ui.text(Type::small, {baseline.x + width + gap, baseline.y}, ui.theme().text_2, unit);
}

void button(Ui& ui, const Rect& r, std::string_view label, bool primary, Action action) {
  const Theme& theme = ui.theme();
  const bool hovered = ui.hovered(r);
  if (primary) {
    ui.fill(r, theme.accent, ui.px(4));
  } else {
    ui.fill(r, theme.panel_fill, ui.px(4));
    ui.frame(r, hovered ? theme.accent : theme.panel_edge, ui.px(4));
  }
  const float mid = (r.y0 + r.y1) / 2;
  const Colour colour = primary ? theme.on_chip : hovered ? theme.accent : theme.text;
  ui.text_fit(Type::small_strong, {(r.x0 + r.x1) / 2, ui.baseline_centred(Type::small_strong, mid)},
              r.width() - ui.px(8), colour, label, Align::centre);
  ui.zone(r, action);
}

float key_cap(Ui& ui, Point at, std::string_view key) {
  const float half = ui.px(12);
  const float width = std::max(ui.text_width(Type::small_strong, key) + ui.px(14), 2 * half);
  const Rect r{std::round(at.x), std::round(at.y - half), std::round(at.x + width),
               std::round(at.y + half)};
  ui.fill(r, ui.theme().track, ui.px(4));
  ui.frame(r, ui.theme().panel_edge, ui.px(4));
  ui.text(Type::small_strong, {(r.x0 + r.x1) / 2, ui.baseline_centred(Type::small_strong, at.y)},
          ui.theme().text, key, Align::centre);
  return r.width();
}

}  // namespace viewer
