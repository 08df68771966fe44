// GeoJSON: a FeatureCollection of Points (a fix each) or LineStrings (a drive each, with its times
// in `coordTimes`). Properties are columns, by the same names and guesses as those of a CSV file.
//
// How it works: the whole file is parsed at once; a first walk collects the names of properties, a
// second one makes a row of cells of every fix.
#include <simdjson.h>

#include <algorithm>
#include <optional>

#include "fleet/number.hpp"
#include "net/codec/utf8.hpp"
#include "net/ingest/import_files.hpp"

namespace net {

namespace {

namespace dom = simdjson::dom;

/// Where times of a line's points stand, in files from GPX and from MapLibre tools.
constexpr std::string_view kTimesKeys[] = {"coordTimes", "coordinateProperties", "times",
                                           "timestamps"};

/// Text of a scalar, as it would stand in a CSV cell. Empty for null; lists and objects as JSON.
std::string cell_text(const dom::element& value) {
  std::string_view text;
  if (!value.get_string().get(text)) return std::string(text);
  if (value.is_null()) return {};
  std::int64_t whole = 0;
  if (!value.get_int64().get(whole)) return std::to_string(whole);
  double number = 0;
  if (!value.get_double().get(number)) return fleet::number_text(number);
  return simdjson::minify(value);
}

class GeoJson {
 public:
  GeoJson(const FileOptions& options, Intake& intake, FileNotes& notes)
      : options_(options), intake_(intake), notes_(notes) {}

  /// Error: without the file's name.
  fleet::Result<void> read(const dom::element& root) {
    dom::array features;
    if (root["features"].get_array().get(features))
      return fleet::Error{"has no list of features; expected a FeatureCollection."};
    header_ = {"lon", "lat"};
    for (const dom::element feature : features) note_feature(feature);
    const auto plan =
        plan_columns(header_, options_.rules, options_.receive_column, intake_.rows().known);
    if (!plan) return fleet::Error{"as columns, " + plan.error().what};
    note_plan(plan.value(), notes_);
    TableRows rows(intake_, plan.value());
    for (const dom::element feature : features) {
      ++number_;
      if (!take_feature(feature, rows)) intake_.reject_row(fleet::Reason::malformed, number_);
    }
    return {};
  }

 private:
  std::size_t column_of(std::string_view name) {
    const auto found = std::ranges::find(header_, name);
    if (found != header_.end()) return static_cast<std::size_t>(found - header_.begin());
    header_.emplace_back(name);
    return header_.size() - 1;
  }

  /// The list of times of a line; nothing if it has none.
  static std::optional<dom::array> times_of(const dom::object& properties) {
    for (const std::string_view key : kTimesKeys) {
      dom::element value;
      if (properties[key].get(value)) continue;
      dom::array times;
      if (!value.get_array().get(times)) return times;
      if (!value["times"].get_array().get(times)) return times;
    }
    return std::nullopt;
  }

  void note_feature(const dom::element& feature) {
    dom::object properties;
    if (feature["properties"].get_object().get(properties)) return;
    if (times_of(properties)) column_of("time");
    for (const auto [name, value] : properties) {
      if (std::ranges::find(kTimesKeys, name) != std::end(kTimesKeys) && !value.is_string())
        continue;
      column_of(name);
    }
  }

  bool take_feature(const dom::element& feature, TableRows& rows) {
    std::string_view type;
    dom::array coordinates;
    // RFC 7946: a feature that is nowhere has null for a geometry; a report without a position.
    dom::element geometry;
    if (feature["geometry"].get(geometry)) return false;  // it has none at all
    const bool nowhere = geometry.is_null();
    if (!nowhere && geometry["type"].get_string().get(type)) return false;
    if (!nowhere && geometry["coordinates"].get_array().get(coordinates)) return false;
    cells_.assign(header_.size(), {});
    dom::object properties;
    std::optional<dom::array> times;
    if (!feature["properties"].get_object().get(properties)) {
      times = times_of(properties);
      for (const auto [name, value] : properties) {
        const auto column = std::ranges::find(header_, name);
        if (column == header_.end()) continue;
        cells_[static_cast<std::size_t>(column - header_.begin())] = cell_text(value);
      }
    }
    if (nowhere) {
      views_.assign(cells_.begin(), cells_.end());
      rows.take(views_, number_);
      return true;
    }
    if (type == "Point") return take_point(coordinates, rows);
    if (type == "LineString") return take_line(coordinates, times, rows);
    return false;
  }

  bool take_point(const dom::array& coordinates, TableRows& rows) {
    std::size_t n = 0;
    for (const dom::element value : coordinates) {
      if (n < 2) cells_[n] = cell_text(value);
      ++n;
    }
    if (n < 2) return false;
    views_.assign(cells_.begin(), cells_.end());
    rows.take(views_, number_);
    return true;
  }

  bool take_line(const dom::array& points, const std::optional<dom::array>& times,
                 TableRows& rows) {
    std::size_t count = 0, time_count = 0;
    for ([[maybe_unused]] const dom::element point : points) ++count;
    if (!times) return false;
    for ([[maybe_unused]] const dom::element time : *times) ++time_count;
    if (time_count != count) return false;
    const std::size_t time_column = column_of("time");
    auto time = times->begin();
    for (const dom::element point : points) {
      dom::array coordinates;
      cells_[time_column] = cell_text(*time);
      ++time;
      if (point.get_array().get(coordinates) || !take_point(coordinates, rows))
        intake_.reject_row(fleet::Reason::malformed, number_);
    }
    return true;
  }

  const FileOptions& options_;
  Intake& intake_;
  FileNotes& notes_;
  std::vector<std::string> header_, cells_;
  std::vector<std::string_view> views_;
  std::uint64_t number_ = 0;  ///< of the feature, from 1: stands for the line
};

fleet::Result<std::string> read_whole(InputFile& file) {
  // A plain file is read in one go, a packed one by and by.
  constexpr std::uint64_t kLeastAtOnce = 64u << 10, kMostAtOnce = 4u << 20;
  const auto block =
      static_cast<std::size_t>(std::clamp(file.size_bytes() + 1, kLeastAtOnce, kMostAtOnce));
  std::string text;
  for (;;) {
    const std::size_t had = text.size();
    text.resize(had + block);
    const auto got = file.read(text.data() + had, text.size() - had);
    if (!got) return got.error();
    text.resize(had + got.value());
    if (got.value() == 0) return text;
    if (text.size() > kMaxGeoJsonBytes)
      return fleet::Error{file.path().string() + ": more than 1 GiB of GeoJSON; cut it up."};
  }
}

}  // namespace

fleet::Result<void> read_geojson(InputFile& file, const FileOptions& options, Intake& intake,
                                 FileNotes& notes) {
  auto text = read_whole(file);
  if (!text) return text.error();
  std::string_view body(text.value());
  if (body.starts_with(kByteOrderMark)) body.remove_prefix(kByteOrderMark.size());
  dom::parser parser;
  dom::element root;
  if (const auto error = parser.parse(body.data(), body.size()).get(root)) {
    return fleet::Error{file.path().string() + ": is no GeoJSON (" +
                        simdjson::error_message(error) + ", in " + std::to_string(body.size()) +
                        " bytes of text)."};
  }
  auto read = GeoJson(options, intake, notes).read(root);
  if (!read) return fleet::Error{file.path().string() + ": " + read.error().what};
  return {};
}

}  // namespace net
