// What each panel shows, as plain data: texts and numbers, nothing of the fleet's state itself.
//
// The main loop fills a WallModel once a frame; panels are pure functions of it, so that every one
// of them can be drawn without a gateway, a fleet or a display. Numbers carry their unit in the
// name; kNone (NaN) means "not known" and is drawn as a dash. Nothing here is translated: the
// panels do it.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "fleet/alarms.hpp"
#include "fleet/status.hpp"
#include "net/codec/messages.hpp"
#include "net/feed/feed_reason.hpp"
#include "viewer/clock/band_span.hpp"
#include "viewer/panels/history_models.hpp"
#include "viewer/trails/span.hpp"

namespace viewer {

/// "Not known" for any number of a model.
inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
inline bool known(double value) {
  return !std::isnan(value);
}

/// A reading of the wall clock in the fleet's time zone.
struct LocalClock {
  int year = 0, month = 0, day = 0;
  int hour = 0, minute = 0, second = 0;
  int weekday = 0;  ///< 0 = Sunday
};

enum class Mode : std::uint8_t { live, replay, paused };

/// Age of the data at which the heartbeat turns amber, seconds: three missed ticks.
inline constexpr double kStaleAfterS = 3;

struct TopBarModel {
  std::string scope;  ///< "全国", "江苏": what the figures are about
  Mode mode = Mode::live;
  double speed = 1;                   ///< replay: times real time, negative = backwards
  bool demo = false;                  ///< the fleet is simulated, and the picture must say so
  std::optional<LocalClock> clock{};  ///< of the playhead; nothing before any data
  bool catching_up = false;           ///< with live data
  bool calendar = false;              ///< the date opens one
  bool preparing = false;             ///< the demo's gateway is not there yet
  bool connected = false;
  /// Alarms above low that came since the wall left now, and the worst of them.
  std::uint32_t live_alarms = 0;
  fleet::Severity live_worst = fleet::Severity::low;
  std::uint64_t heartbeats = 0;  ///< grows by one with every heartbeat or frame second received
  double data_age_s = kNone;     ///< gateway time minus receive time of the newest sample
  double updates_per_s = kNone;
  double frame_ms = kNone;  ///< median time of a frame
  std::uint64_t reconnects = 0;
};

struct TotalsModel {
  std::array<std::uint32_t, fleet::kStatusCount> by_status{};  ///< order: fleet::Status
  std::uint32_t machines = 0;                                  ///< in the roster
  std::uint32_t connected = 0;                                 ///< reported within the rule's days
  int connected_days = 30;
  bool moving = false;  ///< no engine data in this fleet: "working" is called "moving"
};

struct UtilisationModel {
  double operating_rate = kNone;  ///< 0..1
  std::uint32_t operating = 0;    ///< numerator
  std::uint32_t connected = 0;    ///< denominator
  double average_h = kNone;       ///< engine hours / machines that worked
  double idle_share = kNone;      ///< 0..1
  double reported_share = kNone;  ///< 0..1, reported today / connected
  double min_engine_h = 0.5;      ///< thresholds of the rate, printed with it
  int connected_days = 30;
  bool then = false;  ///< of a day that is replayed
  std::string since;  ///< "08:00" where the day is known from then on only, else empty
  std::array<double, 3> change{kNone, kNone,
                               kNone};  ///< against `change_label`: points, hours, points
  std::string change_label;             ///< e.g. "较去年"
  std::vector<float> today;    ///< machines working, evenly spaced from 00:00, kNone = not known
  std::vector<float> compare;  ///< the same of another day; may be empty
  double samples_per_day = 96;
};

struct RankingRow {
  std::string name;
  double operating_rate = kNone;  ///< 0..1
  double average_h = kNone;
  std::uint32_t machines = 0;
  bool selected = false;
};
struct RankingModel {
  std::vector<RankingRow> rows;  ///< best first; as many are drawn as fit
};

struct AlarmRow {
  std::uint64_t alarm = 0;    ///< fleet::AlarmId, handed back by Action
  std::uint32_t machine = 0;  ///< fleet::Slot, handed back by Action
  fleet::Severity severity = fleet::Severity::low;
  bool acknowledged = false;
  std::string serial;
  int spn = 0, fmi = 0;
  std::string place;  ///< "苏州 吴中"; may be empty
  double age_s = 0;   ///< playhead minus the time it occurred
  bool selected = false;
};
struct AlarmsModel {
  std::array<std::uint32_t, fleet::kSeverityCount> by_severity{};
  std::uint32_t unacknowledged = 0;
  std::vector<AlarmRow> rows;  ///< most severe first, then newest
  std::string as_of;           ///< replay: "14:32"; empty when live
};

enum class HashAgreement : std::uint8_t { unknown, equal, diverged };

struct HealthModel {
  double feed_age_s = kNone;  ///< since the last frame came in, steady clock
  double data_age_s = kNone;
  double updates_per_s = kNone;
  std::vector<float> updates_recent;  ///< the same of the last minute, oldest first, one a second
  double frame_p50_ms = kNone, frame_p99_ms = kNone;
  double apply_ms = kNone;  ///< median time spent applying frames per drawn frame
  std::uint64_t reconnects = 0;
  double queue_bytes = 0, queue_limit_bytes = 0;
  HashAgreement agreement = HashAgreement::unknown;
  double agreement_age_s = kNone;  ///< since the last comparison
  std::uint64_t bad_frames = 0;
  std::optional<net::StoreTrouble> trouble;  ///< why the gateway does not record
  std::string gateway;                       ///< host:port or file name
  std::string gateway_version;
  std::string own_version;
  std::string renderer;  ///< GL renderer and composer
};

struct CardValue {
  std::string field;  ///< field name as in the contract, e.g. "coolant_c"
  std::string value;  ///< ready text, e.g. "63.1"; booleans "0" or "1"
  std::string unit;
  double age_s = kNone;
  bool alarming = false;  ///< an active fault is about this value
};
struct CardFault {
  fleet::Severity severity = fleet::Severity::low;
  bool acknowledged = false;
  int spn = 0, fmi = 0;
  int count = 0;         ///< occurrence count, 0 = not known
  std::string occurred;  ///< "14:29:53"
  std::string learned;   ///< "14:30:02"
  double age_s = kNone;
  double from_h = kNone, until_h = kNone;  ///< open for these hours of the playhead's day
};
struct TrailModel {
  TrailSpan span = TrailSpan::off;
  double driven_km = kNone, hauled_km = kNone;
  int gaps = 0;
  double silent_s = 0;          ///< of the gaps together
  double silent_for_s = kNone;  ///< the machine is silent now, since so long
  bool waiting = false;         ///< for the first answer
  std::string since;            ///< "11:20" where less than the span is known, else empty
};
struct CardModel {
  bool open = false;
  std::string serial, model, customer, branch;
  std::string machine_class;  ///< as the roster has it: "medium", "loader"
  fleet::Status status = fleet::Status::unknown;
  bool moving = false;
  double report_age_s = kNone;  ///< since the last report of any kind
  double period_s = kNone;      ///< learned reporting period
  std::string place;            ///< "苏州 吴中"
  std::string lonlat;           ///< "120.6270, 31.2690"
  double fix_age_s = kNone;
  double engine_h_today = kNone, working_h_today = kNone, idle_h_today = kNone;
  double fuel_l_today = kNone;
  bool then = false;        ///< of a day that is replayed
  std::string first_start;  ///< "06:41"; empty if none today
  TrailModel trail;
  std::vector<CardValue> values;
  std::vector<CardFault> faults;  ///< most severe first
};

/// What the heat on the map is a density of.
enum class HeatMeasure : std::uint8_t {
  hours,     ///< worked on the day shown, of some hours of the day
  working,   ///< machines that work now
  machines,  ///< machines, where they were last
  field,     ///< the sum of a field's values
};

/// The heat of the day shown less that of another one.
struct DifferenceModel {
  enum class State : std::uint8_t {
    off,              ///< nobody asked for it
    hours_alone,      ///< it is of hours worked, and something else is chosen
    needs_recording,  ///< what is shown does not come from files
    alone,            ///< no other day is recorded
    not_recorded,     ///< this one is not
    damaged,          ///< it cannot be read
    reading,
    ready
  };
  State state = State::off;
  std::string shown, other;                 ///< the days, "10-16 Fri"; may be empty
  std::string other_span;                   ///< "08:00–17:30" where not all of it is recorded
  std::string until;                        ///< time of day, "14:32"; empty: both days whole
  double shown_h = kNone, other_h = kNone;  ///< worked on each, with a place

