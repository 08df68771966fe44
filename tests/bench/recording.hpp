// What benchmarks that read recordings share.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "net/store/day_store.hpp"

namespace bench {

/// The value, or the end of the program with the reason.
template <class T>
T or_exit(fleet::Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().what.c_str());
  std::exit(1);
}

/// Puts the day files out of the system's cache.
inline void drop_from_cache(const net::DayReader& reader) {
  for (const net::DayReader::Day& day : reader.days()) {
    const int fd = ::open(day.file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ::close(fd);
  }
}

}  // namespace bench
