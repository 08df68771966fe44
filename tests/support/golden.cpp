#include "tests/support/golden.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "tests/support/gl_test.hpp"

namespace testing_support {
namespace {

namespace fs = std::filesystem;

constexpr int kAmplify = 8;  // a difference of 32 levels is drawn at full brightness

// Where rounding and edge rules are another vendor's.
constexpr GoldenLimits kRealGpuLimits{.channel_max = 12, .differing_max = 0.01};

std::uint8_t drawn_difference(std::uint8_t expected, int off) {
  return static_cast<std::uint8_t>(std::min(255, expected / 4 + off * kAmplify));
}

::testing::AssertionResult updated(const fs::path& path, const render::Image& actual) {
  fs::create_directories(path.parent_path());
  const auto written = render::write_png(path.string(), actual);
  if (!written) return ::testing::AssertionFailure() << written.error().what;
  return ::testing::AssertionSuccess();
}

}  // namespace

bool updating_goldens() {
  const char* wanted = std::getenv("FLEETWALL_UPDATE_GOLDENS");
  return wanted && std::string(wanted) == "1";
}

ImageDifference difference(const render::Image& actual, const render::Image& expected,
                           int channel_max) {
  ImageDifference result;
  if (actual.width != expected.width || actual.height != expected.height) {
    result.same_size = false;
    return result;
  }
  result.picture = render::Image::blank(expected.width, expected.height);
  for (std::size_t i = 0; i < expected.rgba.size(); i += 4) {
    int worst = 0;
    for (std::size_t c = i; c < i + 4; ++c) {
      const int off = std::abs(int{actual.rgba[c]} - int{expected.rgba[c]});
      worst = std::max(worst, off);
      result.picture.rgba[c] = drawn_difference(expected.rgba[c], off);
    }
    result.picture.rgba[i + 3] = 255;
    result.channel_max = std::max(result.channel_max, worst);
    if (worst > channel_max) ++result.differing;
  }
  return result;
}

::testing::AssertionResult matches_golden(const std::string& name, const render::Image& actual,
                                          GoldenLimits limits) {
  const fs::path golden = fs::path(FLEETWALL_SOURCE_DIR) / "tests/golden" / name / "expected.png";
  if (updating_goldens()) return updated(golden, actual);
  if (on_real_gpu()) limits = kRealGpuLimits;

  const fs::path out = fs::path(FLEETWALL_BUILD_DIR) / "golden" / name;
  fs::create_directories(out);
  const auto keep_actual = [&] { (void)render::write_png((out / "actual.png").string(), actual); };
  const auto expected = render::read_png(golden.string());
  if (!expected) {
    keep_actual();
    return ::testing::AssertionFailure()
           << expected.error().what << ". Look at " << (out / "actual.png")
           << "; if it is right, run again with FLEETWALL_UPDATE_GOLDENS=1";
  }
  const ImageDifference off = difference(actual, expected.value(), limits.channel_max);
  const double pixels = static_cast<double>(expected.value().rgba.size()) / 4;
  if (off.same_size && static_cast<double>(off.differing) <= limits.differing_max * pixels) {
    return ::testing::AssertionSuccess();
  }
  keep_actual();
  if (!off.same_size) {
    return ::testing::AssertionFailure()
           << name << " is " << actual.width << "x" << actual.height << ", expected "
           << expected.value().width << "x" << expected.value().height;
  }
  (void)render::write_png((out / "diff.png").string(), off.picture);
  return ::testing::AssertionFailure()
         << name << ": " << off.differing << " of " << pixels << " pixels differ by more than "
         << limits.channel_max << " levels (worst " << off.channel_max << "), allowed "
         << limits.differing_max * pixels << ". See " << (out / "diff.png");
}

}  // namespace testing_support
