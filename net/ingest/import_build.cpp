// Merged rows through a GatewayCore into day files.
#include <algorithm>
#include <bit>

#include "net/ingest/import_store.hpp"
#include "net/store/day_file.hpp"

namespace net {

namespace {

class Builder {
 public:
  Builder(ImportRows& rows, fleet::FleetState& before, const BuildOptions& options,
          DayWriter& writer)
      : rows_(rows),
        options_(options),
        tick_(options.core.tick),
        start_(first_begin()),
        core_(with_epoch(options.core), start_),
        sink_(writer),
        feeder_(core_, options.store, sink_) {
    // A roster alone is taken from rows.records, in the order of ids, as if it had just come.
    if (before.newest_receive() != fleet::kNever) core_.restore(std::move(before), start_);
    slots_.assign(rows_.known.roster().size(), kNoSlot);
    add_fields();
    add_records();
  }

  fleet::Result<BuildResult> run() {
    std::size_t at = warm_up();
    const std::size_t written = at;
    while (at < rows_.rows.size()) {
      const std::size_t end = end_of_tick(at);
      if (auto done = write_tick(at, end); !done) return done.error();
      at = end;
      if (options_.progress && result_.ticks % 1024 == 0)
        options_.progress(static_cast<double>(at) / static_cast<double>(rows_.rows.size()));
    }
    result_.rows = rows_.rows.size() - written;
    if (result_.rows == 0)
      if (auto done = write_roster(); !done) return done.error();
    return std::move(result_);
  }

 private:
  static constexpr fleet::Slot kNoSlot = ~fleet::Slot{0};

  std::int64_t end_ms(const ImportRow& row) const { return tick_end_ms(row.receive_ms, tick_); }
  fleet::LocalDay day_of(const ImportRow& row) const {
    return day_of_end(options_.store.zone, fleet::time_from_ms(end_ms(row)));
  }
  fleet::Time first_begin() const {
    if (rows_.rows.empty()) return options_.roster_only_at - tick_;
    return fleet::time_from_ms(end_ms(rows_.rows.front())) - tick_;
  }
  /// Of the first tick written: from the content alone, so that equal input makes equal bytes.
  CoreConfig with_epoch(CoreConfig config) const {
    auto first = std::ranges::find_if(
        rows_.rows, [&](const ImportRow& row) { return day_of(row) >= options_.first; });
    const auto begin = first == rows_.rows.end() ? options_.roster_only_at - tick_
                                                 : fleet::time_from_ms(end_ms(*first)) - tick_;
    config.epoch = static_cast<std::uint64_t>(fleet::ms_from_time(begin));
    return config;
  }

  /// Extra fields by name: which file was read first must not matter.
  void add_fields() {
    const fleet::FieldCatalog& known = rows_.known.fields();
    std::vector<std::string> names;
    for (std::size_t f = fleet::kCoreFieldCount; f < known.size(); ++f)
      names.push_back(known[static_cast<fleet::FieldId>(f)].name);
    std::ranges::sort(names);
    for (const std::string& name : names) (void)core_.state().add_field(name);
    for (std::size_t f = 0; f < known.size(); ++f) {
      const auto id = static_cast<fleet::FieldId>(f);
      fields_.push_back(core_.state().fields().find(known[id].name).value_or(fleet::kNoField));
    }
  }

  /// Roster records stand in the roster from the beginning; other machines come with their first
  /// report, as they would have live.
  void add_records() {
    for (const fleet::Slot slot : rows_.known.roster().by_id()) {
      if (slot >= rows_.records.size() || rows_.records[slot].id.empty()) continue;
      fleet::Roster& roster = core_.state().roster();
      const auto added = roster.find_or_add(rows_.records[slot].id);
      if (!added) continue;
      slots_[slot] = added.value();
      roster.update(added.value(), updated_record(roster[added.value()], rows_.records[slot]));
    }
  }
  std::size_t end_of_tick(std::size_t at) const {
    const std::int64_t end = end_ms(rows_.rows[at]);
    while (at < rows_.rows.size() && end_ms(rows_.rows[at]) == end) ++at;
    return at;
  }

  /// Takes in the rows of earlier days, a day at a time. Returns the first row to be written.
  std::size_t warm_up() {
    std::size_t at = 0;
    while (at < rows_.rows.size() && day_of(rows_.rows[at]) < options_.first) {
      std::size_t end = at;
      const fleet::LocalDay day = day_of(rows_.rows[at]);
      while (end < rows_.rows.size() && day_of(rows_.rows[end]) == day) ++end;
      fill(at, end);
      core_.absorb(batch_, fleet::time_from_ms(end_ms(rows_.rows[end - 1])));
      at = end;
    }
    return at;
  }

