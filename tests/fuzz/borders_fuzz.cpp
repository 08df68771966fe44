// Boundaries that an operator brings. Input: datum u8, then the GeoJSON. What is read is drawn.
#include <span>

#include "net/borders/arcs.hpp"
#include "net/borders/border_features.hpp"
#include "net/borders/border_shapes.hpp"
#include "net/borders/borders.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

/// Steps along outlines that are marked: a polygon as wide as the world costs milliseconds.
constexpr std::size_t kMarkedSteps = 2'000;

/// Over a map of one coast and one border, as --borders does.
void lay(const net::BorderFeatures& features) {
  const net::BorderPath path{fleet::grid_from_lonlat({100, 30}), fleet::grid_from_lonlat({101, 31}),
                             fleet::grid_from_lonlat({120, 10})};
  const fleet::AtlasLines lines = net::atlas_lines(std::span(&path, 1), 22);
  fleet::Atlas atlas;
  for (const auto layer : {fleet::AtlasLayer::coast, fleet::AtlasLayer::country_borders})
    atlas.levels.push_back({layer, 0, 99, {}, lines});
  const net::BorderCounts counts = net::lay_border_features(features, atlas, kMarkedSteps);
  FUZZ_CHECK(counts.lines == features.lines.size());
  for (const fleet::AtlasLevel& level : atlas.levels) {
    const fleet::AtlasLines& drawn = level.lines;
    FUZZ_CHECK(drawn.begin.empty() || drawn.begin.back() == drawn.vertices.size());
    for (const std::uint32_t index : level.area.triangles)
      FUZZ_CHECK(index < level.area.vertices.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto features = net::parse_border_features(
      {reinterpret_cast<const char*>(data + 1), size - 1}, static_cast<fleet::Datum>(data[0] % 3));
  if (!features) return 0;
  std::vector<net::OwnedRing> rings;
  std::vector<net::FilledRing> filled;
  for (std::uint32_t i = 0; i < features->regions.size(); ++i) {
    for (const net::BorderRing& ring : features->regions[i].rings) {
      rings.push_back({i, ring.points});
      filled.push_back({ring.points, ring.hole});
    }
  }
  const net::Topology topology = net::build_topology(rings);
  std::vector<net::BorderPath> paths;
  for (const net::Arc& arc : topology.arcs) paths.push_back(net::simplified(arc.points, 250));
  FUZZ_CHECK(topology.rings.size() == rings.size());
  const fleet::AtlasLines lines = net::atlas_lines(paths, 22);
  FUZZ_CHECK(lines.begin.empty() || lines.begin.back() == lines.vertices.size());
  const fleet::AtlasArea area = net::atlas_area(filled, 22);
  for (const std::uint32_t index : area.triangles) FUZZ_CHECK(index < area.vertices.size());
  lay(*features);
  return 0;
}
