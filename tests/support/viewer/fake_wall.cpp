#include "tests/support/viewer/fake_wall.hpp"

#include <cmath>

namespace testing_support {
namespace {

using fleet::Severity;
using fleet::Status;
using viewer::Lang;

float activity(double hour) {
  const auto hump = [&](double at, double width) {
    return std::exp(-(hour - at) * (hour - at) / (2 * width * width));
  };
  const double wave = 0.04 * std::sin(hour * 7.3) + 0.03 * std::sin(hour * 17.1);
  return static_cast<float>(14000 * std::max(0.0, hump(9.3, 1.7) + 0.93 * hump(15.4, 2.0) +
                                                      0.12 * hump(20.5, 1.5) + 0.02 +
                                                      0.3 * wave * hump(12.5, 4)));
}

void fill_ranking(viewer::WallModel& m, bool zh) {
  struct Region {
    const char *zh, *en;
    double rate, hours;
  };
  for (const Region& r :
       {Region{"浙江", "Zhejiang", 0.689, 8.1}, Region{"江苏", "Jiangsu", 0.662, 7.9},
        Region{"福建", "Fujian", 0.634, 7.7}, Region{"广东", "Guangdong", 0.618, 7.5},
        Region{"安徽", "Anhui", 0.601, 7.6}, Region{"四川", "Sichuan", 0.588, 7.2},
        Region{"湖北", "Hubei", 0.575, 7.1}, Region{"山东", "Shandong", 0.55, 7.0},
        Region{"内蒙古", "Inner Mongolia", 0.527, 6.8}, Region{"河南", "Henan", 0.511, 6.7},
        Region{"黑龙江", "Heilongjiang", 0.48, 6.1}, Region{"新疆", "Xinjiang", 0.466, 6.0}}) {
    m.ranking.rows.push_back({zh ? r.zh : r.en, r.rate, r.hours, 900, false});
  }
}

void fill_alarms(viewer::WallModel& m, bool zh) {
  m.alarms.by_severity = {2, 9, 31, 118};
  m.alarms.unacknowledged = 6;
  const auto add = [&](Severity severity, bool acknowledged, const char* serial, int spn, int fmi,
                       const char* place_zh, const char* place_en, double age_s) {
    viewer::AlarmRow row;
    row.alarm = m.alarms.rows.size() + 1;
    row.machine = static_cast<std::uint32_t>(m.alarms.rows.size());
    row.severity = severity;
    row.acknowledged = acknowledged;
    row.serial = serial;
    row.spn = spn;
    row.fmi = fmi;
    row.place = zh ? place_zh : place_en;
    row.age_s = age_s;
    m.alarms.rows.push_back(row);
  };
  add(Severity::critical, false, "SY0121", 100, 1, "苏州 吴中", "Suzhou, Wuzhong", 134);
  add(Severity::critical, false, "SY3307", 110, 0, "郑州 中牟", "Zhengzhou, Zhongmu", 362);
  add(Severity::high, false, "SY2150", 96, 1, "徐州 铜山", "Xuzhou, Tongshan", 680);
  add(Severity::high, false, "SY0877", 3719, 0, "成都 双流", "Chengdu, Shuangliu", 1085);
  add(Severity::high, true, "SY1952", 168, 1, "西安 长安", "Xi'an, Chang'an", 11100);
  add(Severity::medium, true, "SY4418", 1638, 16, "呼和浩特 土默特左旗",
      "Hohhot, Tumed Left Banner", 22000);
  add(Severity::medium, false, "SY2204", 107, 16, "昆明 安宁", "Kunming, Anning", 190000);
  add(Severity::low, false, "SY1180", 5246, 5, "长沙 望城", "Changsha, Wangcheng", 260000);
}

void fill_health(viewer::WallModel& m) {
  m.health.feed_age_s = 0.4;
  m.health.data_age_s = 0.8;
  m.health.updates_per_s = 4212;
  for (int i = 0; i < 60; ++i) {
    m.health.updates_recent.push_back(4000.f + 300.f * std::sin(static_cast<float>(i) / 4));
  }
  m.health.frame_p50_ms = 6.4;
  m.health.frame_p99_ms = 14.2;
  m.health.apply_ms = 0.6;
  m.health.reconnects = 2;
  m.health.queue_bytes = 18200;
  m.health.queue_limit_bytes = 64e6;
  m.health.agreement = viewer::HashAgreement::equal;
  m.health.agreement_age_s = 31;
  m.health.gateway = "127.0.0.1:8686";
  m.health.gateway_version = "0.1.0";
  m.health.own_version = "0.1.0";
  m.health.renderer = "NVIDIA H200 · OpenGL 4.6 · gpu";
}

void fill_band(viewer::WallModel& m, double until_h) {
  for (int i = 0; i <= 288; ++i) {
    const double hour = i / 12.0;
    if (hour <= until_h) m.band.activity.push_back(activity(hour));
  }
  m.band.end_h = until_h;
  m.band.playhead_h = until_h;
  std::uint32_t random = 12345;
  for (int i = 0; i < 60; ++i) {
    random = random * 1664525u + 1013904223u;
    const double hour = static_cast<double>(random >> 8) / (1 << 24) * until_h;
    m.band.alarms.push_back({hour, i < 3    ? Severity::critical
                                   : i < 14 ? Severity::high
                                            : Severity::medium});
  }
}

void fill_card(viewer::WallModel& m, bool zh) {
  viewer::CardModel& c = m.card;
  c.open = true;
  c.serial = "SY0121";
  c.model = "SY215C";
  c.machine_class = "medium";
  c.customer = zh ? "苏州恒力土石方工程有限公司" : "Hengli Earthworks, Suzhou";
  c.branch = zh ? "苏州分公司" : "Suzhou branch";
  c.status = Status::working;
  c.report_age_s = 12;
  c.period_s = 60;
  c.place = zh ? "苏州 吴中" : "Suzhou, Wuzhong";
  c.lonlat = "120.6270, 31.2690";
  c.fix_age_s = 12;
  c.engine_h_today = 6.4;
  c.working_h_today = 4.9;
  c.idle_h_today = 1.5;
  c.fuel_l_today = 61;
  c.first_start = "06:41";
  c.trail = {viewer::TrailSpan::two_hours, 12.4, 31.2, 2, 2640, viewer::kNone, false, {}};
  const auto value = [&](const char* field, const char* text, const char* unit, double age,
                         bool alarming = false) {
    c.values.push_back({field, text, unit, age, alarming});
  };
  value("heading_deg", "247.7", "deg", 12);
  value("engine_on", "1", "", 12);
  value("working", "1", "", 12);
  value("gear", "8", "", 12);
  value("rpm", "1840", "rpm", 12);
  value("load_pct", "72.5", "%", 12);
  value("speed_kmh", "1.2", "km/h", 12);
  value("fuel_level_pct", "46", "%", 72);
  value("fuel_used_l", "81204.6", "L", 72);
  value("engine_hours", "6214.35", "h", 72);
  value("idle_hours", "1490.1", "h", 72);
  value("oil_pressure_kpa", "84", "kPa", 12, true);
  value("coolant_c", "103.2", "°C", 12, true);
  value("hydraulic_c", "71.4", "°C", 12);
  value("battery_v", "27.6", "V", 312);
  value("def_level_pct", "38", "%", 4000);
  value("boom_pressure_mpa", "21.4", "MPa", 90000);
  c.faults.push_back(
      {Severity::critical, false, 100, 1, 3, "14:29:53", "14:30:02", 134, 14.498, 14.535});
  c.faults.push_back(
      {Severity::critical, true, 110, 0, 1, "13:52:10", "13:52:11", 2397, 13.87, 14.535});
}

}  // namespace

viewer::WallModel busy_wall(Lang lang) {
  const bool zh = lang == Lang::zh;
  viewer::WallModel m;
  m.top.scope = zh ? "全国" : "All regions";
  m.top.demo = true;
  m.top.clock = {2026, 10, 16, 20, 1, 14, 5};
  m.top.connected = true;
  m.top.heartbeats = 7201;
  m.top.data_age_s = 0.8;
  m.top.updates_per_s = 4212;
  m.top.frame_ms = 6.4;
  m.top.reconnects = 2;
  m.totals.by_status = {11128, 5891, 13420, 2291, 0};
  m.totals.machines = 32730;
  m.totals.connected = 32730;
  m.utilisation.operating_rate = 0.570;
  m.utilisation.operating = 18656;
  m.utilisation.connected = 32730;
  m.utilisation.average_h = 7.4;
  m.utilisation.idle_share = 0.21;
  m.utilisation.reported_share = 0.986;
  m.utilisation.change = {2.1, -0.3, 0};
  m.utilisation.change_label = zh ? "较上周" : "to last week";
  for (int i = 0; i <= 80; ++i) m.utilisation.today.push_back(activity(i / 4.0));
  for (int i = 0; i <= 96; ++i) m.utilisation.compare.push_back(activity(i / 4.0 + 0.3) * 0.94f);
  fill_ranking(m, zh);
  fill_alarms(m, zh);
  fill_health(m);
  m.legend.heat = true;
  m.legend.heat_full = 6;
  m.heat.on = true;
  m.heat.in_view = 23'368.2;
  m.heat.total = 59'112.8;
  m.heat.unplaced = 12;
  m.heat.radius_m = 2000;
  m.legend.heat_radius_m = 2000;
  m.legend.metres_per_px = 2400;
  m.legend.attribution = "Natural Earth | GSHHG (LGPL) | GeoNames (CC BY 4.0)";
  m.legend.caveat =
      "Boundaries as drawn by Natural Earth: not an approved map. For public display in China load "
      "approved boundary data.";
  fill_band(m, 20.02);
  return m;
}

viewer::WallModel replay_wall(Lang lang) {
  viewer::WallModel m = busy_wall(lang);
  m.top.mode = viewer::Mode::replay;
  m.top.speed = 60;
  m.top.demo = false;
  m.top.scope = lang == Lang::zh ? "江苏" : "Jiangsu";
  m.top.clock = {2026, 10, 16, 14, 32, 7, 5};
  m.band.playhead_h = 14.535;
  m.band.now_h = 20.02;
  m.band.transport = true;
  m.band.live_behind = true;
  m.band.speed = 60;
  m.alarms.as_of = "14:32";
  m.utilisation.then = true;
  m.alarms.rows.resize(4);
  m.alarms.rows[0].selected = true;
  m.alarms.by_severity = {1, 2, 1, 0};
  m.legend.heat = false;
  m.heat = {};
  m.legend.metres_per_px = 220;
  fill_card(m, lang == Lang::zh);
  return m;
}

}  // namespace testing_support
