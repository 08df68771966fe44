// App: the wall without its window. Owns the fleet as seen, the playhead, what the person chose,
// and the picture; main.cpp gives it time, input and a framebuffer. Main thread, with the GL
// context current.
#pragma once

#include <chrono>
#include <memory>
#include <utility>

#include "fleet/atlas.hpp"
#include "viewer/camera_path.hpp"
#include "viewer/clock/clock_desk.hpp"
#include "viewer/clock/jump.hpp"
#include "viewer/clock/live_watch.hpp"
#include "viewer/heat/heat_difference.hpp"
#include "viewer/heat/heat_places.hpp"
#include "viewer/interaction.hpp"
#include "viewer/model/band_model.hpp"
#include "viewer/model/fill.hpp"
#include "viewer/options.hpp"
#include "viewer/playback.hpp"
#include "viewer/run_stats.hpp"
#include "viewer/saving/saver.hpp"
#include "viewer/source.hpp"
#include "viewer/trails/trail_set.hpp"
#include "viewer/wall_picture.hpp"

namespace viewer {

struct AppConfig {
  Options options;
  std::string shader_dir;
  std::optional<CameraPath> camera_path;
  bool software = false;        ///< the GL draws on the CPU: animations run slower
  std::string renderer;         ///< for the health panel
  std::string attribution;      ///< of the base map, printed on the picture
  std::string caveat;           ///< likewise; may be empty
  TileLoader* tiles = nullptr;  ///< raster tiles on the map; outlives the App
};

/// How far a wall is on its way to the first picture of a fleet.
enum class Arrival : std::uint8_t {
  under_way,  ///< connecting, or the first complete state is on its way
  fleet,      ///< there is a fleet; it stays when the gateway is lost later on
  no_fleet,   ///< connected to a gateway that knows no machine yet
  no_feed,    ///< not connected, or refused, or what is recorded cannot be read
};

class App {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  /// Throws when the picture cannot be set up (shader, asset, fonts).
  App(AppConfig config, const fleet::Atlas& atlas, Source& source, Steady now);
  ~App();

  void resize(int width_px, int height_px);
  /// Moves everything on to `now`. exact: apply all that is due, however long it takes.
  void update(const Input& input, Steady now, bool exact);
  /// A film's frame: brings the fleet to `t`, at or after the one before, and everything that moves
  /// by itself to `now`, the film's own time; points stand at their places. real_now: for tiles
  /// alone. False: something is still being read; to be called again with the same.
  bool show_instant(fleet::Time t, Steady now, Steady real_now);
  /// Nothing more is to come for the last picture, however often it is drawn.
  bool picture_settled() const { return picture_->tiles_settled() && picture_->exact(); }
  /// Why the feed is lost; else empty.
  std::string feed_detail() const { return source_.feed().health().detail; }
  /// What the input asked of the window.
  const Requests& requests() const { return requests_; }
  bool needs_frame(Steady now) const;
  /// Longest time that may pass before the next update.
  std::chrono::duration<double> patience(Steady now) const;
  void draw(unsigned target_framebuffer, Steady now);

  /// For the last picture of a run: time stands still, points are drawn at their places.
  void hold() { held_ = true; }
  /// True when the fleet is there, everything due is applied, and points have settled.
  bool settled() const;
  const Playback& playback() const { return *playback_; }
  Arrival arrival() const { return arrival_of(source_.feed().health()); }
  RunStats& stats() { return stats_; }
  /// A picture was drawn at `now` and presented, which took so much of the main thread's time.
  void note_steady(double cpu_ms, Steady now);
  const WallState& wall() const { return wall_; }
  /// What the last picture showed.
  const WallModel& model() const { return model_; }
  /// Says for a while that a dropped file of this name is no recorded data.
  void say_cannot_open(std::string name, Steady now);
  /// Where a picture of what is shown may be saved: a name not taken yet, in the folder of the
  /// process.
  std::string picture_path() const;
  /// Says for a while that it was saved, or why not.
  void say_saved(const std::string& path, const fleet::Result<void>& saved, Steady now);
  /// As save_shown, of what the last picture showed.
  fleet::Result<std::size_t> save_table(const std::string& path) const;
  /// What of the call came out wrong once the data was there, a line each; told once.
  std::vector<std::string> take_complaints() { return std::exchange(complaints_, {}); }
  /// An option names something that the data does not have, and something else is shown.
  bool call_was_wrong() const { return call_was_wrong_; }
  /// Nothing more is to come for the map's last picture.
  bool tiles_settled() const { return picture_->tiles_settled(); }
  /// Sleeps until a tile came, at most so long.
  void wait_for_tiles(std::chrono::milliseconds most);
  /// Why the first tile of the map failed, once; else empty.
  std::string take_tile_trouble();
  void finish_stats();
  /// Destroys every GL object of the wall and makes it anew (key F9, --rebuild-every); after a
  /// frame.
  void rebuild_gl();
  /// Takes changed shader files; returns what is wrong with them, or nothing. For working on them.
  std::string reload_shaders_if_changed();

