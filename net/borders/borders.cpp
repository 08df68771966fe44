// How it works: the coarsest regions of the file are the country's outline, and what is filled; the
// arcs between its regions are borders, of provinces or of prefectures by who lies on both sides.
// Of the base map's coast and country borders goes what lies inside the outline or within a cell or
// two of it (Replaced), so that no coast is drawn twice, some hundred metres apart.
#include "net/borders/borders.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>

#include "net/borders/arcs.hpp"
#include "net/borders/border_features.hpp"
#include "net/borders/border_shapes.hpp"
#include "net/borders/replaced.hpp"
#include "net/ingest/input_file.hpp"
#include "net/read_file.hpp"

namespace net {
namespace {

using fleet::Atlas;
using fleet::AtlasLayer;
using fleet::GridPoint;

/// What an arc is drawn as.
enum class Kind { none, outline, province, prefecture };

struct Drawn {
  Kind kind;
  BorderPath path;
};

/// One set of regions that fit together, with what parts them.
struct Sheet {
  std::vector<const BorderRegion*> regions;
  Topology topology;

  void add(const BorderFeatures& features, BorderLevel level) {
    for (const BorderRegion& region : features.regions) {
      if (region.level == level) regions.push_back(&region);
    }
  }

  void build() {
    std::vector<OwnedRing> rings;
    for (std::uint32_t i = 0; i < regions.size(); ++i) {
      for (const BorderRing& ring : regions[i]->rings) rings.push_back({i, ring.points});
    }
    topology = build_topology(rings);
  }

