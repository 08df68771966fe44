#include "net/store/rollups.hpp"
#include "net/store/frame_rows.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "net/store/page_parity.hpp"
#include "net/store/salvaged_copy.hpp"

namespace net {

namespace fs = std::filesystem;

namespace {

struct FileOfDay {
  fs::path path;
  std::int32_t day = 0;
  std::vector<LateSpan> late;
  bool known = false;  ///< late is what the file says of itself
};

class Run {
 public:
  explicit Run(const RollupRequest& request) : request_(request) {}

  fleet::Result<RollupNews> run() {
    auto paths = readable_days(request_.path);
    if (!paths) return paths.error();
    for (const fs::path& path : *paths) {
      auto noted = note(path);
      if (!noted && paths->size() == 1) return noted.error();
      if (!noted) leave_out(path, noted.error());
    }
    for (FileOfDay& file : files_)
      if (going_on_) look_for_late(file);
    const std::set<std::int32_t> missing = days_without_file();
    auto next = missing.begin();
    for (std::size_t i = 0; i < files_.size() && going_on_; ++i) {
      for (; next != missing.end() && *next < files_[i].day && going_on_; ++next)
        look_at_missing(*next, i);
      if (is_wanted(files_[i].day) && going_on_) look_at(i);
    }
    for (; next != missing.end() && going_on_; ++next) look_at_missing(*next, files_.size());
    if (request_.store && going_on_)
      for (std::string& failure : guard_days(request_.path, request_.go_on))
        tell(std::move(failure));
    return std::move(news_);
  }

 private:
  static std::int32_t number(fleet::LocalDay day) {
    return static_cast<std::int32_t>(day.time_since_epoch().count());
  }
  static fleet::LocalDay day_of(const FileOfDay& file) {
    return fleet::LocalDay{std::chrono::days{file.day}};
  }
  bool is_open(const FileOfDay& file) const {
    return request_.open && file.day >= number(*request_.open);
  }
  void tell(std::string what) {
    if (std::ranges::find(news_.damages, what) == news_.damages.end())
      news_.damages.push_back(std::move(what));
  }

  fleet::Result<void> note(const fs::path& path) {
    auto file = DayFile::open(path, sqlite::Database::Mode::read);
    if (!file) return file.error();
    const auto keyframe = keyframe_after(*file, 0);
    if (!keyframe) return keyframe.error();
    if (!*keyframe) return {};  // begun, and empty yet
    zone_ = file->zone;
    FileOfDay& noted = files_.emplace_back(FileOfDay{path, number(file->day), {}, false});
    auto late = read_late(*file);
    if (late && *late) {
      noted.late = std::move(**late);
      noted.known = true;
    }
    return {};
  }

  void leave_out(const fs::path& path, fleet::Error error) {
    tell(std::move(error.what));
    if (const auto day = day_named(path)) unreadable_.insert(number(*day));
  }

  /// What a file without tables holds of other days: a look at all of its frames.
  void look_for_late(FileOfDay& file) {
    if (file.known && !request_.anew) return;
    if (is_open(file) && request_.open_late) {
      file.late = *request_.open_late;
      return;
    }
    std::vector<std::string> damages;  // told when the day itself is built
    auto scanned = scan_day_file(file.path, request_.go_on, damages);
    if (!scanned) return;
    if (!*scanned) {
      going_on_ = false;
      return;
    }
    file.late = std::move((**scanned).late);
  }

  /// True if its tables hold all that there is of the day.
  bool good(const FileOfDay& file, const Rollup& held) const {
    if (request_.anew || !held.tables) return false;
    for (const FileOfDay& other : files_)
      for (const LateSpan& late : other.late)
        if (late.day == file.day && late.end > held.until) return false;
    return true;
  }

  bool is_wanted(std::int32_t day) const {
    return (!request_.first || day >= number(*request_.first)) &&
           (!request_.last || day <= number(*request_.last));
  }

  /// Wanted ones of which only other days' files hold reports: nobody recorded then. Their tables
  /// lie nowhere, and are built for whoever looks at them.
  std::set<std::int32_t> days_without_file() const {
    std::set<std::int32_t> days;
    if (!request_.show) return days;
    for (const FileOfDay& file : files_)
      for (const LateSpan& late : file.late)
        if (is_wanted(late.day)) days.insert(late.day);
    for (const FileOfDay& file : files_) days.erase(file.day);
    return days;
  }

  /// behind: the first of the files that is of a later day.
  void look_at_missing(std::int32_t day, std::size_t behind) {
    RollupSource source = source_of(day, behind, behind, files_.size());
    source.day = fleet::LocalDay{std::chrono::days{day}};
    source.zone = zone_;
    std::vector<std::string> damages;
    auto built = build_rollup(source, damages);
    for (std::string& damage : damages) tell(std::move(damage));
    if (!built) return tell(built.error().what);
    going_on_ = built->has_value();
    if (going_on_) request_.show(source.day, **built);
  }

