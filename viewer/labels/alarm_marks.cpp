#include "viewer/labels/alarm_marks.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

using fleet::Severity;

constexpr double kFarZoom = 5;  ///< and farther off: a country
constexpr double kNearZoom = 8;

std::size_t index_of(Severity severity) {
  return static_cast<std::size_t>(severity);
}

/// Rect in map px: these do not fit a float at building scale.
struct Box {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  bool touches(const Box& o) const { return x0 < o.x1 && o.x0 < x1 && y0 < o.y1 && o.y0 < y1; }
};

float count_width(std::uint32_t count, const MarkSizes& sizes) {
  return sizes.digit * static_cast<float>(grouped(count).size());
}

/// Around the shape's middle: the shape, or shape and number.
Rect extent(Severity severity, std::uint32_t count, bool left, const MarkSizes& sizes) {
  const float r = sizes.radius[index_of(severity)] * 1.15f;
  if (count == 1) return {-r, -r, r, r};
  const float shape_side = r + sizes.inset;
  const float number_side = r + 2 * sizes.inset + count_width(count, sizes);
  return left ? Rect{-number_side, -sizes.half, shape_side, sizes.half}
              : Rect{-shape_side, -sizes.half, number_side, sizes.half};
}

struct Cluster {
  AlarmMark mark;
  double x = 0, y = 0;
  Box box;

  void fit(const MarkSizes& sizes) {
    const Rect e = extent(mark.severity, mark.count, mark.count_left, sizes).shrunk(-sizes.margin);
    box = {x + static_cast<double>(e.x0), y + static_cast<double>(e.y0),
           x + static_cast<double>(e.x1), y + static_cast<double>(e.y1)};
  }
};

/// `b` becomes part of `a`, at the place of the older.
void join(Cluster& a, const Cluster& b, const MarkSizes& sizes) {
  if (b.mark.first < a.mark.first) a.mark.first = b.mark.first, a.x = b.x, a.y = b.y;
  a.mark.count += b.mark.count;
  a.mark.acknowledged = a.mark.acknowledged && b.mark.acknowledged;
  a.fit(sizes);
}

/// More marks of a severity than this are many.
constexpr std::size_t kFewMarks = 2000;

/// The marks of one severity before they are joined, oldest first. Of very many, those in one
/// square, as wide as a mark, are one from the start: they touch whatever else there is. So what is
/// left to join is as many as fit beside each other, however many there were.
std::vector<Cluster> clusters_of(std::span<const AlarmSpot> spots, Severity severity,
                                 const MarkSizes& sizes) {
  const auto all = std::count_if(spots.begin(), spots.end(),
                                 [=](const AlarmSpot& spot) { return spot.severity == severity; });
  const bool crowded = static_cast<std::size_t>(all) > kFewMarks;
  const double side = static_cast<double>(sizes.radius[index_of(severity)]) * 2.3;
  const auto square = [side](double at) {
    return static_cast<std::uint32_t>(static_cast<std::int64_t>(std::floor(at / side)));
  };
  std::unordered_map<std::uint64_t, std::size_t> first_in;
  std::vector<Cluster> clusters;
  for (std::size_t i = 0; i < spots.size(); ++i) {
    const AlarmSpot& spot = spots[i];
    if (spot.severity != severity) continue;
    if (crowded) {
      const std::uint64_t key = std::uint64_t{square(spot.y)} << 32 | square(spot.x);
      const auto [at, is_new] = first_in.try_emplace(key, clusters.size());
      if (!is_new) {
        AlarmMark& mark = clusters[at->second].mark;
        ++mark.count;
        mark.acknowledged = mark.acknowledged && spot.acknowledged;
        continue;
      }
    }
    clusters.push_back({{{}, severity, spot.acknowledged, 1, false, i}, spot.x, spot.y, {}});
  }
  for (Cluster& cluster : clusters) cluster.fit(sizes);
  return clusters;
}

/// One pass from west to east. True if any were joined: the result may touch others.
bool join_touching(std::vector<Cluster>& clusters, const MarkSizes& sizes) {
  std::sort(clusters.begin(), clusters.end(), [](const Cluster& a, const Cluster& b) {
    return a.box.x0 != b.box.x0 ? a.box.x0 < b.box.x0 : a.mark.first < b.mark.first;
  });
  bool joined = false;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    if (clusters[i].mark.count == 0) continue;
    for (std::size_t j = i + 1; j < clusters.size() && clusters[j].box.x0 < clusters[i].box.x1;
         ++j) {
      if (clusters[j].mark.count == 0 || !clusters[i].box.touches(clusters[j].box)) continue;
      join(clusters[i], clusters[j], sizes);
      clusters[j].mark.count = 0;
      joined = true;
    }
  }
  std::erase_if(clusters, [](const Cluster& c) { return c.mark.count == 0; });
  return joined;
}