  fleet::Result<void> write_tick(std::size_t at, std::size_t end) {
    const auto begin = fleet::time_from_ms(end_ms(rows_.rows[at])) - tick_;
    if (begin > core_.tick_begin()) core_.skip_to(begin);
    if (auto prepared = feeder_.prepare_tick(); !prepared) return prepared;
    fill(at, end);
    count(core_.ingest(batch_), at);
    note_day(day_of(rows_.rows[at]));
    if (last_before_gap(end)) core_.publish_all_figures();
    ++result_.ticks;
    return feeder_.append(core_.end_tick());
  }

  /// True if figures that wait for their turn would be published late, or on another day.
  bool last_before_gap(std::size_t next) const {
    if (next == rows_.rows.size()) return true;
    const auto gap = end_ms(rows_.rows[next]) - end_ms(rows_.rows[next - 1]);
    return gap > options_.core.figures_every_ticks * tick_.count() ||
           day_of(rows_.rows[next]) != result_.days.back();
  }

  void note_day(fleet::LocalDay day) {
    if (result_.days.empty() || result_.days.back() != day) result_.days.push_back(day);
  }

  /// Without a single row: a day with a roster and nothing known.
  fleet::Result<void> write_roster() {
    if (auto prepared = feeder_.prepare_tick(); !prepared) return prepared;
    note_day(day_of_end(options_.store.zone, core_.tick_end()));
    return feeder_.append(core_.end_tick());
  }

  void fill(std::size_t at, std::size_t end) {
    batch_.clear();
    for (std::size_t i = at; i < end; ++i) {
      const ImportRow& row = rows_.rows[i];
      fleet::Report report;
      report.machine = slot_of(row.machine);
      report.line = static_cast<std::uint32_t>(i - at);
      report.device_time = fleet::time_from_ms(row.device_ms);
      report.receive_time = fleet::time_from_ms(row.receive_ms);
      report.value_begin = static_cast<std::uint32_t>(batch_.values.size());
      report.fault_begin = static_cast<std::uint32_t>(batch_.faults.size());
      fill_values(row, report);
      report.value_end = static_cast<std::uint32_t>(batch_.values.size());
      report.has_faults = row.faults != 0;
      if (row.faults != 0) {
        const auto& list = rows_.fault_lists[row.faults - 1];
        batch_.faults.insert(batch_.faults.end(), list.begin(), list.end());
      }
      report.fault_end = static_cast<std::uint32_t>(batch_.faults.size());
      batch_.reports.push_back(report);
    }
  }

  void fill_values(const ImportRow& row, fleet::Report& report) {
    const std::int64_t* raw = rows_.values.data() + row.value_begin;
    for (fleet::FieldMask rest = row.fields; rest != 0; rest &= rest - 1, ++raw) {
      const auto field = static_cast<fleet::FieldId>(std::countr_zero(rest));
      if (field == fleet::kPosition) {
        report.has_position = true;
        report.position = fleet::lonlat_from_grid(fleet::unpacked(*raw));
      } else if (fields_[field] != fleet::kNoField) {
        const fleet::FieldInfo& info = rows_.known.fields()[field];
        // The nearest step of a value at the end of its range may lie beyond it.
        const double value = std::clamp(fleet::value_from_raw(info, *raw), info.min, info.max);
        batch_.values.push_back({fields_[field], value});
      }
    }
  }

  fleet::Slot slot_of(fleet::Slot known) {
    fleet::Slot& slot = slots_[known];
    // The id is in the roster of `known`, so it is a good one and there is room.
    if (slot == kNoSlot)
      slot = core_.state().roster().find_or_add(rows_.known.roster()[known].id).value();
    return slot;
  }

  void count(const IngestOutcome& outcome, std::size_t at) {
    for (const LineRejection& r : outcome.rejected) {
      const ImportRow& row = rows_.rows[at + r.line];
      rows_.counts(row).reject(r.reason, row.line);
      if (r.field == fleet::kNoField) --rows_.counts(row).used;
    }
  }

  ImportRows& rows_;
  const BuildOptions& options_;
  fleet::Millis tick_;
  fleet::Time start_;
  GatewayCore core_;
  DirectSink sink_;
  StoreFeeder feeder_;
  std::vector<fleet::Slot> slots_;      ///< by slot of rows.known
  std::vector<fleet::FieldId> fields_;  ///< by field of rows.known
  fleet::ReportBatch batch_;
  BuildResult result_;
};

}  // namespace

fleet::Result<BuildResult> build_days(ImportRows& rows, fleet::FleetState& before,
                                      const BuildOptions& options,
                                      const std::filesystem::path& folder) {
  auto writer = DayWriter::open(folder, options.store);
  if (!writer) return writer.error();
  auto built = Builder(rows, before, options, *writer.value()).run();
  if (!built) return built;
  if (auto closed = writer.value()->close(); !closed) return closed.error();
  return built;
}

}  // namespace net
