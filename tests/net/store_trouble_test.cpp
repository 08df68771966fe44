#include "net/store/store_trouble.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace net {
namespace {

std::string system_text(int code) {
  return "days/2026-10-16.fleetday: " + std::generic_category().message(code);
}

TEST(StoreTrouble, IsToldFromTheStoresOwnSentences) {
  EXPECT_EQ(store_trouble_of("a.fleetday: the disk is full; free space and go on (SQLite: full)"),
            StoreTrouble::disk_full);
  EXPECT_EQ(store_trouble_of("a.fleetday: the file or its folder cannot be written (SQLite: x)"),
            StoreTrouble::read_only);
  EXPECT_EQ(store_trouble_of("the disk failed to keep what was written (SQLite: disk I/O error)"),
            StoreTrouble::io_error);
  EXPECT_EQ(store_trouble_of("reading or writing failed (SQLite: disk I/O error)"),
            StoreTrouble::io_error);
}

TEST(StoreTrouble, IsToldFromTheSystemsErrors) {
  for (const int code : {ENOSPC, EDQUOT, EFBIG})
    EXPECT_EQ(store_trouble_of(system_text(code)), StoreTrouble::disk_full) << code;
  for (const int code : {EROFS, EACCES, EPERM})
    EXPECT_EQ(store_trouble_of(system_text(code)), StoreTrouble::read_only) << code;
  EXPECT_EQ(store_trouble_of(system_text(EIO)), StoreTrouble::io_error);
}

TEST(StoreTrouble, IsOtherWhereNobodyKnows) {
  EXPECT_EQ(store_trouble_of(""), StoreTrouble::other);
  EXPECT_EQ(store_trouble_of("another process holds the file"), StoreTrouble::other);
}

}  // namespace
}  // namespace net
