#include "viewer/camera_path.hpp"

#include <gtest/gtest.h>

namespace viewer {
namespace {

constexpr const char* kPath = "t_s,lon,lat,zoom\n0,100,30,4\n10,110,30,6\n20,100,30,4\n";

render::Camera at(const CameraPath& path, double t_s) {
  render::Camera camera;
  path.apply(t_s, camera);
  return camera;
}

TEST(CameraPath, IsLinearBetweenRowsAndLoops) {
  const auto path = CameraPath::parse(kPath);
  ASSERT_TRUE(path) << path.error().what;

  EXPECT_DOUBLE_EQ(at(*path, 0).zoom, 4);
  EXPECT_DOUBLE_EQ(at(*path, 5).zoom, 5);
  EXPECT_NEAR(fleet::lonlat_from_world(at(*path, 5).centre).lon_deg, 105, 1e-9);
  EXPECT_DOUBLE_EQ(at(*path, 10).zoom, 6);
  EXPECT_DOUBLE_EQ(at(*path, 25).zoom, at(*path, 5).zoom);
  EXPECT_DOUBLE_EQ(at(*path, -3).zoom, 4);
}

TEST(CameraPath, RefusesWhatItCannotFollow) {
  for (const char* text :
       {"", "t_s,lon,lat,zoom\n", "t_s,lon,lat,zoom\n0,1,2,3\n", "0,1,2,3\n0,1,2,3\n",
        "0,1,2,3\n1,1,2\n", "0,1,2,3\n1,x,2,3\n", "0,1,2,3\n1,1,2,3,4\n", "0,1,2,3\n1,nan,2,3\n",
        "0,1,2,3\n1,181,2,3\n", "0,1,2,3\n1,1,91,3\n", "0,1,2,3\n1,1,2,23\n", "-1,1,2,3\n1,1,2,3\n",
        "0,1,2,3\n604801,1,2,3\n"}) {
    EXPECT_FALSE(CameraPath::parse(text)) << text;
  }
}

TEST(CameraPath, NamesTheLineThatIsWrong) {
  const auto path = CameraPath::parse("t_s,lon,lat,zoom\n0,1,2,3\n5,1,2,3\n4,1,2,3\n");

  ASSERT_FALSE(path);
  EXPECT_NE(path.error().what.find("line 4"), std::string::npos) << path.error().what;
}

}  // namespace
}  // namespace viewer