 private:
  void adopt_health(const net::FeedHealth& health);
  void follow_playhead(const Input& input, Steady now, Steady real_now);
  void start_playing(Steady now, const net::FeedHealth& health);
  void complain_if_outside(const net::FeedHealth& recorded, Steady now);
  /// What the playhead moves in.
  net::Feed& feed() const { return playback_->feed(); }
  net::FeedHealth past_health() const;
  void follow_past(Steady now, bool exact);
  void leave_now();
  void return_to_now();
  void keep_selected();
  void find_selected();
  void announce(const fleet::Alarm& alarm, Steady now);
  void start_in_past(Steady now);
  void fit_when_due(Steady now, const net::FeedHealth& health);
  void look_for_asked(Steady now, const net::FeedHealth& health);
  void select_asked_for(Steady now, const net::FeedHealth& health);
  void fit_marked(Steady now, const net::FeedHealth& health);
  void mark_asked_for(Steady now, const net::FeedHealth& health);
  void check_heat_field(Steady now);
  void take_input(const Input& input, Steady now, const net::FeedHealth& health);
  bool fleet_known() const;
  Arrival arrival_of(const net::FeedHealth& health) const;
  void say(Notice kind, std::string name, Steady now);
  void serve_requests();
  void save_asked_for(Steady now);
  void follow_pointer(const Input& input, Steady now);
  void reach_for_alarm();
  void look_at_days();
  const net::RecordedDays& recorded_days() const;
  BandDays shown_days() const;
  Jump written_jump(const net::FeedHealth& health) const;
  bool past_is_looked_at() const;
  void fill_band();
  void fill_clock();
  bool history_open() const;
  bool history_settled() const;
  void follow_other_day();
  void want_history(net::MachineShelf& shelf, fleet::LocalDay day);
  void fill_history_of(const fleet::MachineHistory& history, fleet::LocalDay day);
  const fleet::MachineHistory* other_history() const;
  DayBeside::State beside_state() const;
  void follow_history();
  void fill_history();
  void follow_trails(Steady now, const net::FeedHealth& health);
  void fill_model(Steady now, const net::FeedHealth& health);
  void fill_top_and_health(Steady now, const net::FeedHealth& health);
  void choose_heat(render::MapFrame& frame);
  void give_heat_places(bool difference);
  DifferenceModel::State difference_state() const;
  bool difference_drawn() const;
  bool difference_settled() const;
  const net::RecordedDay* recorded_other_day() const;
  void follow_difference(Steady now);
  void fill_difference();
  bool tells_old_difference() const;
  void fill_heat();
  void fill_legend(const render::MapFrame& frame);
  void fill_gap_notice(NoticeModel& notice) const;
  void fill_notice(Steady now);
  void fill_live_alarms();
  void measure_rates(Steady now);
  float glide_s() const;
  bool gliding() const;

  AppConfig config_;
  Source& source_;
  FleetView view_;
  std::unique_ptr<Playback> playback_;
  ClockDesk desk_;
  std::unique_ptr<LiveWatch> watch_;  ///< of live data, while a gateway's past is shown; else null
  std::optional<std::string> selected_id_;  ///< until it is found in the roster to come
  WallState wall_;
  Interaction interaction_;
  TrailSet trails_;
  std::unique_ptr<WallPicture> picture_;
  HeatPlaces heat_places_;
  HeatDifference difference_;
  bool difference_moved_ = false;      ///< since the picture got its places
  bool places_of_difference_ = false;  ///< the picture has those, and not the day's own
  ScopeMemory scope_;
  WallModel model_;
  Requests requests_;
  RunStats stats_;
  Saver saver_;

  /// What the band was last made from.
  struct BandKey {
    std::uint64_t figures = 0, days = 0;
    BandSpan span = BandSpan::day;
    BandDays shown;
    bool operator==(const BandKey&) const = default;
  };
  BandKey band_key_;
  int alarm_step_ = 0;                ///< waits for days that are being read
  std::chrono::days alarm_reach_{1};  ///< so far from the playhead's day

  /// What the history was last made from.
  struct HistoryKey {
    std::uint64_t read = 0;  ///< histories so far
    fleet::LocalDay day{};
    std::optional<fleet::LocalDay> other;
    bool other_read = false;
    std::array<std::string, kHistoryCharts> fields;
    bool operator==(const HistoryKey&) const = default;
  };
  std::optional<HistoryKey> history_key_;
  std::uint64_t histories_read_ = 0;
  std::optional<fleet::LocalDay> other_day_;  ///< compared with; wanted, whether recorded or not
  bool other_recorded_ = false;

  NoticeModel said_;  ///< shown until then
  Steady said_until_;
  render::ScreenPoint pointer_at_;
  Steady pointer_until_;         ///< it counts as there
  bool transport_shown_ = true;  ///< the clock's buttons, where there are such
  std::vector<std::string> complaints_;
  std::string full_field_;           ///< of which the ramp last ended at full_
  float full_ = 0;                   ///< per km2
  std::string checked_field_;        ///< that the heat was asked to sum
  std::uint64_t fit_version_ = 0;    ///< of the figures when that was looked at
  std::size_t fitted_machines_ = 0;  ///< on the map when the camera was last brought to the fleet
  Steady started_, last_update_, last_draw_, rates_at_;
  std::uint64_t rates_updates_ = 0, drawn_ticks_ = 0, model_version_ = 0;
  double updates_per_s_ = kNone;
  std::vector<float> updates_recent_;  ///< of the last minute
  bool changed_ = true, moved_ = false, started_playing_ = false, held_ = false;
  bool select_missed_ = false, mark_missed_ = false, fleet_drawn_ = false, call_was_wrong_ = false;
  bool film_ = false;  ///< what depends on the machine's pace is left out of the picture
};

}  // namespace viewer
