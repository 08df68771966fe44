// Against what other programs and providers answer: files of the shared folder.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "fleet/datum.hpp"
#include "tests/support/shared_folder.hpp"

namespace fleet {
namespace {

std::vector<std::vector<std::string>> csv_rows(const std::filesystem::path& path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);  // names
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

LonLat place(const std::vector<std::string>& row, std::size_t lon, std::size_t lat) {
  return {std::stod(row.at(lon)), std::stod(row.at(lat))};
}

TEST(DatumFiles, AgreesWithEviltransformToAMillimetre) {
  SHARED_OR_SKIP(path, "data/geo/eviltransform_points.csv");
  const auto rows = csv_rows(path);
  ASSERT_FALSE(rows.empty());

  for (const auto& row : rows) {
    ASSERT_EQ(row.at(0), "wgs2gcj");
    const LonLat in = place(row, 3, 2), out = place(row, 5, 4);

    EXPECT_LT(distance_m(from_wgs84(in, Datum::gcj02), out), 1e-3) << row.at(1);
    EXPECT_LT(distance_m(to_wgs84(out, Datum::gcj02), in), 1e-3) << row.at(1);
  }
}

TEST(DatumFiles, AgreesWithCoordtransform) {
  SHARED_OR_SKIP(path, "data/geo/coordtransform_points.json");
  std::ifstream in(path);
  const auto points = nlohmann::json::parse(in);
  ASSERT_FALSE(points.empty());

  for (const auto& point : points) {
    const LonLat from{point["lonlat"][0], point["lonlat"][1]};
    const LonLat expected{point["expect"][0], point["expect"][1]};
    if (point["op"] == "wgs84_to_gcj02") {
      EXPECT_LT(distance_m(from_wgs84(from, Datum::gcj02), expected), 1e-3);
    } else {
      ASSERT_EQ(point["op"], "bd09_to_gcj02");
      const LonLat gcj02 = from_wgs84(to_wgs84(from, Datum::bd09), Datum::gcj02);
      // Theirs is the one-step inverse, which is off by centimetres; ours is iterated.
      EXPECT_LT(distance_m(gcj02, expected), 0.1);
    }
  }
}

TEST(DatumFiles, AgreesWithProvidersPlacesOfCitiesToAMetre) {
  SHARED_OR_SKIP(path, "data/geo/gcj02_bd09_cities.csv");
  const auto rows = csv_rows(path);
  ASSERT_GT(rows.size(), 300u);

  for (const auto& row : rows) {
    const LonLat wgs84 = place(row, 2, 3), gcj02 = place(row, 4, 5), bd09 = place(row, 6, 7);

    // The table's WGS 84 is a guess from its GCJ-02, hence the metre; seven decimals else.
    EXPECT_LT(distance_m(from_wgs84(wgs84, Datum::gcj02), gcj02), 1) << row.at(1);
    EXPECT_LT(distance_m(to_wgs84(gcj02, Datum::gcj02), wgs84), 1) << row.at(1);
    const LonLat exact = to_wgs84(gcj02, Datum::gcj02);
    EXPECT_LT(distance_m(from_wgs84(exact, Datum::bd09), bd09), 0.05) << row.at(1);
    EXPECT_LT(distance_m(to_wgs84(bd09, Datum::bd09), exact), 0.05) << row.at(1);
  }
}

}  // namespace
}  // namespace fleet