  void look_at(std::size_t i) {
    const FileOfDay& file = files_[i];
    auto held = read_held(file.path);
    const bool behind_late = late_at_ && file.day <= *late_at_ + kDaysBehindLate;
    if (held && !behind_late && good(file, *held)) {
      keep_open_alarms(file, *held->tables);
      if (request_.show) request_.show(day_of(file), *held);
      return;
    }
    std::vector<std::string> damages;
    const RollupSource source = source_for(i);
    auto built = build_rollup(source, damages);
    for (std::string& damage : damages) tell(std::move(damage));
    if (!built) return tell(built.error().what);
    if (!*built) {
      going_on_ = false;
      return;
    }
    const Rollup& rollup = **built;
    if (!behind_late) late_at_ = file.day;
    news_.built.push_back(day_of(file));
    keep_open_alarms(file, *rollup.tables);
    if (request_.store && !is_open(file) && is_sound(file, source)) store(file, rollup);
    if (request_.show) request_.show(day_of(file), rollup);
  }

  std::optional<Rollup> read_held(const fs::path& path) {
    auto file = DayFile::open(path, sqlite::Database::Mode::read);
    if (!file) {
      tell(file.error().what);
      return std::nullopt;
    }
    auto held = read_rollup(*file);
    if (!held) return std::nullopt;  // damaged: it is built anew
    return std::move(*held);
  }

  void store(const FileOfDay& file, const Rollup& rollup) {
    // Nobody may write to one that can only be settled alone.
    std::error_code code;
    if (fs::exists(doubt_mark(file.path), code)) return;
    auto day_file = DayFile::open(file.path, sqlite::Database::Mode::write);
    if (!day_file) return tell(day_file.error().what);
    // Whatever happens now, it is of the file as it was. A new one follows.
    fs::remove(parity_path(file.path), code);
    if (auto written = write_rollup(*day_file, rollup); !written) tell(written.error().what);
  }

  /// Tables are stored only if all that they were built from is as it was written, for they stay
  /// when the damage is mended. Nor would parity of a damaged day, made anew, restore it.
  bool is_sound(const FileOfDay& file, const RollupSource& source) {
    bool sound = is_whole(file.path);
    if (source.before) sound = is_whole(*source.before) && sound;
    for (const RollupSource::Part& part : source.elsewhere) sound = is_whole(part.file) && sound;
    // Is the day before the one before it? None is known where nothing is before.
    const auto missed = unreadable_.lower_bound(file.day);
    if (missed == unreadable_.begin()) return sound;
    const auto before = std::ranges::find(files_, file.path, &FileOfDay::path);
    return sound && before != files_.begin() && std::prev(before)->day > *std::prev(missed);
  }
  /// Looks at a file once, and tells what is damaged.
  bool is_whole(const fs::path& path) {
    const auto [known, fresh] = whole_.try_emplace(path, true);
    if (!fresh) return known->second;
    const auto damage = page_damage(path);
    known->second = !damage || damage->damaged.empty();
    if (!known->second)
      tell(path.string() + ": " + text_of(*damage) +
           "; tables that build on it are not stored until then");
    return known->second;
  }

  RollupSource source_for(std::size_t i) const {
    RollupSource source = source_of(files_[i].day, i, i + 1, i);
    source.file = files_[i].path;
    return source;
  }
  /// first_not_before, behind: the first files that are not of earlier days, and of later ones.
  RollupSource source_of(std::int32_t day, std::size_t first_not_before, std::size_t behind,
                         std::size_t own) const {
    RollupSource source;
    source.go_on = request_.go_on;
    if (first_not_before > 0) {
      source.before = files_[first_not_before - 1].path;
      source.open = open_at_end(first_not_before - 1);
    }
    for (std::size_t j = 0; j < files_.size(); ++j) {
      if (j == own) continue;
      for (const LateSpan& late : files_[j].late) {
        const bool of_day = late.day == day;
        const bool before_day = j >= behind && late.day < day && late.day >= day - kDaysBehindLate;
        if (!of_day && !before_day) continue;
        if (j + 1 == first_not_before)
          source.before_from = std::min(source.before_from, late.begin);
        else
          source.elsewhere.push_back({files_[j].path, late.begin, late.end});
      }
    }
    return source;
  }

  /// Alarms open when the day of a file ended, by its journal.
  std::optional<std::vector<fleet::JournalAlarm>> open_at_end(std::size_t i) const {
    if (open_day_ == files_[i].day) return open_;
    auto file = DayFile::open(files_[i].path, sqlite::Database::Mode::read);
    if (!file) return std::nullopt;
    auto held = read_rollup(*file);
    if (!held || !*held || !(*held)->tables) return std::nullopt;
    return open_of(*(*held)->tables);
  }
  static std::vector<fleet::JournalAlarm> open_of(const fleet::DayTables& tables) {
    std::vector<fleet::JournalAlarm> open;
    for (const fleet::JournalAlarm& entry : tables.alarms)
      if (entry.cleared == fleet::kNever) open.push_back(entry);
    return open;
  }
  void keep_open_alarms(const FileOfDay& file, const fleet::DayTables& tables) {
    open_ = open_of(tables);
    open_day_ = file.day;
  }

  const RollupRequest& request_;
  std::vector<FileOfDay> files_;
  std::set<std::int32_t> unreadable_;  ///< days of which nothing can be read
  std::map<fs::path, bool> whole_;     ///< that were looked at
  fleet::TimeZone zone_ = fleet::shanghai();
  RollupNews news_;
  bool going_on_ = true;
  std::optional<std::int32_t> late_at_;   ///< the day built last because of its own reports
  std::optional<std::int32_t> open_day_;  ///< whose end `open_` is of
  std::vector<fleet::JournalAlarm> open_;
};

}  // namespace

fleet::Result<RollupNews> bring_up_to_date(const RollupRequest& request) {
  return Run(request).run();
}

}  // namespace net
