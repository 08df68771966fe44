// Widgets: the shapes that panels are made of. Each draws into Ui's current list.
#pragma once

#include <span>
#include <string_view>

#include "viewer/ui/ui.hpp"

namespace viewer {

/// Inner margin of panels, px at scale 1.
inline constexpr float kPad = 18;

/// Frame, title and right-aligned remark of a panel; returns the y where its content may begin.
float panel_head(Ui& ui, const Rect& r, std::string_view title, std::string_view remark = {});

/// Status of a machine, told apart by fill and brightness: full and glowing, steel, dim, hollow.
void status_mark(Ui& ui, Point centre, float radius, fleet::Status status);
/// Severity, told apart by shape: triangle, diamond, square, dot.
void severity_mark(Ui& ui, Point centre, float radius, fleet::Severity severity);

/// A bar filled to `share` (0..1, clamped; NaN = empty).
void share_bar(Ui& ui, const Rect& r, double share, Colour colour);
/// Small triangle up, down, or a dash: the sign of a change.
void trend_mark(Ui& ui, Point centre, float radius, double change, Colour colour);

/// A curve over evenly spaced values, first at r.x0, `samples_across` of them over the whole width;
/// `top` is the value at r.y0, zero lies at r.y1. A negative value is not known: the curve has a gap
/// there. Fewer than two values draw nothing.
void curve(Ui& ui, const Rect& r, std::span<const float> values, double samples_across, float top,
           Colour colour, float width_px, bool dashed = false);
/// The same as a filled area, from sample-time `from` to `to` (0..1 of the width).
void area(Ui& ui, const Rect& r, std::span<const float> values, double samples_across, float top,
          double from, double to, Colour colour);

/// A figure with its unit on one baseline; returns the width drawn.
float figure(Ui& ui, Type type, Point baseline, std::string_view number, std::string_view unit);

/// A button; lights up under the pointer. Its action is registered.
void button(Ui& ui, const Rect& r, std::string_view label, bool primary, Action action);

/// A key cap with its text; returns its width.
float key_cap(Ui& ui, Point left_middle, std::string_view key);

}  // namespace viewer