  Kind kind_of(const Arc& arc) const {
    if (arc.other == kNobody) return arc.within ? Kind::none : Kind::outline;
    const BorderRegion& a = *regions[arc.owner];
    const BorderRegion& b = *regions[arc.other];
    if (a.level == b.level && !a.code.empty() && a.code == b.code) return Kind::none;
    if (a.level == BorderLevel::country || b.level == BorderLevel::country) return Kind::outline;
    if (a.level == BorderLevel::province) return Kind::province;
    return a.province_code == b.province_code ? Kind::prefecture : Kind::province;
  }
};

/// The file's boundaries in the order they are worked on.
struct Plan {
  Sheet outer;  ///< countries with provinces, or with prefectures if there are none
  Sheet inner;  ///< prefectures, if `outer` has provinces
  bool has_provinces = false, has_prefectures = false;
};

Plan plan_of(const BorderFeatures& features) {
  const auto has = [&](BorderLevel level) {
    return std::ranges::any_of(features.regions,
                               [&](const BorderRegion& r) { return r.level == level; });
  };
  Plan plan{{}, {}, has(BorderLevel::province), has(BorderLevel::prefecture)};
  plan.outer.add(features, BorderLevel::country);
  plan.outer.add(features, plan.has_provinces ? BorderLevel::province : BorderLevel::prefecture);
  if (plan.has_provinces) plan.inner.add(features, BorderLevel::prefecture);
  plan.outer.build();
  plan.inner.build();
  return plan;
}

std::vector<Drawn> drawn_lines(const Plan& plan, const BorderFeatures& features,
                               std::uint32_t tolerance) {
  std::vector<Drawn> lines;
  for (const Arc& arc : plan.outer.topology.arcs)
    lines.push_back({plan.outer.kind_of(arc), simplified(arc.points, tolerance)});
  for (const Arc& arc : plan.inner.topology.arcs) {
    if (plan.inner.kind_of(arc) == Kind::prefecture)
      lines.push_back({Kind::prefecture, simplified(arc.points, tolerance)});
  }
  for (const BorderLine& line : features.lines) {
    const Kind kind = line.level == BorderLevel::country    ? Kind::outline
                      : line.level == BorderLevel::province ? Kind::province
                                                            : Kind::prefecture;
    lines.push_back({kind, simplified(line.points, tolerance)});
  }
  return lines;
}

std::vector<BorderPath> paths_of(std::span<const Drawn> lines, Kind kind) {
  std::vector<BorderPath> paths;
  for (const Drawn& line : lines) {
    if (line.kind == kind) paths.push_back(line.path);
  }
  return paths;
}

/// The outer sheet's rings made of its simplified arcs.
std::vector<FilledRing> filled_rings(const Sheet& sheet, std::uint32_t tolerance) {
  std::vector<BorderPath> arcs;
  for (const Arc& arc : sheet.topology.arcs) arcs.push_back(simplified(arc.points, tolerance));
  std::vector<FilledRing> rings;
  std::size_t next = 0;
  for (const BorderRegion* region : sheet.regions) {
    for (const BorderRing& ring : region->rings) {
      FilledRing filled{{}, ring.hole};
      for (const ArcUse use : sheet.topology.rings[next++].uses) {
        BorderPath path = arcs[use.arc];
        if (use.backwards) std::ranges::reverse(path);
        if (!path.empty()) path.pop_back();
        filled.points.insert(filled.points.end(), path.begin(), path.end());
      }
      rings.push_back(std::move(filled));
    }
  }
  return rings;
}

Replaced replaced_by(const Sheet& sheet, std::size_t marked_steps_max) {
  std::vector<fleet::Region> areas;
  for (const BorderRegion* region : sheet.regions) {
    for (const BorderRing& ring : region->rings) {
      if (areas.empty() || !ring.hole) areas.emplace_back();
      areas.back().rings.push_back(ring.points);
    }
  }
  std::vector<BorderPath> outlines;
  for (const Arc& arc : sheet.topology.arcs) {
    if (sheet.kind_of(arc) == Kind::outline) outlines.push_back(arc.points);
  }
  return {std::move(areas), outlines, marked_steps_max};
}

/// The detail of the file that goes with a level of the base map.
const BorderDetail& detail_for(const fleet::AtlasLevel& level) {
  const auto found = std::ranges::find_if(
      kBorderDetails, [&](const BorderDetail& d) { return level.min_zoom < d.max_zoom; });
  return found == std::end(kBorderDetails) ? kBorderDetails[2] : *found;
}

/// Regions by their code (or name), several features of one together.
std::vector<fleet::Region> named_regions(const BorderFeatures& features, BorderLevel level,
                                         bool by_province) {
  std::map<std::string, fleet::Region> found;
  for (const BorderRegion& from : features.regions) {
    if (from.level != level) continue;
    const std::string& code = by_province ? from.province_code : from.code;
    const fleet::Names& names = by_province ? from.province_names : from.names;
    const std::string& key = code.empty() ? names.zh : code;
    if (key.empty()) continue;
    fleet::Region& region = found[key];
    region.code = code;
    if (region.names.zh.empty()) region.names = names;
    // Even-odd: what two prefectures of a province share cancels out.
    for (const BorderRing& ring : from.rings) region.rings.push_back(ring.points);
  }
  std::vector<fleet::Region> regions;
  for (auto& [key, region] : found) {
    if (region.names.zh.empty()) region.names.zh = region.code;
    regions.push_back(std::move(region));
  }
  return regions;
}

/// Whether one is the other with its kind, as 江苏 and 江苏省. Two characters at least.
bool same_place(const std::string& a, const std::string& b) {
  const auto& [shorter, longer] =
      std::minmax(a, b, [](const auto& l, const auto& r) { return l.size() < r.size(); });
  return shorter.size() >= 6 && longer.starts_with(shorter);
}

/// English names that the file does not have, from regions of the base map of the same Chinese one.
void borrow_names(std::vector<fleet::Region>& regions, std::span<const fleet::Region> known) {
  for (fleet::Region& region : regions) {
    if (!region.names.en.empty() && region.names.en != region.names.zh) continue;
    const auto same = std::ranges::find_if(
        known, [&](const fleet::Region& k) { return same_place(k.names.zh, region.names.zh); });
    region.names.en = same != known.end() ? same->names.en : region.names.zh;
  }
}

void lay_shapes(const Plan& plan, const BorderFeatures& features, std::size_t marked_steps_max,
                Atlas& atlas) {
  const Replaced replaced = replaced_by(plan.outer, marked_steps_max);
  Atlas extra;
  std::map<float, std::vector<BorderPath>> outlines;
  for (const BorderDetail& detail : kBorderDetails) {
    const std::vector<Drawn> lines = drawn_lines(plan, features, detail.tolerance);
    outlines[detail.min_zoom] = paths_of(lines, Kind::outline);
    const auto add = [&](AtlasLayer layer, fleet::AtlasArea area, fleet::AtlasLines drawn) {
      extra.levels.push_back(
          {layer, detail.min_zoom, detail.max_zoom, std::move(area), std::move(drawn)});
    };
    if (!plan.outer.regions.empty()) {
      add(AtlasLayer::focus,
          atlas_area(filled_rings(plan.outer, detail.tolerance), detail.chunk_bits), {});
      add(AtlasLayer::province_borders, {},
          atlas_lines(paths_of(lines, Kind::province), detail.chunk_bits));
    }
    if (plan.has_prefectures && detail.min_zoom > 0) {
      add(AtlasLayer::prefecture_borders, {},
          atlas_lines(paths_of(lines, Kind::prefecture), detail.chunk_bits));
    }
  }
  for (fleet::AtlasLevel& level : atlas.levels) {
    if (level.layer != AtlasLayer::coast && level.layer != AtlasLayer::country_borders) continue;
    const BorderDetail& detail = detail_for(level);
    std::vector<BorderPath> paths;
    if (level.layer == AtlasLayer::country_borders) paths = outlines[detail.min_zoom];
    replaced.append_kept(level.lines, paths);
    level.lines = atlas_lines(paths, detail.chunk_bits);
  }
  fleet::overlay_atlas(atlas, std::move(extra));
}

fleet::Result<std::string> unpacked(const std::string& path) {
  auto file = InputFile::open(path);
  if (!file) return file.error();
  std::string text;
  for (std::size_t block = 1u << 20;;) {
    const std::size_t size = text.size();
    text.resize(size + block);
    const auto got = file->read(text.data() + size, block);
    if (!got) return got.error();
    text.resize(size + got.value());
    if (got.value() == 0) return text;
    if (text.size() > kBorderBytesMax) {
      return fleet::Error{path + ": has more than " + std::to_string(kBorderBytesMax) +
                          " bytes unpacked, the most that is read."};
    }
  }
}

/// One file as it is read: a map that is laid as it is, or features.
struct Read {
  std::optional<Atlas> packed;
  BorderFeatures features;
};

fleet::Result<Read> read_borders(const std::string& path, fleet::Datum datum) {
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored))
    return fleet::Error{path + ": is no file; expected GeoJSON or a packed map."};
  Read read;
  if (is_packed_map(path)) {
    auto bytes = read_file(path);
    if (!bytes) return bytes.error();
    auto map = fleet::parse_atlas(std::as_bytes(std::span(bytes.value())));
    if (!map) return fleet::Error{path + ": " + map.error().what};
    read.packed = std::move(map.value());
    return read;
  }
  auto text = unpacked(path);
  if (!text) return text.error();
  auto features = parse_border_features(text.value(), datum);
  if (!features) return fleet::Error{path + ": " + features.error().what};
  read.features = std::move(features.value());
  return read;
}

