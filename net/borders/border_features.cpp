// How it works: the whole file is parsed at once; every geometry is read with the properties of the
// feature it belongs to.
#include "net/borders/border_features.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "fleet/datum.hpp"
#include "fleet/number.hpp"
#include "net/borders/json_place.hpp"
#include "net/borders/ring_check.hpp"
#include "net/codec/utf8.hpp"

namespace net {
namespace {

namespace dom = simdjson::dom;

/// Names are short; a longer one is no name.
constexpr std::size_t kNameBytesMax = 1024;

/// Text of a property, a whole number as its digits; empty: absent, or neither.
std::string text_of(const dom::object& properties, std::string_view key) {
  dom::element value;
  if (properties[key].get(value)) return {};
  std::string_view text;
  if (!value.get_string().get(text)) return clean_text(text, kNameBytesMax);
  std::int64_t whole = 0;
  return value.get_int64().get(whole) ? "" : std::to_string(whole);
}

std::string first_text(const dom::object& properties,
                       std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (std::string text = text_of(properties, key); !text.empty()) return text;
  }
  return {};
}

/// What a feature says of itself.
struct Told {
  BorderRegion region;  ///< without rings
  std::string fault;    ///< why it cannot be read; empty: it can
};

/// The level by its name, or by which codes there are. Nothing: neither tells.
std::optional<BorderLevel> level_of(const dom::object& properties) {
  const std::string level = text_of(properties, "level");
  if (level == "country") return BorderLevel::country;
  if (level == "province") return BorderLevel::province;
  if (level == "prefecture" || level == "city" || level == "district" || level == "county-direct")
    return BorderLevel::prefecture;
  if (!level.empty()) return std::nullopt;
  if (!text_of(properties, "iso_3166_2").empty()) return BorderLevel::province;
  const bool province = !text_of(properties, "prov_code").empty();
  const bool code = !text_of(properties, "code").empty();
  if (province) return code ? BorderLevel::prefecture : BorderLevel::province;
  return std::nullopt;
}

Told told_by(const dom::object& properties) {
  Told told;
  BorderRegion& region = told.region;
  region.names = {first_text(properties, {"name_zh", "prov_zh", "name", "name_en"}),
                  first_text(properties, {"name_en", "prov_en", "name", "name_zh", "prov_zh"})};
  region.code = first_text(properties, {"code", "adcode", "iso_3166_2", "prov_code"});
  region.province_code = text_of(properties, "prov_code");
  region.province_names = {text_of(properties, "prov_zh"), text_of(properties, "prov_en")};
  dom::object parent;
  if (region.province_code.empty() && !properties["parent"].get_object().get(parent))
    region.province_code = text_of(parent, "adcode");
  if (const auto level = level_of(properties)) {
    region.level = *level;
  } else if (!text_of(properties, "level").empty()) {
    told.fault = "has the level \"" + text_of(properties, "level") +
                 "\"; expected country, province, prefecture, city, district or county-direct";
  } else if (!region.names.zh.empty()) {
    told.fault = "(" + region.names.zh +
                 ") does not say of what level it is; expected a property `level` (country, "
                 "province, prefecture), or `iso_3166_2`, or `prov_code`";
  }
  return told;
}

class Reader {
 public:
  explicit Reader(fleet::Datum datum) : datum_(datum) {}

  bool failed() const { return !fault_.empty(); }
  const std::string& fault() const { return fault_; }
  BorderFeatures take() { return std::move(out_); }

  /// A FeatureCollection, a Feature, or a geometry.
  void read(const dom::element& root) {
    dom::array features;
    if (!root["features"].get_array().get(features)) {
      for (const dom::element feature : features) read_feature(feature);
    } else if (dom::array geometries; !root["geometries"].get_array().get(geometries)) {
      for (const dom::element geometry : geometries) {
        ++number_;
        read_geometry(geometry, BorderRegion{});
      }
    } else {
      read_feature(root);
    }
    if (!failed() && out_.regions.empty() && out_.lines.empty())
      fault_ = "has no polygon and no line; expected GeoJSON with at least one.";
  }

 private:
  void fail(const std::string& what) {
    if (!failed()) fault_ = "feature " + std::to_string(number_) + " " + what + ".";
  }

  void read_feature(const dom::element& feature) {
    ++number_;
    if (failed()) return;
    dom::element geometry;
    if (feature["geometry"].get(geometry)) return read_geometry(feature, BorderRegion{});
    if (geometry.is_null()) return;  // RFC 7946: a feature without a place
    std::string_view type;
    const bool label = !geometry["type"].get_string().get(type) && type.ends_with("Point");
    if (label) return;  // nothing to draw, whatever it says of itself
    dom::object properties;
    if (feature["properties"].get_object().get(properties))
      return read_geometry(geometry, BorderRegion{});
    Told told = told_by(properties);
    if (!told.fault.empty()) return fail(told.fault);
    read_geometry(geometry, std::move(told.region));
  }

