// The heat grid: sums, widths in metres, the same density at every zoom and size. Without GL.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "fleet/mercator.hpp"
#include "render/compose/heat_grid.hpp"
#include "render/compose/look.hpp"
#include "tests/render/compose/fake_fleet.hpp"

namespace render {
namespace {

using test::camera_at;
using test::point_at;

struct Made {
  explicit Made(const MapFrame& frame, const std::vector<PointInstance>& points) {
    Lanes lanes(1);
    grid.make(lanes, frame, Projection::of(frame), points, {});
  }
  /// Standard deviation of the machines along x and y, metres on the ground at the centre.
  std::pair<double, double> sigma_m(const MapFrame& frame) const {
    double sum = 0, x = 0, y = 0, xx = 0, yy = 0;
    const HeatLayout& layout = grid.layout();
    for (int row = 0; row < layout.rows; ++row) {
      const auto km2 = static_cast<double>(layout.cell_km2[static_cast<std::size_t>(row)]);
      for (int column = 0; column < layout.columns; ++column) {
        const double w = grid.density(column, row) * km2;
        sum += w, x += w * column, y += w * row, xx += w * column * column, yy += w * row * row;
      }
    }
    const double cell_m = frame.camera.metres_per_px() * layout.cell_px;
    // Drawing between cells adds its own tent of 1/6 cell2.
    const auto metres = [&](double m, double mm) {
      return std::sqrt(mm / sum - m / sum * (m / sum) + 1.0 / 6) * cell_m;
    };
    return {metres(x, xx), metres(y, yy)};
  }
  HeatGrid grid;
};

MapFrame frame_at(double lat, double zoom, float radius_m, int width = 1920, int height = 1080) {
  MapFrame frame;
  frame.camera = camera_at({118, lat}, zoom, width, height);
  frame.heat = true;
  frame.heat_radius_m = radius_m;
  return frame;
}

TEST(HeatGrid, SumsToTheMachinesThatWorkInView) {
  const MapFrame frame = frame_at(32, 4, 2000);
  std::vector<PointInstance> points;
  test::Dice dice(5);
  for (int i = 0; i < 3000; ++i) {
    const std::uint32_t style = i % 3 == 0 ? 0u : static_cast<std::uint32_t>(i % 3);
    points.push_back(point_at({118 + dice.normal() * 3, 32 + dice.normal() * 3}, style));
  }
  points.push_back(point_at({118, 32}, PointInstance::kHidden));
  points.push_back(point_at({118, 32}, PointInstance::kDimmed));
  points.push_back(point_at({-100, 32}, 0));

  const Made made(frame, points);

  EXPECT_NEAR(made.grid.sum(), 1000, 1);  // 0.1 %
}

TEST(HeatGrid, KeepsTheSumForEveryKernelAndLatitude) {
  for (const double lat : {-55.0, 0.0, 31.0, 60.0, 75.0}) {
    for (const float radius_m : {10.0f, 3000.0f, 30000.0f, 120000.0f}) {
      const Made made(frame_at(lat, 5, radius_m), {point_at({118, lat}, 0)});

      EXPECT_NEAR(made.grid.sum(), 1, 0.001) << lat << " " << radius_m;
    }
  }
}

TEST(HeatGrid, CountsHalfOfAMachineThatStandsOnTheEdge) {
  const MapFrame frame = frame_at(32, 8, 5000);
  const fleet::WorldPoint edge = frame.camera.world_from_screen({0, 540});

  const Made made(frame, {point_at(fleet::lonlat_from_world(edge), 0)});

  EXPECT_NEAR(made.grid.sum(), 0.5, 0.01);
}

TEST(HeatGrid, SpreadsByMetresOnTheGroundAtEveryLatitude) {
  for (const double lat : {0.0, 31.0, 60.0}) {
    const MapFrame frame = frame_at(lat, 8, 6000);

    const auto [x_m, y_m] = Made(frame, {point_at({118, lat}, 0)}).sigma_m(frame);

    EXPECT_NEAR(x_m, 3000, 90) << lat;  // the cut at three sigma takes 1.5 %
    EXPECT_NEAR(y_m, 3000, 90) << lat;
  }
}

TEST(HeatGrid, WidensTheKernelTowardsThePoleWithinOneView) {
  const MapFrame frame = frame_at(45, 3, 40000, 1920, 1920);
  const HeatLayout layout = HeatLayout::of(frame);

  // More pixels for the same metres at the top of the picture than at its bottom.
  EXPECT_GT(layout.taps[static_cast<std::size_t>(layout.margin)],
            layout.taps[static_cast<std::size_t>(layout.rows - layout.margin - 1)]);
}

TEST(HeatGrid, GivesTheSameDensityAtEveryZoomAndSize) {
  const auto peak = [](double zoom, int width, int height) {
    const MapFrame frame = frame_at(31, zoom, 8000, width, height);
    const Made made(frame, std::vector<PointInstance>(50, point_at({118, 31}, 0)));
    double most = 0;
    for (int row = 0; row < made.grid.layout().rows; ++row) {
      for (int column = 0; column < made.grid.layout().columns; ++column) {
        most = std::max(most, made.grid.density(column, row));
      }
    }
    return most;
  };
  const double expected = 50 / (2 * 3.14159265 * 4 * 4);  // a Gaussian of sigma 4 km, in km2

  for (const double zoom : {7.0, 8.5, 10.0, 12.0}) {
    EXPECT_NEAR(peak(zoom, 1920, 1080) / expected, 1, 0.06) << zoom;
  }
  EXPECT_NEAR(peak(8, 3840, 2160) / expected, 1, 0.06);
  EXPECT_NEAR(peak(9, 1366, 768) / expected, 1, 0.06);
}

TEST(HeatGrid, DrawsSmallRadiiAtThreePixels) {
  const MapFrame frame = frame_at(31, 4, 10);
  const double radius_m = effective_heat_radius_m(frame);

  const auto [x_m, y_m] = Made(frame, {point_at({118, 31}, 0)}).sigma_m(frame);

  EXPECT_NEAR(radius_m / frame.camera.metres_per_px(), 3, 1e-6);
  // Less than a cell wide: whole cells can only come near the Gaussian.
  EXPECT_NEAR(x_m / (radius_m / 2), 1, 0.1);
  EXPECT_NEAR(y_m / (radius_m / 2), 1, 0.1);
}

TEST(HeatGrid, CostsTheSameCellsAtWorksiteZoom) {
  const HeatLayout layout = HeatLayout::of(frame_at(31, 17, 2000));

  EXPECT_GE(layout.cell_px, 256);
  EXPECT_LT(layout.columns * layout.rows, 3000);
}

TEST(HeatGrid, RowsAreTheCellsDrawnSmoothly) {
  const MapFrame frame = frame_at(31, 10, 2000, 640, 360);
  const Made made(frame, {point_at({118, 31}, 0)});
  std::vector<float> scratch;

  const float* middle = made.grid.row(180, 128, 128 * 3, scratch);
  ASSERT_NE(middle, nullptr);
  float most = 0, jump = 0;
  for (int i = 1; i < 128 * 3; ++i) {
    most = std::max(most, middle[i]);
    jump = std::max(jump, std::abs(middle[i] - middle[i - 1]));
  }

  EXPECT_EQ(made.grid.row(0, 0, 128, scratch), nullptr);
  EXPECT_GT(most, 0.3f);
  EXPECT_LT(jump, 0.08f);
}

}  // namespace
}  // namespace render