void append(BorderFeatures& all, BorderFeatures more, const std::string& path) {
  std::ranges::move(more.regions, std::back_inserter(all.regions));
  std::ranges::move(more.lines, std::back_inserter(all.lines));
  for (const std::string& warning : more.warnings) all.warnings.push_back(path + ": " + warning);
}

void add(BorderCounts& counts, const BorderCounts& more) {
  counts.provinces += more.provinces;
  counts.prefectures += more.prefectures;
  counts.unnamed += more.unnamed;
  counts.lines += more.lines;
}

}  // namespace

bool is_packed_map(const std::string& path) {
  return std::filesystem::path(path).extension() == ".fwm";
}

BorderCounts lay_border_features(const BorderFeatures& features, Atlas& atlas,
                                 std::size_t marked_steps_max) {
  const Plan plan = plan_of(features);
  auto provinces =
      named_regions(features, plan.has_provinces ? BorderLevel::province : BorderLevel::prefecture,
                    !plan.has_provinces);
  auto prefectures = named_regions(features, BorderLevel::prefecture, false);
  borrow_names(provinces, atlas.provinces);
  borrow_names(prefectures, atlas.prefectures);
  lay_shapes(plan, features, marked_steps_max, atlas);
  BorderCounts counts{provinces.size(), prefectures.size(), 0, features.lines.size(), {}};
  for (const BorderRegion& region : features.regions) counts.unnamed += region.names.zh.empty();
  if (!provinces.empty()) atlas.provinces = std::move(provinces);
  if (!prefectures.empty()) atlas.prefectures = std::move(prefectures);
  return counts;
}

fleet::Result<BorderCounts> lay_borders(const Borders& borders, Atlas& atlas) {
  std::vector<Atlas> before, after;  // packed maps, as they stand about the first GeoJSON
  BorderFeatures features;
  bool any_features = false;
  for (const std::string& path : borders.paths) {
    auto read = read_borders(path, borders.datum);
    if (!read) return read.error();
    if (read->packed) {
      (any_features ? after : before).push_back(std::move(*read->packed));
    } else {
      append(features, std::move(read->features), path);
      any_features = true;
    }
  }
  // Whoever draws the country and says whose boundaries they are has taken the caveat's place.
  if (!features.regions.empty() && !borders.attribution.empty()) atlas.caveat.clear();
  BorderCounts counts;
  const auto lay_packed = [&](std::vector<Atlas>& maps) {
    for (Atlas& map : maps) {
      add(counts, {map.provinces.size(), map.prefectures.size(), 0, 0, {}});
      fleet::overlay_atlas(atlas, std::move(map));
    }
  };
  lay_packed(before);
  if (any_features) add(counts, lay_border_features(features, atlas));
  lay_packed(after);
  counts.warnings = std::move(features.warnings);
  if (!borders.attribution.empty())
    atlas.attribution += (atlas.attribution.empty() ? "" : " | ") + borders.attribution;
  return counts;
}

}  // namespace net
