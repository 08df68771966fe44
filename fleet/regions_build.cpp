// How a RegionMap is made: borders into cells, then for every region the cells whose north-west
// corner it holds (a sweep along each row), then one part for each region in each border cell.

#include <algorithm>
#include <cmath>

#include "fleet/regions.hpp"
#include "fleet/regions_border.hpp"

namespace fleet {
namespace {

// Cells of 2^12 steps (600 m) are finer than any border drawn here.
constexpr int kCellBitsMin = 12;
// 2 MiB of cells: about 10 km each over China, and still in a cache.
constexpr std::uint64_t kCellsMax = 1u << 19;

}  // namespace

struct RegionMap::Grid {
  /// A border of a region in one cell.
  struct Entry {
    std::uint32_t cell;
    Edge edge;
  };
  /// A part before its place in RegionMap is known.
  struct LoosePart {
    std::uint32_t border_cell;
    std::uint32_t edges;
    RegionIndex region;
    bool holds_corner;
  };
  /// Columns and rows, both ends included; empty when x0 > x1.
  struct Box {
    std::int64_t x0 = 1, y0 = 1, x1 = 0, y1 = 0;
    std::int64_t width() const { return x1 - x0 + 1; }
    std::int64_t height() const { return y1 - y0 + 1; }
  };

  RegionMap& map;
  std::vector<Entry> entries;            // region by region
  std::vector<std::size_t> entry_begin;  // of each region, and the end
  std::vector<Box> boxes;                // of each region
  std::vector<LoosePart> loose;          // region by region
  std::uint32_t border_cells = 0;

  explicit Grid(RegionMap& m) : map(m) {}

  static Edge edge_between(GridPoint p, GridPoint q) {
    const bool down = p.y < q.y || (p.y == q.y && p.x < q.x);
    return down ? Edge{p, q} : Edge{q, p};
  }