  void read_geometry(const dom::element& geometry, BorderRegion region) {
    if (failed()) return;
    std::string_view type;
    if (geometry["type"].get_string().get(type)) return fail("has no geometry with a type");
    if (type == "GeometryCollection") {
      dom::array parts;
      if (geometry["geometries"].get_array().get(parts)) return fail("has no list of geometries");
      for (const dom::element part : parts) {
        std::string_view inner;
        if (!part["type"].get_string().get(inner) && inner == "GeometryCollection")
          return fail("has a collection within a collection");
        read_geometry(part, region);
      }
      return;
    }
    dom::array coordinates;
    if (geometry["coordinates"].get_array().get(coordinates)) return fail("has no coordinates");
    if (type == "Point" || type == "MultiPoint") return;  // labels: nothing to draw here
    if (type == "Polygon") {
      read_rings(coordinates, region);
    } else if (type == "MultiPolygon") {
      for (const dom::element polygon : coordinates) read_list(polygon, region);
    } else if (type == "LineString") {
      read_line(coordinates, region.level);
    } else if (type == "MultiLineString") {
      for (const dom::element line : coordinates) {
        dom::array points;
        if (line.get_array().get(points)) return fail("has a line that is no list of points");
        read_line(points, region.level);
      }
    } else {
      return fail("is a " + clean_text(type, 40) +
                  "; expected Polygon, MultiPolygon, LineString or MultiLineString");
    }
    if (!region.rings.empty()) out_.regions.push_back(std::move(region));
  }

  void read_list(const dom::element& polygon, BorderRegion& region) {
    dom::array rings;
    if (polygon.get_array().get(rings)) return fail("has a polygon that is no list of rings");
    read_rings(rings, region);
  }

  void read_rings(const dom::array& rings, BorderRegion& region) {
    bool hole = false;  // a polygon's first ring is its outside
    for (const dom::element ring : rings) {
      dom::array list;
      if (ring.get_array().get(list)) return fail("has a ring that is no list of points");
      std::vector<fleet::GridPoint> points = points_of(list);
      if (failed()) return;
      while (points.size() > 1 && points.back() == points.front()) points.pop_back();
      if (points.size() < 3 && !hole) return;  // smaller than a grid step: no outside, no holes
      if (points.size() >= 3) {
        check_ring(points, region);
        region.rings.push_back({std::move(points), hole});
      }
      hole = true;
    }
  }

  void check_ring(const std::vector<fleet::GridPoint>& ring, const BorderRegion& region) {
    if (out_.warnings.size() >= kBorderWarningsMax) return;
    const auto at = crossing_of(ring, pairs_left_);
    if (!at) return;
    const fleet::LonLat place = fleet::lonlat_from_grid(*at);
    std::string text = "feature " + std::to_string(number_);
    if (!region.names.zh.empty()) text += " (" + region.names.zh + ")";
    out_.warnings.push_back(text + " has a ring that crosses itself near " +
                            fleet::number_text(std::round(place.lon_deg * 1000) / 1000) + ", " +
                            fleet::number_text(std::round(place.lat_deg * 1000) / 1000) +
                            "; what is inside of it is uncertain there.");
  }

  void read_line(const dom::array& list, BorderLevel level) {
    std::vector<fleet::GridPoint> points = points_of(list);
    if (!failed() && points.size() >= 2) out_.lines.push_back({level, std::move(points)});
  }

  /// Equal neighbours once.
  std::vector<fleet::GridPoint> points_of(const dom::array& list) {
    std::vector<fleet::GridPoint> points;
    for (const dom::element position : list) {
      dom::array pair;
      double lon = 0, lat = 0;
      if (position.get_array().get(pair) || pair.at(0).get_double().get(lon) ||
          pair.at(1).get_double().get(lat)) {
        return fail("has a corner that is no [longitude, latitude]"), points;
      }
      if (std::abs(lon) > 180 || std::abs(lat) > 90) {
        return fail("has a corner at " + fleet::number_text(lon) + ", " + fleet::number_text(lat) +
                    "; expected degrees, longitude before latitude"),
               points;
      }
      if (++points_ > kBorderPointsMax) {
        return fail("goes beyond the " + std::to_string(kBorderPointsMax) +
                    " corners that are read"),
               points;
      }
      fleet::GridPoint p = fleet::grid_from_lonlat(fleet::to_wgs84({lon, lat}, datum_));
      // RFC 7946 cuts what crosses the date line, at 180: its east side must not become the west's.
      if (p.x == 0 && lon > 0) p.x = fleet::kGridMask;
      if (points.empty() || points.back() != p) points.push_back(p);
    }
    return points;
  }

  fleet::Datum datum_;
  BorderFeatures out_;
  std::string fault_;
  std::size_t number_ = 0;
  std::size_t points_ = 0;
  std::size_t pairs_left_ = kRingPairsMax;
};

}  // namespace

fleet::Result<BorderFeatures> parse_border_features(std::string_view json, fleet::Datum datum) {
  if (json.starts_with(kByteOrderMark)) json.remove_prefix(kByteOrderMark.size());
  if (json.size() > kBorderBytesMax) {
    return fleet::Error{"has " + std::to_string(json.size()) + " bytes; at most " +
                        std::to_string(kBorderBytesMax) + " are read."};
  }
  dom::parser parser;
  dom::element root;
  if (const auto error = parser.parse(json.data(), json.size()).get(root)) {
    const std::string place = broken_json_place(json);
    return fleet::Error{"is not JSON" + (place.empty() ? "" : ", " + place) + ": " +
                        simdjson::error_message(error) + " Expected GeoJSON."};
  }
  Reader reader(datum);
  reader.read(root);
  if (reader.failed()) return fleet::Error{reader.fault()};
  return reader.take();
}

}  // namespace net
