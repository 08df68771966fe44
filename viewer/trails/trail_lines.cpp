#include "viewer/trails/trail_lines.hpp"

#include <algorithm>
#include <cmath>

namespace viewer {
namespace {

using fleet::Stretch;

struct Spot {
  double x = 0, y = 0, age = 0;
};

/// Places of the picture's vertices on the screen, in double: a trail goes far beyond the view.
class Projector {
 public:
  explicit Projector(const TrailProjection& p)
      : p_(p), scale_(p.camera.px_per_world()), span_((p.to - p.from).count()) {
    if (p.picture.vertices.empty()) return;
    // The copy of the world whose end of the trail is nearest to the view.
    const fleet::WorldPoint& end = p.picture.vertices.back().at;
    shift_ = std::round(p.camera.centre.x - end.x);
  }
  Spot operator()(const fleet::TrackVertex& v) const {
    const double age = span_ > 0 ? static_cast<double>((p_.to - v.time).count()) / span_ : 0;
    return {(v.at.x + shift_ - p_.camera.centre.x) * scale_ + p_.camera.width_px / 2.0,
            (v.at.y - p_.camera.centre.y) * scale_ + p_.camera.height_px / 2.0,
            std::clamp(age, 0.0, 1.0)};
  }

 private:
  const TrailProjection& p_;
  double scale_, span_, shift_ = 0;
};

Spot between(const Spot& a, const Spot& b, double part) {
  return {a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part, a.age + (b.age - a.age) * part};
}

double distance(const Spot& a, const Spot& b) {
  return std::hypot(b.x - a.x, b.y - a.y);
}

/// Part of a way that lies inside the view, as shares of its length. False: none.
bool clip(const Spot& a, const Spot& b, double width, double height, double margin, double& begin,
          double& end) {
  begin = 0, end = 1;
  const auto side = [&](double from, double way, double least, double most) {
    if (way == 0) return from >= least && from <= most;
    double enter = (least - from) / way, leave = (most - from) / way;
    if (enter > leave) std::swap(enter, leave);
    begin = std::max(begin, enter);
    end = std::min(end, leave);
    return begin <= end;
  };
  return side(a.x, b.x - a.x, -margin, width + margin) &&
         side(a.y, b.y - a.y, -margin, height + margin);
}

/// Puts visible ways together to lines.
class Pen {
 public:
  Pen(const TrailProjection& p, std::vector<TrailLine>& lines) : p_(p), lines_(lines) {}

  void way(Stretch::Kind kind, const Spot& a, const Spot& b) {
    double begin = 0, end = 1;
    if (!clip(a, b, p_.camera.width_px, p_.camera.height_px, p_.margin_px, begin, end))
      return lift();
    const Spot from = between(a, b, begin), to = between(a, b, end);
    if (!down_ || begin > 0 || lines_.back().kind != kind) {
      lines_.push_back({kind, {point(from)}});
    }
    lines_.back().points.push_back(point(to));
    down_ = end == 1;
  }
  void lift() { down_ = false; }

 private:
  static TrailPoint point(const Spot& s) {
    return {static_cast<float>(s.x), static_cast<float>(s.y), static_cast<float>(s.age)};
  }
  const TrailProjection& p_;
  std::vector<TrailLine>& lines_;
  bool down_ = false;
};

/// Dashes of one gap. Those outside the view are stepped over, however far it goes.
void dash(const TrailProjection& p, Pen& pen, const Spot& a, const Spot& b) {
  const double length = distance(a, b), period = p.dash_px + p.space_px;
  double begin = 0, end = 1;
  if (length == 0 || !clip(a, b, p.camera.width_px, p.camera.height_px, p.margin_px, begin, end))
    return;
  constexpr double kLeastPx = 0.1;  // a dash shorter than this is rounding
  for (double k = std::floor(begin * length / period); k * period < end * length - kLeastPx; ++k) {
    const double first = k * period / length;
    const double last = std::min(1.0, (k * period + p.dash_px) / length);
    pen.lift();
    pen.way(Stretch::Kind::gap, between(a, b, first), between(a, b, last));
  }
  pen.lift();
}

}  // namespace

std::vector<TrailLine> trail_lines(const TrailProjection& p) {
  std::vector<TrailLine> lines;
  const Projector project(p);
  Pen pen(p, lines);
  for (const Stretch& stretch : p.picture.stretches) {
    Spot last = project(p.picture.vertices[stretch.first]);
    pen.lift();
    for (std::size_t i = stretch.first + 1; i <= stretch.last; ++i) {
      const Spot next = project(p.picture.vertices[i]);
      if (i < stretch.last && distance(last, next) < kSimplifyPx) continue;
      if (stretch.kind == Stretch::Kind::gap)
        dash(p, pen, last, next);
      else
        pen.way(stretch.kind, last, next);
      last = next;
    }
  }
  return lines;
}

std::optional<TrailSpot> spot_near(const TrailProjection& p, Point pointer, double reach_px) {
  const Projector project(p);
  const Spot at{static_cast<double>(pointer.x), static_cast<double>(pointer.y), 0};
  double best = reach_px;
  std::optional<TrailSpot> found;
  for (const Stretch& stretch : p.picture.stretches) {
    for (std::size_t i = stretch.first; i < stretch.last; ++i) {
      const fleet::TrackVertex &from = p.picture.vertices[i], &to = p.picture.vertices[i + 1];
      const Spot a = project(from), b = project(to);
      const double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
      const double part =
          square == 0 ? 1 : std::clamp(((at.x - a.x) * dx + (at.y - a.y) * dy) / square, 0.0, 1.0);
      const Spot near = between(a, b, part);
      const double off = distance(at, near);
      if (off > best) continue;
      best = off;
      const auto passed =
          static_cast<std::int64_t>(static_cast<double>((to.time - from.time).count()) * part);
      found = TrailSpot{{static_cast<float>(near.x), static_cast<float>(near.y)},
                        from.time + fleet::Millis{passed},
                        stretch.kind,
                        from.time,
                        to.time};
    }
  }
  return found;
}

}  // namespace viewer
