// Ui: what every panel draws with. Fonts and type scale, theme, language, text and shape helpers,
// and the zones of the picture that can be clicked.
//
// Owns the ImGui context. All drawing goes into one ImDrawList, the target; coordinates are px of
// the window. Text is placed by its baseline and never cut in the middle of a character. Main
// thread. No GL: UiRenderer turns draw lists into pixels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "imgui.h"
#include "viewer/ui/fonts.hpp"
#include "viewer/ui/layout.hpp"
#include "viewer/ui/texts.hpp"
#include "viewer/ui/theme.hpp"

namespace viewer {

/// What a click on a zone asks for.
struct Action {
  enum class Kind : std::uint8_t {
    none,
    select_machine,  ///< value = slot
    select_alarm,    ///< value = alarm id
    select_region,   ///< value = row of the ranking
    choose_result,   ///< value = index of the search results
    choose_machine,  ///< value = row of the list of stacked machines
    close_card,
    next_trail,
    close_search,
    mark_found,  ///< all machines that the open search finds
    clear_marked,
    close_help,
    seek,    ///< position = hours from the band's beginning; of the zone itself: how many it has
    loop_a,  ///< takes hold of an end of the loop
    loop_b,
    play_pause,
    slower,
    faster,
    tick_back,
    tick_on,
    alarm_back,
    alarm_on,
    mark_loop,
    follow_live,
    band_span,  ///< value = BandSpan
    open_calendar,
    close_calendar,
    calendar_month,  ///< value = 1: the next one, 0: the one before
    choose_day,      ///< value = days since 1970
    jump_there,
    close_jump,
    heat_measure,  ///< value = HeatMeasure
    heat_hours,    ///< value = index into kHourSpans
    heat_radius,   ///< value = index into kHeatRadiiM
    heat_form,     ///< value = 1: hexagons
    history,       ///< opens or closes that of the selected machine
    close_history,
    history_span,    ///< value = index into kHistorySpansH
    history_choose,  ///< value = chart: opens or closes the list of values for it
    history_field,   ///< value = place in that list
    history_chart,   ///< dragging over it zooms; else as history_seek
    compare,         ///< with another day; or with none
    compare_step,    ///< value = 0: with the recorded day before that, 1: with the one after it
    history_seek,  ///< of the zone itself: value = ms since 1970 at its left edge, position = hours
  };
  Kind kind = Kind::none;
  std::uint64_t value = 0;
  double position = 0;
};

enum class Align : std::uint8_t { left, centre, right };

class Ui {
 public:
  explicit Ui(Lang lang, FontFiles files = FontFiles::debian());
  ~Ui();
  Ui(const Ui&) = delete;
  Ui& operator=(const Ui&) = delete;

  /// Between frames: builds the fonts again, for a renderer that has to upload them once more.
  void build_fonts_again() { fonts_.build(scale_); }
  /// Starts a frame: rebuilds fonts when due, clears the zones. time_s drives pulses; dt_s > 0.
  void begin_frame(int width_px, int height_px, float scale, double time_s, double dt_s);
  /// Ends it. The draw lists recorded in the frame stay valid until the next begin_frame.
  void end_frame();

  Lang lang() const { return lang_; }
  void set_lang(Lang lang) { lang_ = lang; }
  /// Text of the catalogue in the current language.
  std::string_view tr(Text key) const { return text_of(lang_, key); }
  const Theme& theme() const { return theme_of(theme_); }
  void set_theme(ThemeName theme) { theme_ = theme; }
  Fonts& fonts() { return fonts_; }
  float scale() const { return scale_; }
  float px(float design) const { return design * scale_; }
  double time_s() const { return time_s_; }
  int width_px() const { return width_px_; }
  int height_px() const { return height_px_; }

  /// Where drawing goes from here on. begin_frame sets it to ImGui's background list.
  void set_target(ImDrawList* list) { target_ = list; }
  ImDrawList& list() { return *target_; }

  // Text. Widths and positions in px; each returns the width drawn.
  float text_width(Type type, std::string_view text);
  float text(Type type, Point baseline, Colour colour, std::string_view text,
             Align align = Align::left);
  /// Cut with an ellipsis when wider than max_width.
  float text_fit(Type type, Point baseline, float max_width, Colour colour, std::string_view text,
                 Align align = Align::left);
  /// Broken into lines at spaces and between Chinese characters; at most max_lines, the last one
  /// cut with an ellipsis. Returns the number of lines.
  int paragraph(Type type, Point baseline, float max_width, float line_px, int max_lines,
                Colour colour, std::string_view text);
  /// Texts that were cut since begin_frame: what a layout has no room for.
  const std::vector<std::string>& cut() const { return cut_; }
  /// With a dark halo, for text that stands on the map.
  float text_on_map(Type type, Point baseline, Colour colour, std::string_view text);
  /// Baseline that centres capitals and digits on y.
  float baseline_centred(Type type, float y) const;

  // Shapes.
  void fill(const Rect& r, Colour colour, float radius_px = 0);
  void frame(const Rect& r, Colour colour, float radius_px = 0);
  /// Fill, edge and the zone that keeps clicks from the map.
  void panel(const Rect& r);
  void line(Point a, Point b, Colour colour, float width_px);
  /// A chip with text; returns its rect. `at` is its left edge and vertical middle.
  Rect chip(Point at, Colour fill_colour, Colour text_colour, std::string_view label,
            Type type = Type::small_strong);

  // Input.
  void set_pointer(Point p) { pointer_ = p; }
  Point pointer() const { return pointer_; }
  bool hovered(const Rect& r) const { return r.contains(pointer_); }
  void zone(const Rect& r, Action action);
  void block(const Rect& r);
  /// The topmost zone that has an action of this kind.
  struct Zone {
    Rect rect;
    Action action;
  };
  std::optional<Zone> zone_of(Action::Kind kind) const;
  /// The action of the topmost zone under a point.
  Action action_at(Point p) const;
  /// True where the map must not take the pointer.
  bool blocks(Point p) const;

 private:
  bool font_build_due(float scale, double time_s) const;

  Lang lang_;
  ThemeName theme_ = ThemeName::dark;
  ImGuiContext* context_;
  Fonts fonts_;
  ImDrawList* target_ = nullptr;
  float scale_ = 1;
  double time_s_ = 0;
  double fonts_built_s_ = 0;
  int width_px_ = 0, height_px_ = 0;
  Point pointer_{-1, -1};
  std::vector<Zone> zones_;
  std::vector<Rect> blocks_;
  std::vector<std::string> cut_;
};

}  // namespace viewer
