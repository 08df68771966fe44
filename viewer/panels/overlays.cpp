// What lies over the picture while somebody asks for it: search and help.
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "viewer/model/marked.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

void draw_result(const SearchResult& result, Ui& ui, const Rect& r, bool selected) {
  const Theme& theme = ui.theme();
  if (selected || ui.hovered(r)) ui.fill(r, faded(theme.accent, selected ? 0.18 : 0.08), ui.px(4));
  const float mid = (r.y0 + r.y1) / 2;
  const float x = r.x0 + ui.px(12);
  if (result.is_place) {
    ui.list().AddCircle({x + ui.px(5), mid}, ui.px(5), theme.text_2, 0, ui.px(1.5f));
  } else {
    status_mark(ui, {x + ui.px(5), mid}, ui.px(5), result.status);
  }
  const float line = ui.baseline_centred(Type::body, mid);
  const float at = x + ui.px(24);
  const float title = ui.text_fit(Type::body, {at, line}, r.width() * 0.45f,
                                  selected ? theme.accent : theme.text, result.title);
  ui.text_fit(Type::small, {r.x1 - ui.px(12), line}, r.x1 - ui.px(24) - at - title, theme.text_2,
              result.is_place && result.detail.empty() ? ui.tr(Text::place) : result.detail,
              Align::right);
}

/// On the list's last line: all that were found can be marked at once, as many as may be.
void draw_mark_all(const SearchModel& m, Ui& ui, const Rect& r) {
  const float mid = r.y1 - ui.px(19);
  const float cap = key_cap(ui, {r.x0 + ui.px(22), mid}, "Tab");
  const std::size_t machines = std::min(m.machines, MarkedMachines::kMost);
  const std::string text =
      filled(ui.tr(Text::mark_found), "n", grouped(static_cast<std::int64_t>(machines)));
  const float x = r.x0 + ui.px(30) + cap;
  const Rect zone{r.x0 + ui.px(16), mid - ui.px(15), x + ui.text_width(Type::small, text), r.y1};
  ui.text(Type::small, {x, ui.baseline_centred(Type::small, mid)},
          ui.hovered(zone) ? ui.theme().text : ui.theme().text_2, text);
  ui.zone(zone, {Action::Kind::mark_found});
}

struct Key {
  std::string_view keys;  ///< caps separated by spaces
  Text meaning;
};
struct KeyGroup {
  Text title;
  std::span<const Key> keys;
};
constexpr std::array kMapKeys{
    Key{"← → ↑ ↓", Text::key_pan}, Key{"+ −", Text::key_zoom}, Key{"Click", Text::key_select},
    Key{"Home", Text::key_home},   Key{"/", Text::key_search}, Key{"Esc", Text::key_escape},
    Key{"T", Text::key_trail},     Key{"F", Text::key_mark},   Key{"C", Text::key_counts},
    Key{"O", Text::key_points},    Key{"K", Text::key_names}};
constexpr std::array kTimeKeys{
    Key{"Space", Text::key_space}, Key{"[ ]", Text::key_speed},        Key{", .", Text::key_step},
    Key{"; '", Text::key_tick},    Key{"W E", Text::key_alarms},       Key{"A", Text::key_loop},
    Key{"J", Text::key_jump},      Key{"Y", Text::key_calendar},       Key{"Z", Text::key_band},
    Key{"L", Text::key_live},      Key{"Shift+L", Text::key_catch_up}, Key{"V", Text::key_history},
    Key{"X", Text::key_compare}};
constexpr std::array kViewKeys{
    Key{"M", Text::key_heat},         Key{"N", Text::key_heat_measure},
    Key{"B", Text::key_heat_form},    Key{"R", Text::key_heat_radius},
    Key{"D", Text::key_theme},        Key{"P", Text::key_panels},
    Key{"G", Text::key_language},     Key{"F11", Text::key_fullscreen},
    Key{"F12", Text::key_screenshot}, Key{"Shift+F12", Text::key_save_table},
    Key{"H", Text::key_help},         Key{"Q", Text::key_quit}};

// Heights in the help, px at scale 1: above the groups, of a group's title, of a key; below them.
constexpr float kHelpHead = 84, kKeyHead = 30, kKeyRow = 34, kHelpFoot = 24;

float draw_key_group(Ui& ui, const KeyGroup& group, float x, float y, float width) {
  const Theme& theme = ui.theme();
  ui.text(Type::small_strong, {x, y + ui.px(14)}, theme.text_2, ui.tr(group.title));
  y += ui.px(kKeyHead);
  for (const Key& key : group.keys) {
    const float mid = y + ui.px(kKeyRow / 2);
    float at = x;
    for (std::string_view rest = key.keys; !rest.empty();) {
      const std::size_t space = rest.find(' ');
      const std::string_view cap = rest.substr(0, space);
      at += key_cap(ui, {at, mid}, cap == "Click" ? ui.tr(Text::click) : cap) + ui.px(4);
      rest = space == std::string_view::npos ? std::string_view{} : rest.substr(space + 1);
    }
    const float text_x = std::max(at + ui.px(8), x + ui.px(74));
    ui.text_fit(Type::body, {text_x, ui.baseline_centred(Type::body, mid)}, x + width - text_x,
                theme.text, ui.tr(key.meaning));
    y += ui.px(kKeyRow);
  }
  return y;
}

}  // namespace

