// Texts: the catalogue of everything the interface says, in Chinese and English.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "fleet/alarms.hpp"
#include "fleet/status.hpp"

namespace viewer {

enum class Lang : std::uint8_t { zh, en };

// clang-format off
/// Keys of the catalogue; the texts themselves stand in texts.cpp in the same order.
enum class Text : std::uint16_t {
  title, whole_country, demo, live, replay, paused, preparing, monday, tuesday, wednesday, thursday,
  friday, saturday, sunday, data, ago, updates, frame, reconnects, no_connection, fleet_totals,
  connected_machines, machines_working, machines_moving, in_roster, working, moving, idling,
  stopped, silent, unknown, utilisation_today, reported, operating_rate, average_hours,
  idle_share, working_today, other_day, rate_formula, rate_divisor, hours_formula, flat, region_ranking,
  rate_and_hours, no_regions, alarms, alarms_then, critical, high, medium, low,
  unacknowledged, acknowledged, no_alarms, more_alarms, of_these_critical, health, feed_age, data_age,
  updates_per_s, frame_time, apply_time, reconnect_count, queue, state_hash, hash_equal,
  hash_diverged, hash_unknown, bad_frames, recording, gateway, version, renderer, last_report, period,
  position, engine_hours_today, working_hours_today, idle_hours_today, fuel_today, fuel_then, first_start,
  values, active_faults, no_faults, likely_cause, first_check, occurred, learned, times_seen,
  yes, no, no_values, more_values, heat_working, heat_machines, heat_hours, heat_radius,
  heat_widened, radius_label, radius_widened, known_since,
  heat_title, heat_today, heat_in_view, heat_of_all, heat_unplaced, measure_hours, measure_working,
  measure_machines, all_day, form_smooth, form_hexagons, unit_machine_hours, unit_machines,
  unit_pieces, now,
  back_to_live, play, pause, slower, faster, search_hint, search_none, search_results, place, machines_here,
  click_to_choose, more_machines, around_place,
  help_title, help_close, key_pan, key_zoom, key_select, key_escape, key_home, key_search,
  key_counts, key_points, key_names, key_heat, key_heat_measure, key_heat_form, key_heat_radius, key_theme,
  key_panels, key_language, key_space, key_speed, key_step, key_fullscreen,
  key_screenshot, key_help, key_quit, click, help_map, help_time, help_view, connecting_title,
  connecting_detail, preparing_title, preparing_detail, empty_title, empty_detail, lost_title,
  lost_detail, not_recorded_title, refused_title,
  refused_detail, ended_title, ended_detail, open_title, open_detail, no_machine_title,
  no_machine_detail, none_to_mark_title, none_to_mark_detail, no_field_title, no_sum_title,
  no_field_detail, outside_title, outside_detail, in_gap_title,
  in_damage_title, in_gap_detail, live_alarm_title, live_alarm_detail,
  live_alarms_one, live_alarms_many, no_past_title, no_past_detail,
  saved_title, saved_detail, saved_table, saved_machines, not_saved_title, not_saved_detail,
  key_save_table,
  retry_in, waiting_since,
  gl_title, gl_detail, font_title, trail, trail_off, trail_driven, trail_hauled, trail_gap,
  trail_since, trail_today, key_trail, key_mark, trails_of, trails_marked, trails_some, mark_found,
  tiles_failing, tiles_unreachable,
  points_hidden, hexagon_width, heat_not_yet, around_near, heat_hours_short,
  title_replay, utilisation_then, working_then, rate_formula_then, hours_formula_then, data_then,
  catching_up, to_the_end, tick_back, tick_on,
  alarm_back, alarm_on, key_tick, key_alarms, key_loop, key_live, key_catch_up, key_jump,
  key_calendar, key_band, span_day, span_week, span_month, gap_off, gap_no_reports, tip_working,
  tip_reports, tip_no_alarms, tip_damaged, jump_hint, jump_examples, jump_not_understood,
  jump_no_day, jump_no_time, jump_other_day, jump_other_time, jump_skipped, jump_twice,
  history, key_history, history_needs_recording, history_reading, history_nothing,
  history_damaged, history_more_faults, history_choose, compare, compare_alone,
  compare_not_recorded, compare_nothing, key_compare,
  history_least, history_most,
  difference_title, difference_hours_alone, difference_needs_recording, difference_damaged,
  difference_until, difference_whole, difference_reading, difference_unplaced,
  count_,
};
// clang-format on
inline constexpr int kTextCount = static_cast<int>(Text::count_);

/// Never empty: both languages are complete (tested).
std::string_view text_of(Lang lang, Text key);
/// All texts of one language in one string, for the font atlas.
std::string all_texts(Lang lang);

Text text_key(fleet::Status status, bool moving = false);
Text text_key(fleet::Severity severity);
Text weekday_key(int weekday);  ///< 0 = Sunday; others wrap

/// Name of a telemetry field ("coolant_c" -> "冷却液温度"); the field's own name where none is
/// known.
std::string field_label(Lang lang, std::string_view field);
/// The same of a field that is summed over machines: of a counter that it counts all its life.
std::string summed_field_label(Lang lang, std::string_view field);
/// Unit of a field in words where it is an abbreviation of one: "n" -> "个" / "in number".
std::string unit_text(Lang lang, std::string_view unit);
/// Class of a machine ("medium" -> "中挖"); as it stands where it is not one of the domain's.
std::string class_label(Lang lang, std::string_view machine_class);
/// Attribution or caveat of a base map, in `lang` as far as it is of the shipped maps.
std::string map_text(Lang lang, std::string_view text);

}  // namespace viewer
