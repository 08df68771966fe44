// How it works: a corner with more than two different neighbours is a node. A ring is walked from a
// node (or, without any, from its least corner) and cut at every node; what is between is an arc.
// All rings over the same border cut it at the same nodes, so its first side, taken from either
// end, finds the arc again.
#include "net/borders/arcs.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <unordered_map>

#include "fleet/simplify.hpp"

namespace net {
namespace {

using fleet::GridPoint;

/// An arc is simplified in pieces of this many points.
constexpr std::size_t kPiecePoints = 20'000;

std::uint64_t key_of(GridPoint p) {
  return (std::uint64_t{p.y} << 32) | p.x;
}

struct Hash {
  static std::uint64_t mixed(std::uint64_t v) {
    v = (v ^ (v >> 30)) * 0xbf58476d1ce4e5b9;
    v = (v ^ (v >> 27)) * 0x94d049bb133111eb;
    return v ^ (v >> 31);
  }
  std::size_t operator()(std::uint64_t v) const { return mixed(v); }
  std::size_t operator()(const std::array<std::uint64_t, 2>& side) const {
    return mixed(side[0] ^ mixed(side[1]));
  }
};

/// Up to three different neighbours of a corner: more make no difference.
struct Neighbours {
  std::array<std::uint64_t, 3> keys{};
  std::uint32_t count = 0;
  void add(std::uint64_t key) {
    const auto end = keys.begin() + count;
    if (count < keys.size() && std::find(keys.begin(), end, key) == end) keys[count++] = key;
  }
};

class Builder {
 public:
  Topology build(std::span<const OwnedRing> rings) {
    for (const OwnedRing& ring : rings) add_neighbours(ring.points);
    for (const OwnedRing& ring : rings) add_ring(ring);
    return std::move(out_);
  }

 private:
  void add_neighbours(std::span<const GridPoint> points) {
    const std::size_t n = points.size();
    for (std::size_t i = 0; i < n; ++i) {
      Neighbours& here = neighbours_[key_of(points[i])];
      here.add(key_of(points[(i + n - 1) % n]));
      here.add(key_of(points[(i + 1) % n]));
    }
  }

  bool is_node(GridPoint p) const { return neighbours_.at(key_of(p)).count > 2; }

  void add_ring(const OwnedRing& ring) {
    const std::size_t n = ring.points.size();
    assert(n >= 3);
    const auto from = first_cut(ring.points);
    ArcRing uses{ring.owner, {}};
    std::vector<GridPoint> piece{ring.points[from]};
    for (std::size_t i = 1; i <= n; ++i) {
      const GridPoint p = ring.points[(from + i) % n];
      piece.push_back(p);
      if (i < n && !is_node(p)) continue;
      uses.uses.push_back(use_of(piece, ring.owner));
      piece.assign(1, p);
    }
    out_.rings.push_back(std::move(uses));
  }

  /// A node, or the least corner: the same for all rings over these corners.
  std::size_t first_cut(std::span<const GridPoint> points) const {
    const auto node = std::ranges::find_if(points, [&](GridPoint p) { return is_node(p); });
    const auto first = node != points.end() ? node : std::ranges::min_element(points, {}, key_of);
    return static_cast<std::size_t>(first - points.begin());
  }

  ArcUse use_of(const std::vector<GridPoint>& piece, std::uint32_t owner) {
    const std::array first{key_of(piece[0]), key_of(piece[1])};
    if (const auto found = forwards_.find(first); found != forwards_.end())
      return used_again({found->second, false}, owner);
    if (const auto found = backwards_.find(first); found != backwards_.end())
      return used_again({found->second, true}, owner);
    const std::size_t last = piece.size() - 1;
    const auto number = static_cast<std::uint32_t>(out_.arcs.size());
    forwards_.emplace(first, number);
    backwards_.emplace(std::array{key_of(piece[last]), key_of(piece[last - 1])}, number);
    out_.arcs.push_back({piece, owner, kNobody, false});
    return {number, false};
  }

  ArcUse used_again(ArcUse use, std::uint32_t owner) {
    Arc& arc = out_.arcs[use.arc];
    if (arc.owner == owner) {
      arc.within = true;
    } else if (arc.other == kNobody) {
      arc.other = owner;
    }
    return use;
  }

  std::unordered_map<std::uint64_t, Neighbours, Hash> neighbours_;
  std::unordered_map<std::array<std::uint64_t, 2>, std::uint32_t, Hash> forwards_, backwards_;
  Topology out_;
};

}  // namespace

Topology build_topology(std::span<const OwnedRing> rings) {
  return Builder().build(rings);
}

std::vector<GridPoint> simplified(std::span<const GridPoint> points, double tolerance) {
  std::vector<GridPoint> out;
  fleet::LineSimplifier simplifier;
  if (points.front() != points.back()) {
    // In pieces: a line made to be slow costs as its length, not as its square.
    for (std::size_t at = 0; at + 1 < points.size(); at += kPiecePoints) {
      const std::size_t size = std::min(kPiecePoints + 1, points.size() - at);
      if (at > 0) out.pop_back();
      simplifier.append(points.subspan(at, size), tolerance, out);
    }
    return out;
  }
  // Begins and ends in one point: the one furthest from it stays as well.
  const auto distance = [&](GridPoint p) {
    return std::hypot(double(p.x) - points[0].x, double(p.y) - points[0].y);
  };
  const auto middle =
      static_cast<std::size_t>(std::ranges::max_element(points, {}, distance) - points.begin());
  out = simplified(points.first(middle + 1), tolerance);
  out.pop_back();
  const std::vector<GridPoint> rest = simplified(points.subspan(middle), tolerance);
  out.insert(out.end(), rest.begin(), rest.end());
  if (out.size() < 4) out.clear();
  return out;
}

}  // namespace net