  /// The picture is of it, and not of the day shown alone.
  bool drawn() const { return state == State::reading || state == State::ready; }
};

struct HeatModel {
  bool on = false;
  HeatMeasure measure = HeatMeasure::hours;
  std::string field, field_unit;    ///< with HeatMeasure::field
  double in_view = kNone;           ///< sum over what the screen shows
  double total = kNone;             ///< sum over everything that has a place
  double unplaced = 0;              ///< of the hours: worked where nobody knows
  std::string since;                ///< as UtilisationModel's, of the hours
  int from_hour = 0, to_hour = 24;  ///< hours of the day that count
  double radius_m = 0;              ///< as chosen
  double drawn_radius_m = 0;        ///< more where the chosen one would be too small to be seen
  bool hexagons = false;
  bool not_yet = false;        ///< none of the chosen hours has begun
  DifferenceModel difference;  ///< where it is drawn, all sums are those of it
};

struct TilesModel {
  std::string attribution;  ///< of the raster tiles; may be empty
  std::size_t failing = 0;  ///< in view, that could not be read
  bool reachable = true;    ///< false: their server does not answer
  bool tells() const { return failing > 0 || !attribution.empty(); }
};

struct LegendModel {
  bool moving = false;
  bool points = true;  ///< machines are shown
  bool heat = false;
  HeatMeasure heat_measure = HeatMeasure::hours;
  std::string heat_field;        ///< with HeatMeasure::field: its name and unit
  double heat_full = 1;          ///< density of the ramp's last colour
  double heat_radius_m = 0;      ///< as drawn; 0 = there is none
  bool heat_widened = false;     ///< it is more than was chosen
  double heat_hexagon_m = 0;     ///< width of the hexagons on the ground; 0 = there are none
  std::string heat_window;       ///< e.g. "今日"; may be empty
  std::string heat_hours;        ///< the hours of it alone, "07–11"; empty = all day
  bool heat_not_yet = false;     ///< these have not begun
  std::string heat_since;        ///< "08:00": from then on only; may be empty
  bool heat_difference = false;  ///< on either side of zero
  std::string heat_days;        ///< of the difference: "10-16 周五 − 10-15 周四 截至 14:32"
  std::string heat_days_short;  ///< "10-16 − 10-15"
  double metres_per_px = 0;     ///< for the scale bar; 0 = no bar
  std::string attribution;
  std::string caveat;                 ///< what the base map's maker warns of; may be empty
  std::optional<TilesModel> tiles{};  ///< nothing without raster tiles
};

struct BandAlarm {
  double hour = 0;
  fleet::Severity severity = fleet::Severity::low;
};
/// Why there is no data.
enum class GapWhy : std::uint8_t {
  off,         ///< no gateway recorded
  no_reports,  ///< one did, but nobody reported
};
struct BandGap {
  double from_h = 0, to_h = 0;
  GapWhy why = GapWhy::off;
};
/// What went on at a place of the band.
struct BandTip {
  double hour = 0;
  LocalClock from, until;  ///< what the counts are of; of a gap: the gap
  std::optional<GapWhy> gap;
  double working = kNone;  ///< machines, on an average
  double reports = kNone;
  std::array<std::uint32_t, fleet::kSeverityCount> raised{};  ///< alarms
  bool counted = false;                                       ///< reports and alarms are known
  bool damaged = false;  ///< frames of the day could not be read
};
/// Hours in it are local hours from the midnight with which the band begins: every day has 24.
struct TimeBandModel {
  BandSpan span = BandSpan::day;
  std::vector<LocalClock> days;  ///< of the band, in order; may be empty for a single one
  std::vector<float> activity;   ///< machines working, evenly from 00:00; kNone = not known
  double samples_per_day = 288;
  std::vector<BandAlarm> alarms;
  std::vector<BandGap> gaps;                  ///< ascending
  double playhead_h = 0;                      ///< [0, hours()]
  double now_h = kNone;                       ///< replay: where live is; kNone = not on this band
  double begin_h = 0, end_h = 24;             ///< recorded range within it
  double loop_a_h = kNone, loop_b_h = kNone;  ///< as they were marked; beyond the band: clamped
  std::optional<BandTip> tip;
  bool transport = false;    ///< replay: show the transport buttons
  bool live = false;         ///< the playhead follows live data
  bool live_behind = false;  ///< replay of a feed that goes on: there is a way back to it
  bool paused = false;
  bool catching_up = false;
  double speed = 1;

