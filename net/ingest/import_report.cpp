// What an import tells at its end.
#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "net/ingest/import.hpp"

namespace net {

namespace {

void put(std::string& out, const char* format, auto... values) {
  char line[512];
  const int n = std::snprintf(line, sizeof line, format, values...);
  out.append(line, static_cast<std::size_t>(std::min<int>(n, sizeof line - 1)));
}

void put_list(std::string& out, const char* label, const std::vector<std::string>& items) {
  if (items.empty()) return;
  out += label;
  for (std::size_t i = 0; i < items.size(); ++i) out += (i ? ", " : "") + items[i];
  out += '\n';
}

/// first: shows where the first one is.
void put_reasons(std::string& out, const ImportCounts& counts, bool first) {
  for (int i = 0; i < fleet::kReasonCount; ++i) {
    const ImportCounts::Reason& r = counts.rejected[static_cast<std::size_t>(i)];
    if (r.values == 0) continue;
    put(out, "    %-12s %10" PRIu64, fleet::reason_name(static_cast<fleet::Reason>(i)), r.values);
    if (first && r.first_line > 0) put(out, "   first at line %" PRIu32, r.first_line);
    out += '\n';
  }
}

void put_counts(std::string& out, const ImportCounts& counts, bool first) {
  put(out, "  rows read %" PRIu64 ", used %" PRIu64, counts.rows, counts.used);
  if (counts.roster_rows > 0) put(out, ", roster %" PRIu64, counts.roster_rows);
  put(out, ", rejected %" PRIu64 "\n", counts.rows - counts.used - counts.roster_rows);
  const auto any = [](const ImportCounts::Reason& r) { return r.values > 0; };
  if (std::ranges::any_of(counts.rejected, any))
    out += "  rejected values, by reason (a whole row is one):\n";
  put_reasons(out, counts, first);
  if (counts.zoneless > 0)
    put(out,
        "  %" PRIu64 " times have no offset, such as +08:00: say with --time-zone whose they are\n",
        counts.zoneless);
}

void put_file(std::string& out, const ImportReport::File& file) {
  out += file.notes.path.string() + " (" + format_name(file.notes.format) +
         (file.notes.roster ? ", roster" : "") + ")\n";
  put_counts(out, file.counts, true);
  put_list(out, "  columns used: ", file.notes.used);
  put_list(out, "  columns ignored: ", file.notes.ignored);
  for (const std::string& hint : file.notes.hints) out += "  column not guessed: " + hint + '\n';
}

}  // namespace

std::string report_text(const ImportReport& report, double seconds) {
  std::string out;
  ImportCounts total;
  for (const ImportReport::File& file : report.files) {
    put_file(out, file);
    total.add(file.counts);
  }
  out += "total\n";
  put_counts(out, total, false);
  bool again = false;
  for (const auto& r : report.stored_before.rejected) again = again || r.values > 0;
  if (again) {
    out += "  values that the folder held before, no longer kept beside those of the new rows:\n";
    put_reasons(out, report.stored_before, false);
  }
  put(out, "  machines %zu\n", report.machines);
  if (report.first != fleet::kNever)
    out +=
        "  time span " + fleet::iso8601(report.first) + " to " + fleet::iso8601(report.last) + '\n';
  std::string days;
  constexpr std::size_t kMostDays = 10;
  for (std::size_t i = 0; i < report.days.size() && i < kMostDays; ++i)
    days += " " + fleet::day_name(report.days[i]);
  if (report.days.size() > kMostDays) days += " ... " + fleet::day_name(report.days.back());
  put(out, "  days written %zu:", report.days.size());
  out += days + '\n';
  put(out, "  rows written %" PRIu64 " in %" PRIu64 " ticks\n", report.rows_written, report.ticks);
  put(out, "  seconds %.2f (%.0f rows/s)\n", seconds,
      seconds > 0 ? static_cast<double>(total.rows) / seconds : 0.0);
  return out;
}

}  // namespace net
