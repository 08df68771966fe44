// How it works: sides are taken from west to east; each is held against those begun before it that
// reach as far east and north as it does.
#include "net/borders/ring_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace net {
namespace {

using fleet::GridPoint;
/// Twice an area of the grid takes 66 bits.
__extension__ using Wide = __int128;

struct Side {
  GridPoint from, to;
  std::uint32_t west() const { return std::min(from.x, to.x); }
  std::uint32_t east() const { return std::max(from.x, to.x); }
  std::uint32_t top() const { return std::min(from.y, to.y); }
  std::uint32_t bottom() const { return std::max(from.y, to.y); }
};

/// On which side of a-b the point lies: -1, 0 (on its line), 1.
int turn(GridPoint a, GridPoint b, GridPoint p) {
  const auto apart = [](std::uint32_t to, std::uint32_t from) {
    return static_cast<Wide>(std::int64_t{to} - std::int64_t{from});
  };
  const Wide area = apart(b.x, a.x) * apart(p.y, a.y) - apart(b.y, a.y) * apart(p.x, a.x);
  return area > 0 ? 1 : area < 0 ? -1 : 0;
}

bool cross(const Side& a, const Side& b) {
  return turn(a.from, a.to, b.from) * turn(a.from, a.to, b.to) < 0 &&
         turn(b.from, b.to, a.from) * turn(b.from, b.to, a.to) < 0;
}

/// Where two sides that cross do so, to a step of the grid or so.
GridPoint meeting_of(const Side& a, const Side& b) {
  const auto apart = [](std::uint32_t to, std::uint32_t from) {
    return static_cast<double>(std::int64_t{to} - std::int64_t{from});
  };
  const double ax = apart(a.to.x, a.from.x), ay = apart(a.to.y, a.from.y);
  const double bx = apart(b.to.x, b.from.x), by = apart(b.to.y, b.from.y);
  const double along =
      (apart(b.from.x, a.from.x) * by - apart(b.from.y, a.from.y) * bx) / (ax * by - ay * bx);
  const auto moved = [along](std::uint32_t from, double way) {
    return static_cast<std::uint32_t>(std::llround(static_cast<double>(from) + along * way));
  };
  return {moved(a.from.x, ax), moved(a.from.y, ay)};
}

std::vector<Side> sides_of(std::span<const GridPoint> ring) {
  std::vector<Side> sides;
  sides.reserve(ring.size());
  for (std::size_t i = 0; i < ring.size(); ++i)
    sides.push_back({ring[i], ring[(i + 1) % ring.size()]});
  std::ranges::sort(sides, {}, &Side::west);
  return sides;
}

}  // namespace

std::optional<GridPoint> crossing_of(std::span<const GridPoint> ring, std::size_t& pairs_left) {
  const std::vector<Side> sides = sides_of(ring);
  std::vector<const Side*> open;
  for (const Side& side : sides) {
    std::erase_if(open, [&](const Side* o) { return o->east() < side.west(); });
    if (open.size() > pairs_left) {
      pairs_left = 0;
      return std::nullopt;
    }
    pairs_left -= open.size();
    for (const Side* o : open) {
      if (o->bottom() < side.top() || side.bottom() < o->top()) continue;
      if (cross(*o, side)) return meeting_of(*o, side);
    }
    open.push_back(&side);
  }
  return std::nullopt;
}

}  // namespace net