  double hours() const {
    return 24 * static_cast<double>(days.empty() ? std::size_t{1} : days.size());
  }
};

/// The box in which a date or time is written.
struct JumpModel {
  bool open = false;
  std::string text;
  enum class State : std::uint8_t {
    empty,
    understood,  ///< goes to `to`
    other_day,   ///< nothing is recorded of `said`: goes to the nearest day that has data
    other_time,  ///< nor at that time of that day: goes to the nearest instant
    not_understood,
    no_such_day,  ///< 30 February
    no_such_time,
  };
  State state = State::empty;
  LocalClock said, to;
  bool skipped = false;  ///< a clock change leaves the time out: the instant after it
  bool twice = false;    ///< it comes twice: the first of them
};

struct CalendarDay {
  int day = 1;              ///< of the month
  std::int64_t number = 0;  ///< days since 1970, handed back by Action
  bool data = false;
  double worked_h = kNone;  ///< machine-hours, where the day was looked at
  bool gaps = false;        ///< something is missing
  bool playhead = false;
};
struct CalendarMonth {
  int year = 0, month = 1;
  int first_weekday = 0;  ///< of its first day, 0 = Monday
  std::vector<CalendarDay> days;
};
struct CalendarModel {
  bool open = false;
  std::vector<CalendarMonth> months;    ///< ascending
  double most_worked_h = 0;             ///< of any day: full colour
  bool earlier = false, later = false;  ///< there is data before, behind
};

struct SearchResult {
  std::uint32_t machine = 0;
  std::string title;   ///< serial, or place
  std::string detail;  ///< model, customer, place
  fleet::Status status = fleet::Status::unknown;
  bool is_place = false;
};
struct SearchModel {
  bool open = false;
  std::string query;
  std::vector<SearchResult> results;
  std::size_t total = 0;     ///< results found in all
  std::size_t machines = 0;  ///< of them
  std::size_t selected = 0;  ///< index into results
};

/// Of the marked machines: how many there are, and what of their trails is shown.
struct TrailsModel {
  std::size_t machines = 0;  ///< 0: none is marked, nothing is drawn
  TrailSpan span = TrailSpan::off;
  std::size_t waiting = 0;  ///< trails that are not there yet
  std::size_t found = 0;    ///< by the search that marked them; may be more than can be marked
};

struct ChooserRow {
  std::string serial, model;
  fleet::Status status = fleet::Status::unknown;
};
/// Machines that stand on one place, to choose from.
struct ChooserModel {
  bool open = false;
  float at_x = 0, at_y = 0;  ///< the place, px
  std::vector<ChooserRow> rows;
  std::size_t total = 0;     ///< machines there in all
  std::size_t selected = 0;  ///< row
  bool moving = false;
};

/// States of the whole picture. At most one is shown; the picture stays under it where there is
/// one.
enum class Notice : std::uint8_t {
  none,
  connecting,         ///< no data yet: centre of the screen
  empty_fleet,        ///< connected, but the roster is empty: centre
  gateway_lost,       ///< banner; the picture stays, its age counts
  not_recorded,       ///< banner: the gateway's store fails; `trouble` says how
  refused,            ///< version, token, certificate: centre; `reason` says which
  replay_ended,       ///< banner: the file has no more data
  cannot_open,        ///< banner: a dropped file is no recorded data; `address` is its name
  none_to_mark,       ///< banner: no machine on the map has the text `address` that was asked for
  no_machine,         ///< banner: the machine asked for is not on the map; `address` is its id
  no_field,           ///< banner: nor does the fleet have the field `address`
  no_sum,             ///< banner: values of the field `address` make no sum
  outside_recording,  ///< banner: the instant asked for is not recorded; `address` says which
  live_alarm,         ///< banner: `address` is what just happened, while the wall shows the past
  no_past,            ///< banner: the gateway's recording cannot be had; `reason` or `fact` say why
  saved,              ///< banner: the file `address` was written; `fact` says where and what
  not_saved,          ///< banner: `address` could not be written; `fact` says why
  in_gap,             ///< banner: nothing is recorded of the instant shown; `fact` says from when on
  in_damage,          ///< banner: what is recorded of it cannot be read
  preparing,          ///< the demo's gateway simulates what was before: centre
};
struct NoticeModel {
  Notice kind = Notice::none;
  std::string address;  ///< gateway or file
  /// What the texts do not say: the gateway's or the system's own words, in English; may be empty.
  std::string fact;
  double age_s = kNone;                            ///< since the connection was lost or first tried
  double retry_s = kNone;                          ///< until the next attempt
  double share = kNone;                            ///< preparing: how much is done, 0 to 1
  net::FeedReason reason = net::FeedReason::none;  ///< why there is no feed
  net::StoreTrouble trouble = net::StoreTrouble::other;
  fleet::Severity severity = fleet::Severity::critical;  ///< live_alarm: how bad it is
};

/// Everything the panels show in one frame.
struct WallModel {
  TopBarModel top;
  TotalsModel totals;
  UtilisationModel utilisation;
  RankingModel ranking;
  AlarmsModel alarms;
  HealthModel health;
  CardModel card;
  HistoryModel history;
  LegendModel legend;
  HeatModel heat;
  TimeBandModel band;
  JumpModel jump;
  CalendarModel calendar;
  SearchModel search;
  ChooserModel chooser;
  TrailsModel trails;
  NoticeModel notice;
  bool fleet = true;  ///< false: nothing is known of any machine yet, and no figure may be told
  bool help = false;
  bool panels = true;  ///< false: only map, marks, names, legend, notices
};

}  // namespace viewer
