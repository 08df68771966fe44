#include "net/store/packing.hpp"

#include "net/store/check_points.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

/// Of a file's pages, in percent: it is written anew if more of them hold nothing.
constexpr std::int64_t kMostFreePct = 5;

template <class T>
bool ready(const std::future<T>& future, bool wait) {
  if (!future.valid()) return false;
  if (wait) future.wait();
  return future.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
}

/// Gives back the room of what was packed. Without it the file is as good, only larger.
void give_back_room(DayFile& file) {
  const auto free = file.db.number("PRAGMA freelist_count");
  const auto pages = file.db.number("PRAGMA page_count");
  if (!free || !pages || free->value_or(0) * 100 <= pages->value_or(0) * kMostFreePct) return;
  (void)file.db.run("VACUUM").ok();
}

}  // namespace

Packing::~Packing() {
  stopping_ = true;
  if (made_.valid()) made_.wait();
  if (closing_.valid()) closing_.wait();
}

void Packing::make(const fs::path& day_file) {
  made_ = std::async(std::launch::async, [this, day_file] {
    std::vector<MadePack> packs;
    auto file = DayFile::open(day_file, sqlite::Database::Mode::read);
    if (!file) return packs;
    const auto put = [&](MadePack&& pack) {
      packs.push_back(std::move(pack));
      return !stopping_;
    };
    // What was made before an error stands for itself; the rest stays as it is.
    const PackSizes sizes = open_day_sizes(sizes_);
    (void)pack_hours(*file, false, sizes, put, [this] { return !stopping_; }).ok();
    return packs;
  });
}

bool Packing::made_ready() const {
  return ready(made_, false);
}

std::vector<MadePack> Packing::take(bool wait) {
  return ready(made_, wait) ? made_.get() : std::vector<MadePack>();
}

bool Packing::close_one(const Day& day) const {
  auto file = DayFile::open(day.file, sqlite::Database::Mode::write);
  if (!file) return false;
  // Its frames are read while packs are put in their place.
  const char* const pragmas = day.durable ? "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"
                                          : "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF";
  if (!file->db.run(pragmas)) return false;
  {
    auto packs = PackTable::open(*file);
    if (!packs) return false;
    auto reader = DayFile::open(day.file, sqlite::Database::Mode::read);
    if (!reader) return false;
    const auto put = [&](MadePack&& pack) {
      return packs->replace(pack.head, pack.parts).ok() && !stopping_;
    };
    (void)pack_hours(*reader, true, sizes_, put, [this] { return !stopping_; }).ok();
  }
  (void)thin_check_points(*file, sizes_).ok();  // else they stay
  give_back_room(*file);
  const auto settled = settle(*file, day.durable);
  return settled.ok() && *settled;
}

void Packing::close_day(fs::path day_file, bool durable) {
  days_.push_back({std::move(day_file), durable});
}

std::vector<fs::path> Packing::close_days(bool wait) {
  std::vector<fs::path> left;
  while (true) {
    if (ready(closing_, wait)) {
      if (!closing_.get()) left.push_back(days_.front().file);
      days_.pop_front();
    }
    if (closing_.valid() || days_.empty() || (made_.valid() && !wait)) return left;
    closing_ =
        std::async(std::launch::async, [this, day = days_.front()] { return close_one(day); });
  }
}

}  // namespace net
