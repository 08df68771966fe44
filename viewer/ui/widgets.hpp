// Widgets: the shapes that panels are made of. Each draws into Ui's current list.
#pragma once

#include <string_view>

#include "viewer/ui/ui.hpp"

namespace viewer {

/// Inner margin of panels, px at scale 1.
inline constexpr float kPad = 18;

/// Ground and edge of what lies over panels: nothing shines through.
void solid_panel(Ui& ui, const Rect& r);

/// Frame, title and right-aligned remark of a panel; returns the y where its content may begin.
float panel_head(Ui& ui, const Rect& r, std::string_view title, std::string_view remark = {});

/// Status of a machine, told apart by fill and brightness: full and glowing, steel, dim, hollow.
void status_mark(Ui& ui, Point centre, float radius, fleet::Status status);
/// Severity, told apart by shape: triangle, diamond, square, dot.
void severity_mark(Ui& ui, Point centre, float radius, fleet::Severity severity,
                   double opacity = 1);

/// Small triangle up, down, or a dash: the sign of a change.
void trend_mark(Ui& ui, Point centre, float radius, double change, Colour colour);

/// A figure with its unit on one baseline; returns the width drawn.
float figure(Ui& ui, Type type, Point baseline, std::string_view number, std::string_view unit);

/// A button; lights up under the pointer. Its action is registered.
void button(Ui& ui, const Rect& r, std::string_view label, bool primary, Action action);

/// A mark of one character that can be clicked; returns its width.
float click_mark(Ui& ui, float x, float baseline, std::string_view mark, const Action& action);

/// A small cross that closes what it stands on.
void close_cross(Ui& ui, Point centre, Action action);

/// A key cap with its text; returns its width.
float key_cap(Ui& ui, Point left_middle, std::string_view key);

}  // namespace viewer
