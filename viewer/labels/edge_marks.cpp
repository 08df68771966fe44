#include "viewer/labels/edge_marks.hpp"

#include <algorithm>
#include <cmath>

namespace viewer {
namespace {

using fleet::Severity;

/// From a mark's middle to the tip of its arrow, in radii of its shape: outside of the ring.
constexpr float kArrowTip = 3.1f, kArrowBase = 2.3f, kArrowHalf = 0.62f;

float radius_of(const AlarmMark& mark, const MarkSizes& sizes) {
  return sizes.radius[static_cast<std::size_t>(mark.severity)];
}

Rect moved(const Rect& r, Point by) {
  return {r.x0 + by.x, r.y0 + by.y, r.x1 + by.x, r.y1 + by.y};
}

/// The mark without its rings: what has to be seen.
Rect shape_rect(AlarmMark mark, const MarkSizes& sizes) {
  mark.acknowledged = true;
  return alarm_mark_rect(mark, sizes);
}

/// Around the mark's middle, with room for an arrow on any side.
Rect with_arrow(AlarmMark mark, const MarkSizes& sizes) {
  mark.at = {};
  const float reach = radius_of(mark, sizes) * kArrowTip;
  const Rect r = alarm_mark_rect(mark, sizes);
  return {std::min(r.x0, -reach), std::min(r.y0, -reach), std::max(r.x1, reach),
          std::max(r.y1, reach)};
}

Point clamped(Point at, const Rect& extent, const Rect& room) {
  const auto within = [](float v, float least, float most) {
    return std::clamp(v, least, std::max(least, most));
  };
  return {within(at.x, room.x0 - extent.x0, room.x1 - extent.x1),
          within(at.y, room.y0 - extent.y0, room.y1 - extent.y1)};
}

/// The nearest of the four spots beside `obstacle` that lies within `room`, or `at` without one.
Point beside(Point at, const Rect& extent, const Rect& obstacle, const Rect& room) {
  const Point spots[] = {{at.x, obstacle.y0 - extent.y1},
                         {at.x, obstacle.y1 - extent.y0},
                         {obstacle.x0 - extent.x1, at.y},
                         {obstacle.x1 - extent.x0, at.y}};
  Point best = at;
  float least = INFINITY;
  for (const Point& spot : spots) {
    const Point inside = clamped(spot, extent, room);
    if (inside.x != spot.x || inside.y != spot.y) continue;
    const float way = std::abs(spot.x - at.x) + std::abs(spot.y - at.y);
    if (way >= least) continue;
    least = way;
    best = spot;
  }
  return best;
}

/// The spot within `room` that is nearest to `at` and clear of obstacles, as far as there is one.
Point free_spot(Point at, const Rect& extent, std::span<const Rect> obstacles, const Rect& room) {
  Point spot = clamped(at, extent, room);
  // One obstacle may push it onto another; more than a few in a row do not lie in the free part.
  constexpr int kTries = 4;
  for (int i = 0; i < kTries; ++i) {
    const Rect taken = moved(extent, spot);
    const auto hit = std::ranges::find_if(obstacles, [&](const Rect& o) {
      return taken.shrunk(0.5f).overlaps(o) && room.overlaps(o);
    });
    if (hit == obstacles.end()) break;
    spot = beside(spot, extent, *hit, room);
  }
  return spot;
}

/// Whether enough of it is hidden to be shown elsewhere.
bool is_covered(const AlarmMark& mark, std::span<const Rect> obstacles, const MarkSizes& sizes) {
  const Rect shape = shape_rect(mark, sizes);
  return std::ranges::any_of(obstacles, [&](const Rect& o) {
    if (!shape.overlaps(o)) return false;
    if (mark.severity == Severity::critical) return true;
    // Wholly under it a lesser one stays there: the list of alarms has it.
    const float r = radius_of(mark, sizes) * 1.15f;
    return mark.severity == Severity::high && !o.shrunk(r).contains(mark.at);
  });
}

bool touches(const EdgeMark& a, const EdgeMark& b, const MarkSizes& sizes) {
  return edge_mark_rect(a, sizes).overlaps(edge_mark_rect(b, sizes));
}

}  // namespace

Rect edge_mark_rect(const EdgeMark& mark, const MarkSizes& sizes) {
  return moved(with_arrow(mark.mark, sizes), mark.mark.at);
}

std::vector<EdgeMark> take_covered(std::vector<AlarmMark>& marks, std::span<const Rect> obstacles,
                                   const Rect& room, const Rect& window, const MarkSizes& sizes) {
  std::vector<EdgeMark> edge;
  if (room.empty()) return edge;
  const auto take = [&](const AlarmMark& mark) {
    if (!window.contains(mark.at) || !is_covered(mark, obstacles, sizes)) return false;
    EdgeMark moved_mark{mark, mark.at};
    const auto place = [&] {
      AlarmMark& m = moved_mark.mark;
      m.count_left = m.count > 1 && moved_mark.machine.x > (room.x0 + room.x1) / 2;
      m.at = free_spot(moved_mark.machine, with_arrow(m, sizes), obstacles, room);
    };
    place();
    // Joined it grows, and may touch another.
    for (std::size_t i = 0; i < edge.size();) {
      const AlarmMark& other = edge[i].mark;
      if (other.severity != mark.severity || !touches(edge[i], moved_mark, sizes)) {
        ++i;
        continue;
      }
      moved_mark.machine = edge[i].machine;
      moved_mark.mark.first = other.first;
      moved_mark.mark.count += other.count;
      moved_mark.mark.acknowledged = moved_mark.mark.acknowledged && other.acknowledged;
      edge.erase(edge.begin() + static_cast<std::ptrdiff_t>(i));
      place();
      i = 0;
    }
    edge.push_back(moved_mark);
    return true;
  };
  std::erase_if(marks, take);
  std::ranges::stable_sort(
      edge, [](const EdgeMark& a, const EdgeMark& b) { return a.mark.severity < b.mark.severity; });
  return edge;
}

void draw_edge_marks(std::span<const EdgeMark> marks, const MarkSizes& sizes, Ui& ui) {
  for (std::size_t i = marks.size(); i-- > 0;) {
    const EdgeMark& edge = marks[i];
    const float r = radius_of(edge.mark, sizes);
    const float dx = edge.machine.x - edge.mark.at.x, dy = edge.machine.y - edge.mark.at.y;
    const float length = std::hypot(dx, dy);
    if (length > r) {
      const Point to{dx / length, dy / length}, side{-to.y, to.x};
      const auto at = [&](float along, float across) {
        return ImVec2{edge.mark.at.x + r * (to.x * along + side.x * across),
                      edge.mark.at.y + r * (to.y * along + side.y * across)};
      };
      const ImVec2 tip = at(kArrowTip, 0), left = at(kArrowBase, -kArrowHalf),
                   right = at(kArrowBase, kArrowHalf);
      ui.list().AddTriangle(tip, left, right, faded(ui.theme().halo, 0.6), ui.px(2));
      ui.list().AddTriangleFilled(tip, left, right, ui.theme().of(edge.mark.severity));
    }
    draw_alarm_marks(std::span(&edge.mark, 1), sizes, ui);
  }
}

}  // namespace viewer