void draw_search(const SearchModel& m, const Layout& layout, Ui& ui) {
  if (!m.open) return;
  const Theme& theme = ui.theme();
  constexpr float kField = 56;
  constexpr float kRow = 36;
  const Rect& room = layout.search;
  const auto most =
      static_cast<std::size_t>(std::max(0.f, (room.height() - ui.px(kField + 40)) / ui.px(kRow)));
  const std::size_t shown = std::min(most, m.results.size());
  const bool nothing = !m.query.empty() && m.results.empty();
  const float rows = nothing ? kRow + 14 : shown > 0 ? kRow * static_cast<float>(shown) + 40 : 0;
  const Rect r{room.x0, room.y0, room.x1, room.y0 + ui.px(kField + rows)};
  solid_panel(ui, r);
  ui.frame(r, faded(theme.accent, 0.55), ui.px(6));
  const float x = r.x0 + ui.px(54);
  const float mid = r.y0 + ui.px(kField / 2);
  ui.list().AddCircle({r.x0 + ui.px(27), mid - ui.px(2)}, ui.px(7), theme.accent, 0, ui.px(2));
  ui.list().AddLine({r.x0 + ui.px(32), mid + ui.px(3)}, {r.x0 + ui.px(37), mid + ui.px(8)},
                    theme.accent, ui.px(2));
  const float line = ui.baseline_centred(Type::title, mid);
  const float typed =
      ui.text_fit(Type::title, {x, line}, r.x1 - ui.px(24) - x, theme.text, m.query);
  ui.fill({x + typed + ui.px(3), mid - ui.px(13), x + typed + ui.px(5), mid + ui.px(13)},
          theme.accent);
  if (m.query.empty()) {
    ui.text_fit(Type::body, {x + ui.px(14), ui.baseline_centred(Type::body, mid)},
                r.x1 - ui.px(24) - x, theme.text_3, ui.tr(Text::search_hint));
  }
  const float top = r.y0 + ui.px(kField);
  if (nothing) {
    ui.text(Type::body, {x, top + ui.px(22)}, theme.text_2, ui.tr(Text::search_none));
  }
  const std::size_t first =
      m.selected >= shown && shown > 0 ? std::min(m.selected + 1, m.results.size()) - shown : 0;
  for (std::size_t i = 0; i < shown; ++i) {
    const float y = top + ui.px(kRow * static_cast<float>(i));
    const Rect row{r.x0 + ui.px(10), y, r.x1 - ui.px(10), y + ui.px(kRow)};
    draw_result(m.results[first + i], ui, row, first + i == m.selected);
    ui.zone(row, {Action::Kind::choose_result, first + i});
  }
  if (shown == 0) return;
  if (m.machines > 0) draw_mark_all(m, ui, r);
  ui.text(Type::small, {r.x1 - ui.px(22), r.y1 - ui.px(14)}, theme.text_3,
          filled(ui.tr(Text::search_results), "n",
                 grouped(static_cast<std::int64_t>(std::max(m.total, m.results.size())))),
          Align::right);
}

void draw_help(const Layout& layout, Ui& ui) {
  const Theme& theme = ui.theme();
  const std::array<KeyGroup, 3> groups{KeyGroup{Text::help_map, kMapKeys},
                                       KeyGroup{Text::help_time, kTimeKeys},
                                       KeyGroup{Text::help_view, kViewKeys}};
  const Rect r = help_rect(layout);
  solid_panel(ui, r);
  ui.zone(r, {Action::Kind::close_help});
  const float pad = ui.px(36);
  ui.text(Type::title, {r.x0 + pad, r.y0 + ui.px(52)}, theme.text, ui.tr(Text::help_title));
  ui.text(Type::small, {r.x1 - pad, r.y0 + ui.px(50)}, theme.text_2, ui.tr(Text::help_close),
          Align::right);
  const float gap = ui.px(32);
  const float width = (r.width() - 2 * pad - 2 * gap) / 3;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    draw_key_group(ui, groups[i], r.x0 + pad + (width + gap) * static_cast<float>(i),
                   r.y0 + ui.px(kHelpHead), width);
  }
}

Rect help_rect(const Layout& layout) {
  const auto w = static_cast<float>(layout.width_px);
  const auto h = static_cast<float>(layout.height_px);
  const float half = std::min(w / 2 - layout.px(28), layout.px(480));
  const auto rows =
      static_cast<float>(std::max({kMapKeys.size(), kTimeKeys.size(), kViewKeys.size()}));
  const float height = kHelpHead + kKeyHead + kKeyRow * rows + kHelpFoot;
  const float tall = std::min(h / 2 - layout.px(28), layout.px(height / 2));
  return {std::round(w / 2 - half), std::round(h / 2 - tall), std::round(w / 2 + half),
          std::round(h / 2 + tall)};
}

}  // namespace viewer
