#include "net/store/salvaged_copy.hpp"

#include <map>
#include <optional>

#include "net/store/frame_rows.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSalvaged = ".salvaged";

/// Instant of the newest frame. Nothing: it cannot be read, or holds no keyframe.
std::optional<fleet::Time> end_of(const fs::path& path) {
  auto file = DayFile::open(path, sqlite::Database::Mode::read);
  if (!file) return std::nullopt;
  const auto keyframe = keyframe_after(*file, 0);
  if (!keyframe || !*keyframe) return std::nullopt;
  const auto extent = extent_of(*file);
  if (!extent) return std::nullopt;
  return extent->end;
}

std::string name_of_day(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.substr(0, name.find('.'));
}

/// Copies in a folder, by name of the day.
std::map<std::string, fs::path> copies_in(const fs::path& folder) {
  std::map<std::string, fs::path> copies;
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code))
    if (is_salvaged(it->path())) copies[name_of_day(it->path())] = it->path();
  return copies;
}

}  // namespace

std::optional<fleet::LocalDay> day_named(const fs::path& file) {
  constexpr std::size_t kDayNameLength = 10;  // 2026-10-16
  return fleet::parse_day(file.filename().string().substr(0, kDayNameLength));
}

fs::path salvaged_path(const fs::path& day_file) {
  const std::string day = name_of_day(day_file);
  if (!fleet::parse_day(day)) return {};
  return day_file.parent_path() / (day + kSalvaged + kDayFileExtension);
}

bool is_salvaged(const fs::path& file) {
  return file.extension() == kDayFileExtension && file.stem().extension() == kSalvaged &&
         fleet::parse_day(name_of_day(file)).has_value();
}

fleet::Result<std::vector<fs::path>> readable_days(const fs::path& path) {
  std::error_code code;
  if (!fs::is_directory(path, code)) return day_files(path);
  const auto copies = copies_in(path);
  auto files = day_files(path);
  if (copies.empty()) return files;
  if (!files && files.error().code != 0) return files;
  std::map<std::string, fs::path> days;
  if (files)
    for (const fs::path& file : *files) days[name_of_day(file)] = file;
  for (const auto& [day, copy] : copies) {
    const auto copied_until = end_of(copy);
    if (!copied_until) continue;
    const auto own = days.find(day);
    const auto until = own == days.end() ? std::nullopt : end_of(own->second);
    if (!until || *until <= *copied_until) days[day] = copy;
  }
  if (days.empty()) return files;
  std::vector<fs::path> paths;
  for (const auto& [day, file] : days) paths.push_back(file);
  return paths;
}

std::vector<std::string> salvage_notes(const fs::path& path) {
  std::vector<std::string> notes;
  const auto days = readable_days(path);
  if (!days) return notes;
  for (const fs::path& file : *days)
    if (is_salvaged(file))
      notes.push_back(name_of_day(file) + " is read from what was salvaged of it, " +
                      file.filename().string() + "; fleetwalld verify names what is missing.");
  return notes;
}

}  // namespace net
