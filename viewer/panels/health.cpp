// Health of the picture: how old it is, how fast it comes and is drawn, and whether it is right.
#include <algorithm>
#include <vector>

#include "viewer/charts/charts.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/feed_texts.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

struct Row {
  Text label;
  std::string value;
  bool bad = false;
};

Row agreement_row(const HealthModel& m, Ui& ui) {
  switch (m.agreement) {
    case HashAgreement::equal: {
      std::string text(ui.tr(Text::hash_equal));
      if (known(m.agreement_age_s)) text.append(" · ").append(ago(ui.lang(), m.agreement_age_s));
      return {Text::state_hash, text};
    }
    case HashAgreement::diverged:
      return {Text::state_hash, std::string(ui.tr(Text::hash_diverged)), true};
    case HashAgreement::unknown:
      break;
  }
  return {Text::state_hash, std::string(ui.tr(Text::hash_unknown))};
}

std::vector<Row> rows_of(const HealthModel& m, Ui& ui) {
  const Lang lang = ui.lang();
  std::vector<Row> rows;
  rows.push_back({Text::feed_age, ago(lang, m.feed_age_s), m.feed_age_s > kStaleAfterS});
  rows.push_back({Text::data_age, duration(lang, m.data_age_s)});
  rows.push_back({Text::updates_per_s, decimal(m.updates_per_s, 0) + " /s"});
  rows.push_back(
      {Text::frame_time, decimal(m.frame_p50_ms, 1) + " / " + decimal(m.frame_p99_ms, 1) + " ms"});
  rows.push_back({Text::reconnect_count, grouped(static_cast<std::int64_t>(m.reconnects))});
  rows.push_back({Text::queue, bytes_text(m.queue_bytes) + " / " + bytes_text(m.queue_limit_bytes),
                  m.queue_bytes > m.queue_limit_bytes / 2 && m.queue_limit_bytes > 0});
  rows.push_back(agreement_row(m, ui));
  if (m.trouble)
    rows.push_back({Text::recording, std::string(trouble_title(lang, *m.trouble)), true});
  if (m.bad_frames > 0) {
    rows.push_back({Text::bad_frames, grouped(static_cast<std::int64_t>(m.bad_frames)), true});
  }
  std::string gateway = m.gateway;
  if (!m.gateway_version.empty()) gateway.append(" · ").append(m.gateway_version);
  rows.push_back({Text::gateway, gateway});
  rows.push_back({Text::version, m.own_version});
  rows.push_back({Text::renderer, m.renderer});
  return rows;
}

constexpr float kRow = 24, kLeastRow = 17.5f;

/// The first rows, which matter most, and all that say that something is wrong.
void keep_what_fits(std::vector<Row>& rows, std::size_t most) {
  for (std::size_t i = rows.size(); i-- > 0 && rows.size() > most;) {
    if (!rows[i].bad) rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(i));
  }
  if (rows.size() > most) rows.resize(most);
}

}  // namespace

void draw_health(const HealthModel& m, const Layout& layout, Ui& ui) {
  const Rect& r = layout.health;
  if (r.empty()) return;
  const Theme& theme = ui.theme();
  const float y = panel_head(ui, r, ui.tr(Text::health));
  const float pad = ui.px(kPad);
  std::vector<Row> rows = rows_of(m, ui);
  const float room = r.y1 - ui.px(8) - y;
  keep_what_fits(rows, static_cast<std::size_t>(std::max(0.f, room / ui.px(kLeastRow))));
  if (rows.empty()) return;
  // What is wrong adds rows: all of them move closer.
  const float row = std::min(ui.px(kRow), room / static_cast<float>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const float mid = y + row * (static_cast<float>(i) + 0.5f);
    const float baseline = ui.baseline_centred(Type::small, mid);
    const float label =
        ui.text(Type::small, {r.x0 + pad, baseline}, theme.text_2, ui.tr(rows[i].label));
    float right = r.x1 - pad;
    const std::string& value = rows[i].value;
    const float drawn = ui.text_fit(
        Type::small, {right, baseline}, r.width() - 2 * pad - label - ui.px(34),
        rows[i].bad ? theme.high : theme.text, value.empty() ? kDash : value, Align::right);
    if (rows[i].label == Text::updates_per_s) {
      const float end = right - drawn - ui.px(12);
      draw_sparkline(ui, {end - ui.px(96), mid - ui.px(7), end, mid + ui.px(6)}, m.updates_recent,
                     theme.bar);
    }
    // A shape as well as a colour says that something is wrong.
    if (rows[i].bad)
      severity_mark(ui, {right - drawn - ui.px(12), mid}, ui.px(5), fleet::Severity::high);
  }
}

}  // namespace viewer
