#include "net/store/store_trouble.hpp"

#include <cerrno>
#include <string>
#include <system_error>

namespace net {

StoreTrouble store_trouble_of(std::string_view what) {
  const auto tells = [what](std::string_view text) {
    return what.find(text) != std::string_view::npos;
  };
  const auto tells_code = [&](int code) { return tells(std::generic_category().message(code)); };
  if (tells(kDiskFullText) || tells_code(ENOSPC) || tells_code(EDQUOT) || tells_code(EFBIG))
    return StoreTrouble::disk_full;
  if (tells(kReadOnlyText) || tells_code(EROFS) || tells_code(EACCES) || tells_code(EPERM))
    return StoreTrouble::read_only;
  if (tells(kNotKeptText) || tells(kIoFailedText) || tells_code(EIO)) return StoreTrouble::io_error;
  return StoreTrouble::other;
}

}  // namespace net
