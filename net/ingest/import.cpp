#include "net/ingest/import.hpp"

#include <unistd.h>

#include <algorithm>

#include "net/ingest/import_store.hpp"
#include "net/store/page_parity.hpp"
#include "net/store/rollups.hpp"

namespace net {

namespace fs = std::filesystem;

namespace {

/// Removes a folder with everything in it at the end of a scope.
class Removed {
 public:
  explicit Removed(fs::path path) : path_(std::move(path)) {}
  Removed(const Removed&) = delete;
  Removed& operator=(const Removed&) = delete;
  ~Removed() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  void keep() { path_.clear(); }

 private:
  fs::path path_;
};

constexpr const char* kFolderPrefix = ".import-";

/// Of imports that were killed. The caller holds the directory's lock.
void remove_left_behind(const fs::path& directory) {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(directory, ignored))
    if (entry.path().filename().string().starts_with(kFolderPrefix)) found.push_back(entry.path());
  for (const fs::path& path : found) fs::remove_all(path, ignored);
}

class Import {
 public:
  explicit Import(const ImportOptions& options) : options_(options) {}

  fleet::Result<ImportReport> run() {
    std::error_code code;
    Removed created(fs::exists(options_.data, code) ? fs::path() : options_.data);
    if (auto opened = open_directory(); !opened) return opened.error();
    if (auto read = read_files(); !read) return read.error();
    if (rows_.rows.empty() && rows_.records.empty()) {
      collect();
      return std::move(report_);
    }
    const fs::path folder = options_.data / (kFolderPrefix + std::to_string(::getpid()));
    Removed folder_removed(folder);
    if (auto done = rebuild(folder); !done) return done.error();
    created.keep();
    collect();
    return std::move(report_);
  }

 private:
  /// Takes the lock and settles zone and demo mark; changes nothing.
  fleet::Result<void> open_directory() {
    auto lock = DirectoryLock::take(options_.data);
    if (!lock) return lock.error();
    lock_.emplace(std::move(lock.value()));
    DayStoreOptions& store = build_.store;
    if (options_.day_zone) store.zone = *options_.day_zone;
    if (auto reader = DayReader::open(options_.data)) {
      has_days_ = true;
      store.zone = reader.value()->zone();
      store.demo = reader.value()->demo();
      if (options_.day_zone && options_.day_zone->name() != store.zone.name())
        return fleet::Error{options_.data.string() + ": its days are those of " +
                            store.zone.name() + ", not of " + options_.day_zone->name() +
                            "; leave --day-zone out or import into another folder."};
    } else if (day_files(options_.data)) {
      // There are days, but they cannot be read: an import must not write beside them.
      return reader.error();
    }
    build_.core.zone = store.zone;
    build_.core.quality = options_.intake.quality;
    return {};
  }

  /// Finishes what a killed gateway left, and takes up what is known of the machines.
  fleet::Result<void> settle_directory() {
    lock_.reset();  // the store's writer takes it in its own name
    auto opened = open_store(options_.data, build_.store);
    if (!opened) return opened.error();
    held_ = std::move(opened.value());
    if (auto closed = held_.writer->close(); !closed) return closed;  // keeps the lock
    build_.store.durable = false;  // synced once, when the days are installed
    build_.store.pack_rest = true;
    build_.store.pack_sizes.at_once = kPacksAtOnceInARush;
    remove_left_behind(options_.data);
    return {};
  }

  fleet::Result<void> read_files() {
    Intake intake(options_.intake, rows_);
    std::vector<bool> rules_used(options_.rules.size());
    for (const fs::path& path : options_.files) {
      intake.begin_file();
      FileOptions file;
      file.format = options_.format;
      file.rules = options_.rules;
      file.receive_column = options_.receive_column;
      if (options_.progress)
        file.progress = [&](double part) { options_.progress(path.filename().string(), part); };
      auto notes = read_import_file(path, file, intake);
      if (!notes) return notes.error();
      for (std::size_t i = 0; i < notes.value().rules_used.size(); ++i)
        if (notes.value().rules_used[i]) rules_used[i] = true;
      report_.files.push_back({std::move(notes.value()), {}});
    }
    for (std::size_t i = 0; i < rules_used.size(); ++i)
      if (!rules_used[i])
        return fleet::Error{"--map " + options_.rules[i].field + "=" + options_.rules[i].column +
                            ": no file has a column '" + options_.rules[i].column + "'."};
    note_span();
    return {};
  }

  void note_span() {
    std::vector<bool> seen(rows_.known.roster().size());
    for (const ImportRow& row : rows_.rows) {
      const fleet::Time t = fleet::time_from_ms(row.device_ms);
      if (report_.first == fleet::kNever || t < report_.first) report_.first = t;
      report_.last = std::max(report_.last, t);
      seen[row.machine] = true;
    }
    for (std::size_t slot = 0; slot < rows_.records.size(); ++slot)
      if (!rows_.records[slot].id.empty()) seen[slot] = true;
    report_.machines = static_cast<std::size_t>(std::ranges::count(seen, true));
  }

