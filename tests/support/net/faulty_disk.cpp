#include "tests/support/net/faulty_disk.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <new>

namespace net::test {

namespace {

constexpr std::int64_t kPage = 4096;   // of the kernel's cache
constexpr std::int64_t kSector = 512;  // written whole or not at all

ino_t inode_of(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

std::vector<char> content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

/// What SQLite takes for its file; the real one stands behind it.
struct FaultyDisk::File {
  sqlite3_file base;
  FaultyDisk* disk;
  Image* image;
  std::string* path;

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods& calls() { return *real()->pMethods; }
  std::int64_t size() {
    sqlite3_int64 bytes = 0;
    calls().xFileSize(real(), &bytes);
    return bytes;
  }
};

struct FaultyDisk::Calls {
  static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
  static FaultyDisk& of(sqlite3_vfs* vfs) { return *static_cast<FaultyDisk*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* out, int flags, int* got) {
    FaultyDisk& disk = of(vfs);
    File& file = *new (out) File{{nullptr}, &disk, nullptr, nullptr};
    const std::lock_guard lock(disk.mutex_);
    const std::string path(name ? name : "");
    file.path = new std::string(path);
    int code = disk.begin(Op::open, *file.path, SQLITE_CANTOPEN);
    if (code == SQLITE_OK) code = disk.real_->xOpen(disk.real_, name, file.real(), flags, got);
    if (code != SQLITE_OK) {
      delete file.path;
      return code;
    }
    const ino_t inode = inode_of(path);
    std::vector<char> now = content_of(path);
    // A number that is used anew belongs to another file.
    if (now.empty() || !disk.images_.contains(inode)) disk.images_[inode] = {std::move(now), {}};
    file.image = &disk.images_[inode];
    file.base.pMethods = &disk.methods_;
    return SQLITE_OK;
  }
  static int close(sqlite3_file* base) {
    File& file = of(base);
    const int code = file.calls().xClose(file.real());
    delete file.path;
    return code;
  }
  static int read(sqlite3_file* base, void* to, int bytes, sqlite3_int64 at) {
    File& file = of(base);
    const std::lock_guard lock(file.disk->mutex_);
    if (const int failed = file.disk->begin(Op::read, *file.path, SQLITE_IOERR_READ)) return failed;
    return file.calls().xRead(file.real(), to, bytes, at);
  }
  static int write(sqlite3_file* base, const void* from, int bytes, sqlite3_int64 at) {
    File& file = of(base);
    const std::lock_guard lock(file.disk->mutex_);
    const int failed = file.disk->begin(Op::write, *file.path, SQLITE_FULL);
    if (failed) bytes /= 2;  // a disk that fills up takes the first part
    for (std::int64_t page = at / kPage; page * kPage < at + bytes; ++page)
      file.image->dirty.insert(page);
    const int code = file.calls().xWrite(file.real(), from, bytes, at);
    return failed ? failed : code;
  }
  static int truncate(sqlite3_file* base, sqlite3_int64 size) {
    File& file = of(base);
    const std::lock_guard lock(file.disk->mutex_);
    if (const int failed = file.disk->begin(Op::truncate, *file.path, SQLITE_IOERR_TRUNCATE))
      return failed;
    return file.calls().xTruncate(file.real(), size);
  }
  static int sync(sqlite3_file* base, int) {
    File& file = of(base);
    const std::lock_guard lock(file.disk->mutex_);
    const int failed = file.disk->begin(Op::sync, *file.path, SQLITE_IOERR_FSYNC);
    file.disk->sync(file, failed == SQLITE_OK);
    return failed;
  }
  static int size(sqlite3_file* base, sqlite3_int64* out) {
    File& file = of(base);
    const std::lock_guard lock(file.disk->mutex_);
    if (const int failed = file.disk->begin(Op::size, *file.path, SQLITE_IOERR_FSTAT))
      return failed;
    return file.calls().xFileSize(file.real(), out);
  }
  static int lock(sqlite3_file* base, int level) {
    File& file = of(base);
    const std::lock_guard lock(file.disk->mutex_);
    if (const int failed = file.disk->begin(Op::lock, *file.path, SQLITE_IOERR_LOCK)) return failed;
    return file.calls().xLock(file.real(), level);
  }
  static int unlock(sqlite3_file* base, int level) {
    return of(base).calls().xUnlock(of(base).real(), level);
  }
  static int check_lock(sqlite3_file* base, int* out) {
    return of(base).calls().xCheckReservedLock(of(base).real(), out);
  }
  static int control(sqlite3_file* base, int op, void* argument) {
    return of(base).calls().xFileControl(of(base).real(), op, argument);
  }
  static int sector_size(sqlite3_file* base) {
    return of(base).calls().xSectorSize(of(base).real());
  }
  static int characteristics(sqlite3_file* base) {
    return of(base).calls().xDeviceCharacteristics(of(base).real());
  }
  static int map(sqlite3_file* base, int page, int size, int extend, void volatile** out) {
    File& file = of(base);
    const std::lock_guard lock(file.disk->mutex_);
    if (const int failed = file.disk->begin(Op::map, *file.path, SQLITE_IOERR_SHMMAP))
      return failed;
    return file.calls().xShmMap(file.real(), page, size, extend, out);
  }
  static int map_lock(sqlite3_file* base, int offset, int n, int flags) {
    return of(base).calls().xShmLock(of(base).real(), offset, n, flags);
  }
  static void barrier(sqlite3_file* base) { of(base).calls().xShmBarrier(of(base).real()); }
  static int unmap(sqlite3_file* base, int remove) {
    return of(base).calls().xShmUnmap(of(base).real(), remove);
  }
  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    FaultyDisk& disk = of(vfs);
    const std::lock_guard lock(disk.mutex_);
    if (const int failed = disk.begin(Op::remove, name ? name : "", SQLITE_IOERR_DELETE))
      return failed;
    return disk.real_->xDelete(disk.real_, name, sync_folder);
  }
  static int access(sqlite3_vfs* vfs, const char* name, int flags, int* out) {
    FaultyDisk& disk = of(vfs);
    const std::lock_guard lock(disk.mutex_);
    if (const int failed = disk.begin(Op::access, name ? name : "", SQLITE_IOERR_ACCESS))
      return failed;
    return disk.real_->xAccess(disk.real_, name, flags, out);
  }
};

FaultyDisk::FaultyDisk(std::uint32_t seed)
    : random_(seed), real_(sqlite3_vfs_find(nullptr)), vfs_(*real_), methods_{} {
  vfs_.pNext = nullptr;
  vfs_.zName = "faulty";
  vfs_.pAppData = this;
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
  vfs_.xOpen = Calls::open;
  vfs_.xDelete = Calls::remove;
  vfs_.xAccess = Calls::access;
  vfs_.xGetLastError = nullptr;  // no system call failed
  vfs_.xFullPathname = [](sqlite3_vfs* vfs, const char* name, int size, char* out) {
    sqlite3_vfs* real = Calls::of(vfs).real_;
    return real->xFullPathname(real, name, size, out);
  };
  methods_ = {2,
              Calls::close,
              Calls::read,
              Calls::write,
              Calls::truncate,
              Calls::sync,
              Calls::size,
              Calls::lock,
              Calls::unlock,
              Calls::check_lock,
              Calls::control,
              Calls::sector_size,
              Calls::characteristics,
              Calls::map,
              Calls::map_lock,
              Calls::barrier,
              Calls::unmap,
              nullptr,
              nullptr};
  sqlite3_vfs_register(&vfs_, 1);
}

FaultyDisk::~FaultyDisk() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
}

void FaultyDisk::set_fault(Fault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
}

std::uint64_t FaultyDisk::operations() {
  const std::lock_guard lock(mutex_);
  return count_;
}

int FaultyDisk::begin(Op op, const std::string& file, int failure) {
  const std::uint64_t before = count_++;
  const bool fails = fault_ && fault_(op, before, file);
  return fails ? failure : SQLITE_OK;
}

void FaultyDisk::copy_page(Image& image, std::int64_t page, const std::vector<char>& live) const {
  const auto size = static_cast<std::int64_t>(live.size());
  const std::int64_t end = std::min((page + 1) * kPage, size);
  if (page * kPage >= end) return;  // cut off since
  if (static_cast<std::int64_t>(image.durable.size()) < end)
    image.durable.resize(static_cast<std::size_t>(end));
  std::copy(live.begin() + page * kPage, live.begin() + end, image.durable.begin() + page * kPage);
}

void FaultyDisk::sync(File& file, bool succeeds) {
  Image& image = *file.image;
  const std::int64_t size = file.size();
  if (succeeds) image.durable.resize(static_cast<std::size_t>(size));
  for (const std::int64_t page : image.dirty) {
    const std::int64_t bytes = std::min(kPage, size - page * kPage);
    if (bytes <= 0 || (!succeeds && random_() % 2 != 0)) continue;
    const auto end = static_cast<std::size_t>(page * kPage + bytes);
    image.durable.resize(std::max(image.durable.size(), end));
    file.calls().xRead(file.real(), image.durable.data() + page * kPage, static_cast<int>(bytes),
                       page * kPage);
  }
  image.dirty.clear();
}

void FaultyDisk::lose_power(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::create_directories(to);
  for (const auto& entry : std::filesystem::directory_iterator(from)) {
    const std::string name = entry.path().filename().string();
    const auto known = images_.find(inode_of(entry.path()));
    if (name.ends_with("-shm") || known == images_.end()) continue;
    Image image = known->second;
    const std::vector<char> live = content_of(entry.path());
    for (const std::int64_t page : image.dirty) {
      if (random_() % 2 == 0) continue;
      const std::vector<char> before = image.durable;
      copy_page(image, page, live);
      if (random_() % 4 != 0) continue;
      // Torn: the end of the page is still what it was.
      const auto tear = page * kPage + kSector * static_cast<std::int64_t>(random_() % 8);
      for (auto at = static_cast<std::size_t>(tear);
           at < std::min(image.durable.size(), static_cast<std::size_t>((page + 1) * kPage)); ++at)
        image.durable[at] = at < before.size() ? before[at] : '\0';
    }
    std::ofstream file(to / name, std::ios::binary);
    file.write(image.durable.data(), static_cast<std::streamsize>(image.durable.size()));
  }
}

}  // namespace net::test