/// A number that a worse mark would cover goes to the other side where that is free.
void turn_from(const std::vector<Box>& worse, std::vector<Cluster>& clusters,
               const MarkSizes& sizes) {
  const auto free_of_worse = [&](const Box& box) {
    return std::none_of(worse.begin(), worse.end(), [&](const Box& o) { return box.touches(o); });
  };
  for (Cluster& cluster : clusters) {
    if (cluster.mark.count == 1 || free_of_worse(cluster.box)) continue;
    Cluster turned = cluster;
    turned.mark.count_left = true;
    turned.fit(sizes);
    const bool free = free_of_worse(turned.box) &&
                      std::none_of(clusters.begin(), clusters.end(), [&](const Cluster& other) {
                        return &other != &cluster && turned.box.touches(other.box);
                      });
    if (free) cluster = turned;
  }
}

bool pulses(const AlarmMark& mark) {
  return !mark.acknowledged && mark.severity <= Severity::high;
}

/// Two rings: a standing one, and one that widens and fades once a second.
void draw_rings(const AlarmMark& mark, float radius, Ui& ui) {
  const Colour colour = ui.theme().of(mark.severity);
  const double phase = ui.time_s() - std::floor(ui.time_s());
  const float wide = radius * (1.9f + 1.3f * static_cast<float>(phase));
  ui.list().AddCircle({mark.at.x, mark.at.y}, radius * 1.9f, faded(colour, 0.75), 0, ui.px(1.5f));
  ui.list().AddCircle({mark.at.x, mark.at.y}, wide, faded(colour, 0.6 * (1 - phase)), 0,
                      ui.px(1.5f));
}

Rect at_place(const Rect& r, Point at) {
  return {std::round(at.x + r.x0), std::round(at.y + r.y0), std::round(at.x + r.x1),
          std::round(at.y + r.y1)};
}

void draw_mark(const AlarmMark& mark, const MarkSizes& sizes, Ui& ui) {
  const Theme& theme = ui.theme();
  const float r = sizes.radius[index_of(mark.severity)];
  if (pulses(mark)) draw_rings(mark, r, ui);
  if (mark.count == 1) {
    ui.list().AddCircleFilled({mark.at.x, mark.at.y}, r * 1.35f, faded(theme.halo, 0.55));
  } else {
    const Rect plate = at_place(extent(mark.severity, mark.count, mark.count_left, sizes), mark.at);
    ui.fill(plate, faded(theme.background, 0.86), ui.px(4));
    ui.frame(plate, faded(theme.of(mark.severity), 0.55), ui.px(4));
    const float x = mark.count_left ? plate.x0 + sizes.inset : mark.at.x + r * 1.15f + sizes.inset;
    ui.text(Type::small_strong, {x, ui.baseline_centred(Type::small_strong, mark.at.y)}, theme.text,
            grouped(mark.count));
  }
  const double opacity = mark.severity == Severity::medium ? sizes.medium_opacity : 1;
  severity_mark(ui, mark.at, r, mark.severity, opacity);
}

}  // namespace

MarkSizes mark_sizes(Ui& ui, double zoom) {
  const double near = std::clamp((zoom - kFarZoom) / (kNearZoom - kFarZoom), 0.0, 1.0);
  MarkSizes sizes;
  sizes.radius = {ui.px(9), ui.px(7.5f), ui.px(4.4f + 1.6f * static_cast<float>(near)),
                  ui.px(4.5f)};
  sizes.medium_opacity = 0.78 + 0.22 * near;
  sizes.digit = ui.text_width(Type::small_strong, "0");
  sizes.half = ui.px(10);
  sizes.inset = ui.px(5);
  sizes.margin = ui.px(1);
  return sizes;
}

std::vector<AlarmMark> merged_marks(std::span<const AlarmSpot> spots, const MarkSizes& sizes) {
  std::vector<AlarmMark> marks;
  std::vector<Box> worse;
  for (const Severity severity : {Severity::critical, Severity::high, Severity::medium}) {
    std::vector<Cluster> clusters = clusters_of(spots, severity, sizes);
    while (join_touching(clusters, sizes)) {
    }
    turn_from(worse, clusters, sizes);
    std::sort(clusters.begin(), clusters.end(),
              [](const Cluster& a, const Cluster& b) { return a.mark.first < b.mark.first; });
    for (const Cluster& cluster : clusters) {
      marks.push_back(cluster.mark);
      worse.push_back(cluster.box);
    }
  }
  return marks;
}

Rect alarm_mark_rect(const AlarmMark& mark, const MarkSizes& sizes) {
  Rect r = extent(mark.severity, mark.count, mark.count_left, sizes);
  if (pulses(mark)) {
    const float ring = sizes.radius[index_of(mark.severity)] * 2;
    r = {std::min(r.x0, -ring), std::min(r.y0, -ring), std::max(r.x1, ring), std::max(r.y1, ring)};
  }
  return {mark.at.x + r.x0, mark.at.y + r.y0, mark.at.x + r.x1, mark.at.y + r.y1};
}

void draw_alarm_marks(std::span<const AlarmMark> marks, const MarkSizes& sizes, Ui& ui) {
  const std::span<const AlarmMark> drawn = marks.first(std::min(marks.size(), kMostAlarmMarks));
  for (auto mark = drawn.rbegin(); mark != drawn.rend(); ++mark) draw_mark(*mark, sizes, ui);
}

}  // namespace viewer
