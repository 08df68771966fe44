#include "net/read_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "net/gateway/config.hpp"
#include "tests/net/loopback_support.hpp"

namespace net::test {
namespace {

TEST(ReadFile, GivesAllBytes) {
  TemporaryFolder folder;
  const std::string bytes = std::string(200'000, 'a') + '\0' + "b";
  std::ofstream(folder.path / "some", std::ios::binary) << bytes;
  std::ofstream(folder.path / "none", std::ios::binary).flush();

  EXPECT_EQ(read_file(folder.path / "some").value(), bytes);
  EXPECT_EQ(read_file(folder.path / "none").value(), "");
}

TEST(ReadFile, NamesWhatCannotBeReadAndWhy) {
  TemporaryFolder folder;

  const auto missing = read_file(folder.path / "missing");
  const auto directory = read_file(folder.path);
  const auto opens_but_fails = read_file("/proc/self/mem");

  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().what.find("missing: No such file"), std::string::npos);
  ASSERT_FALSE(directory.ok());
  EXPECT_NE(directory.error().what.find("Is a directory"), std::string::npos);
  ASSERT_FALSE(opens_but_fails.ok());
}

TEST(Config, IsNotEmptyWhenItIsADirectory) {
  TemporaryFolder folder;

  const auto config = load_config(folder.path);

  ASSERT_FALSE(config.ok());
  EXPECT_NE(config.error().what.find(folder.path.string()), std::string::npos);
  EXPECT_NE(config.error().what.find("Is a directory"), std::string::npos);
}

}  // namespace
}  // namespace net::test
