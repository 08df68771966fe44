#include "net/store/store_trouble.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace net {
namespace {

TEST(StoreTrouble, IsToldFromTheSystemsError) {
  for (const int code : {ENOSPC, EDQUOT, EFBIG})
    EXPECT_EQ(store_trouble_of({"", code}), StoreTrouble::disk_full) << code;
  for (const int code : {EROFS, EACCES, EPERM})
    EXPECT_EQ(store_trouble_of({"", code}), StoreTrouble::read_only) << code;
  EXPECT_EQ(store_trouble_of({"", EIO}), StoreTrouble::io_error);
}

TEST(StoreTrouble, IsOtherWhereNobodyKnows) {
  EXPECT_EQ(store_trouble_of({"the disk is full", 0}), StoreTrouble::other);
  EXPECT_EQ(store_trouble_of({"", EINVAL}), StoreTrouble::other);
}

}  // namespace
}  // namespace net
