#include "net/store/store_trouble.hpp"

#include <cerrno>

namespace net {

StoreTrouble store_trouble_of(const fleet::Error& error) {
  switch (error.code) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return StoreTrouble::disk_full;
    case EROFS:
    case EACCES:
    case EPERM:
      return StoreTrouble::read_only;
    case EIO:
      return StoreTrouble::io_error;
    default:
      return StoreTrouble::other;
  }
}

}  // namespace net