  /// The earliest local day that a row of the files, or a stored row that it joins, may lie in.
  fleet::LocalDay first_day() const {
    std::int64_t first_ms = INT64_MAX;
    const bool as_live = options_.intake.receive == IntakeRules::Receive::device;
    const auto ahead = fleet::Millis(options_.intake.quality.future).count();
    for (const ImportRow& row : rows_.rows)
      first_ms = std::min({first_ms, row.receive_ms, row.device_ms - (as_live ? 0 : ahead)});
    // Only a roster: it is laid under all days there are.
    if (first_ms == INT64_MAX) return fleet::LocalDay{std::chrono::days{-1'000'000}};
    return day_of_end(build_.store.zone,
                      fleet::time_from_ms(tick_end_ms(first_ms, build_.core.tick)));
  }

  /// Many rows of one instant are spread over ticks, in an order that depends on content alone.
  void spread_now() {
    if (options_.intake.receive != IntakeRules::Receive::now) return;
    std::int64_t n = 0;
    const auto now = fleet::ms_from_time(options_.intake.now);
    for (ImportRow& row : rows_.rows) {
      if (row.receive_ms != now) continue;
      row.receive_ms += n++ / kRowsPerTickNow * build_.core.tick.count();
    }
  }

  /// Stored records stay where the files say nothing else.
  void take_stored_records() {
    const fleet::Roster& held = held_.state.roster();
    for (fleet::Slot slot = 0; slot < held.size(); ++slot) {
      const auto known = rows_.known.roster().find(held[slot].id);
      if (!known || !has_record(held[slot])) continue;
      if (rows_.records.size() <= *known) rows_.records.resize(std::size_t{*known} + 1);
      rows_.records[*known] = updated_record(held[slot], rows_.records[*known]);
    }
  }

  fleet::Result<void> rebuild(const fs::path& folder) {
    build_.first = first_day();
    const fleet::LocalDay warm_up = build_.first - std::chrono::days(kWarmUpDays);
    // The newest day is written when the store is taken up.
    if (auto sound = has_days_ ? check_stored_days(options_.data, warm_up) : fleet::Result<void>();
        !sound)
      return sound;
    if (auto settled = settle_directory(); !settled) return settled;
    StoredDays stored;
    stored.zone = build_.store.zone;
    if (has_days_) {
      auto read = read_stored_days(options_.data, warm_up, build_.first, rows_);
      if (!read) return read.error();
      stored = std::move(read.value());
    }
    for (fleet::Slot slot = 0; slot < held_.state.roster().size(); ++slot)
      if (auto added = rows_.known.roster().find_or_add(held_.state.roster()[slot].id); !added)
        return added.error();
    take_stored_records();
    rows_.merge(build_.core.tick);
    spread_now();
    build_.roster_only_at = fleet::time_from_ms(
        tick_end_ms(fleet::ms_from_time(options_.intake.now), build_.core.tick));
    if (options_.progress)
      build_.progress = [this](double part) { options_.progress("writing days", part); };
    std::error_code code;
    fs::create_directory(folder, code);
    if (code) return fleet::Error{folder.string() + ": cannot be made: " + code.message() + "."};
    auto built = build_days(rows_, stored.before, build_, folder);
    if (!built) return built.error();
    if (auto installed = install_days(folder, options_.data); !installed) return installed;
    remove_replaced(stored.files, built.value().days);
    report_.days = std::move(built.value().days);
    report_.ticks = built.value().ticks;
    report_.rows_written = built.value().rows;
    roll_up();
    return {};
  }

  /// The days are in their place by now: trouble with this is none of the import.
  void roll_up() {
    RollupRequest request;
    request.path = options_.data;
    request.store = true;
    if (options_.progress)
      request.show = [&](fleet::LocalDay day, const Rollup&) {
        options_.progress("adding up " + fleet::day_name(day), 1);
      };
    auto news = bring_up_to_date(request);
    if (!news)
      report_.troubles.push_back(news.error().what);
    else
      report_.troubles = std::move(news->damages);
  }

  /// Days that have no rows any more: their rows have become part of an earlier day's.
  void remove_replaced(const std::vector<fs::path>& files,
                       const std::vector<fleet::LocalDay>& days) const {
    for (const fs::path& file : files) {
      const bool kept = std::ranges::any_of(days, [&](fleet::LocalDay day) {
        return day_file_path(options_.data, day).filename() == file.filename();
      });
      std::error_code ignored;
      if (kept) continue;
      fs::remove(file, ignored);
      fs::remove(parity_path(file), ignored);
    }
  }

  void collect() {
    report_.stored_before = rows_.files.front();
    for (std::size_t i = 0; i < report_.files.size(); ++i)
      report_.files[i].counts = rows_.files[i + 1];
  }

  const ImportOptions& options_;
  std::optional<DirectoryLock> lock_;
  OpenedStore held_;
  bool has_days_ = false;
  BuildOptions build_;
  ImportRows rows_;
  ImportReport report_;
};

}  // namespace

fleet::Result<ImportReport> run_import(const ImportOptions& options) {
  return Import(options).run();
}

}  // namespace net