  template <class Visit>
  static void each_edge(const Region& region, Visit visit) {
    for (const auto& ring : region.rings) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const GridPoint p = ring[i], q = ring[i + 1 < ring.size() ? i + 1 : 0];
        if (!(p == q)) visit(edge_between(p, q));
      }
    }
  }

  std::int64_t column(std::int64_t x) const { return (x - map.origin_.x) >> map.cell_bits_; }
  std::int64_t row(std::int64_t y) const { return (y - map.origin_.y) >> map.cell_bits_; }
  GridPoint corner(std::int64_t column_, std::int64_t row_) const {
    return {map.origin_.x + static_cast<std::uint32_t>(column_ << map.cell_bits_),
            map.origin_.y + static_cast<std::uint32_t>(row_ << map.cell_bits_)};
  }

  /// Chooses origin and cell size. False when there is not one vertex.
  bool lay_out() {
    GridPoint low{kGridMask, kGridMask}, high{0, 0};
    bool any = false;
    for (const Region& region : map.regions_) {
      for (const auto& ring : region.rings) {
        for (const GridPoint p : ring) {
          low = {std::min(low.x, p.x), std::min(low.y, p.y)};
          high = {std::max(high.x, p.x), std::max(high.y, p.y)};
          any = true;
        }
      }
    }
    if (!any) return false;
    map.origin_ = low;
    for (map.cell_bits_ = kCellBitsMin;; ++map.cell_bits_) {
      const std::uint64_t columns = column(high.x) + 1, rows = row(high.y) + 1;
      if (columns * rows > kCellsMax) continue;
      map.columns_ = static_cast<std::uint32_t>(columns);
      map.rows_ = static_cast<std::uint32_t>(rows);
      map.cells_.assign(columns * rows, kNoRegion);
      return true;
    }
  }

  void add_entries(const Edge& e, std::int64_t x0, std::int64_t x1, std::int64_t row_) {
    for (std::int64_t x = x0; x <= x1; ++x) {
      const auto cell = static_cast<std::uint32_t>(row_ * map.columns_ + x);
      entries.push_back({cell, e});
      if (map.cells_[cell] == kNoRegion) {
        map.cells_[cell] = kBordersFrom - static_cast<std::int32_t>(border_cells++);
      }
    }
  }

  /// Enters a border into every cell that it touches (and perhaps one more beside it).
  void add_edge(const Edge& e, Box& box) {
    const std::int64_t x0 = column(std::min(e.a.x, e.b.x)), x1 = column(std::max(e.a.x, e.b.x));
    const std::int64_t y0 = row(e.a.y), y1 = row(e.b.y);
    const bool first = box.x0 > box.x1;
    box = first ? Box{x0, y0, x1, y1}
                : Box{std::min(box.x0, x0), std::min(box.y0, y0), std::max(box.x1, x1),
                      std::max(box.y1, y1)};
    for (std::int64_t r = y0; r <= y1; ++r) {
      if (x0 == x1 || y0 == y1) {
        add_entries(e, x0, x1, r);
        continue;
      }
      const double slope =
          (static_cast<double>(e.b.x) - e.a.x) / (static_cast<double>(e.b.y) - e.a.y);
      const auto x_at = [&](double y) { return e.a.x + slope * (y - e.a.y); };
      const double top = x_at(std::max<double>(e.a.y, corner(0, r).y));
      const double bottom = x_at(std::min<double>(
          e.b.y, static_cast<double>(corner(0, r).y) + std::ldexp(1, map.cell_bits_)));
      // Two steps more than rounding could need.
      const auto west = static_cast<std::int64_t>(std::floor(std::min(top, bottom))) - 2;
      const auto east = static_cast<std::int64_t>(std::ceil(std::max(top, bottom))) + 2;
      add_entries(e, std::max(x0, column(west)), std::min(x1, column(east)), r);
    }
  }

  void add_regions() {
    boxes.resize(map.regions_.size());
    for (std::size_t i = 0; i < map.regions_.size(); ++i) {
      entry_begin.push_back(entries.size());
      each_edge(map.regions_[i], [&](const Edge& e) { add_edge(e, boxes[i]); });
    }
    entry_begin.push_back(entries.size());
  }

  /// Toggles, in each row, the first column whose corner lies east of a border; see holds.
  void toggle(const Edge& e, const Box& box, std::vector<std::uint8_t>& toggles) const {
    for (std::int64_t r = row(e.a.y); r <= row(e.b.y); ++r) {
      const std::int64_t y = corner(0, r).y;
      if (y < e.a.y || y >= e.b.y) continue;
      const std::int64_t dx = static_cast<std::int64_t>(e.b.x) - e.a.x;
      const std::int64_t dy = static_cast<std::int64_t>(e.b.y) - e.a.y;
      const std::int64_t x = e.a.x + dx * (y - e.a.y) / dy;
      std::int64_t c = std::clamp(column(x), box.x0, box.x1);
      while (c > box.x0 && is_east(e.a, e.b, corner(c - 1, r))) --c;
      while (c <= box.x1 && !is_east(e.a, e.b, corner(c, r))) ++c;
      toggles[static_cast<std::size_t>((r - box.y0) * (box.width() + 1) + c - box.x0)] ^= 1;
    }
  }

  /// For one region: which cells it fills, and its part in the border cells of its box.
  void sweep(RegionIndex region) {
    const auto index = static_cast<std::size_t>(region);
    const Box box = boxes[index];
    if (box.x0 > box.x1) return;
    std::vector<std::uint8_t> toggles(static_cast<std::size_t>((box.width() + 1) * box.height()));
    std::vector<std::uint32_t> edges(toggles.size());
    each_edge(map.regions_[index], [&](const Edge& e) { toggle(e, box, toggles); });
    const auto at = [&](std::int64_t x, std::int64_t y) {
      return static_cast<std::size_t>((y - box.y0) * (box.width() + 1) + x - box.x0);
    };
    for (std::size_t i = entry_begin[index]; i < entry_begin[index + 1]; ++i) {
      ++edges[at(entries[i].cell % map.columns_, entries[i].cell / map.columns_)];
    }
    for (std::int64_t y = box.y0; y <= box.y1; ++y) {
      bool holds = false;
      for (std::int64_t x = box.x0; x <= box.x1; ++x) {
        holds ^= toggles[at(x, y)] != 0;
        std::int32_t& cell = map.cells_[static_cast<std::size_t>(y * map.columns_ + x)];
        if (cell == kNoRegion && holds) cell = region;
        if (cell > kBordersFrom || (!holds && edges[at(x, y)] == 0)) continue;
        loose.push_back(
            {static_cast<std::uint32_t>(kBordersFrom - cell), edges[at(x, y)], region, holds});
      }
    }
  }

  /// Orders the parts by border cell (regions stay in order) and gives them their edges.
  void settle() {
    map.part_begin_.assign(border_cells + 1, 0);
    for (const LoosePart& p : loose) ++map.part_begin_[p.border_cell + 1];
    for (std::size_t i = 1; i <= border_cells; ++i) map.part_begin_[i] += map.part_begin_[i - 1];
    std::vector<std::uint32_t> next(map.part_begin_.begin(), map.part_begin_.end() - 1);
    map.parts_.resize(loose.size());
    for (const LoosePart& p : loose) {
      map.parts_[next[p.border_cell]++] = {p.region, 0, p.edges, p.holds_corner};
    }
    std::uint32_t edges = 0;
    for (Part& part : map.parts_) {
      const std::uint32_t count = part.last_edge;
      part.first_edge = part.last_edge = edges;
      edges += count;
    }
    map.edges_.resize(edges);
    std::copy(map.part_begin_.begin(), map.part_begin_.end() - 1, next.begin());
    for (std::size_t i = 0; i < map.regions_.size(); ++i) {
      for (std::size_t j = entry_begin[i]; j < entry_begin[i + 1]; ++j) {
        std::uint32_t& part =
            next[static_cast<std::size_t>(kBordersFrom - map.cells_[entries[j].cell])];
        while (map.parts_[part].region != static_cast<RegionIndex>(i)) ++part;
        map.edges_[map.parts_[part].last_edge++] = entries[j].edge;
      }
    }
  }
};

RegionMap::RegionMap(std::vector<Region> regions) : regions_(std::move(regions)) {
  Grid grid(*this);
  if (!grid.lay_out()) return;
  grid.add_regions();
  for (std::size_t i = 0; i < regions_.size(); ++i) grid.sweep(static_cast<RegionIndex>(i));
  grid.settle();
}

}  // namespace fleet
