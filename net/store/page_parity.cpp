#include "net/store/page_parity.hpp"

#include "net/read_file.hpp"
#include "net/store/day_file.hpp"
#include "net/store/parity_file.hpp"
#include "net/store/raw_file.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

/// Where more than this part of the pages differ, and more than a whole run that can be restored,
/// the parity is another file's.
constexpr std::uint32_t kMostDamagedPart = 8;

bool read_page(const RawFile& file, std::uint32_t page, ParityPage& bytes) {
  if (file.read(std::uint64_t{page} * bytes.size(), bytes)) return true;
  bytes.fill(0);
  return false;
}
bool write_page(const RawFile& file, std::uint32_t page, const ParityPage& bytes) {
  return file.write(std::uint64_t{page} * bytes.size(), bytes);
}

/// How often a file was changed, as its first page says twice over. Nothing: it does not.
std::optional<std::uint32_t> changes_of(const ParityPage& first) {
  const std::string_view bytes(first.data(), first.size());
  const auto big = [&](std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i)
      number = number << 8 | static_cast<std::uint8_t>(bytes[at + i]);
    return number;
  };
  if (!bytes.starts_with("SQLite format 3") || big(24) != big(92)) return {};
  return big(24);
}

bool has_bytes(const fs::path& file) {
  std::error_code code;
  const auto bytes = fs::file_size(file, code);
  return !code && bytes > 0;
}

/// Asked before the day is opened: closing it again would drop the locks of who writes it.
bool is_being_written(const fs::path& day_file) {
  std::error_code code;
  return has_bytes(day_file.string() + "-wal") || has_bytes(day_file.string() + "-journal") ||
         fs::exists(doubt_mark(day_file), code);
}

/// Is parity of so many changes and pages that of the file as it is now?
bool is_of(const ParityHead& parity, const RawFile& day) {
  ParityPage first;
  if (!day.is_open() || day.bytes() > std::uint64_t{parity.pages} * kParityPageBytes) return false;
  return !read_page(day, 0, first) || changes_of(first).value_or(parity.changes) == parity.changes;
}

/// Nothing: there is none of this version of the day.
std::optional<Parity> parity_of(const fs::path& day_file, const RawFile& day) {
  const auto bytes = read_file(parity_path(day_file));
  auto parity = bytes ? decode_parity(*bytes) : std::nullopt;
  if (parity && !is_of({parity->changes, parity->pages(), 0}, day)) return {};
  return parity;
}

/// By the size of the day and its first page, where they are as they were; else by all of it.
bool is_guarded(const fs::path& day_file) {
  {
    const RawFile day(day_file, RawFile::Mode::read);
    const auto parity = parity_of(day_file, day);
    if (!parity) return false;
    ParityPage first;
    if (day.bytes() == std::uint64_t{parity->pages()} * kParityPageBytes &&
        read_page(day, 0, first) && check_of(first) == parity->checks[0])
      return true;
  }
  return page_damage(day_file).has_value();
}

/// What is damaged; afterwards the sums of the parity are what their groups lack.
std::optional<PageDamage> look_for_damage(
    const RawFile& day, Parity& parity,
    const std::function<bool(std::uint32_t, const ParityPage&)>& sound) {
  PageDamage damage;
  damage.pages = parity.pages();
  std::vector<std::uint32_t> of_group(parity.sums.size());
  ParityPage page;
  for (std::uint32_t i = 0; i < parity.pages(); ++i) {
    if (read_page(day, i, page) && check_of(page) == parity.checks[i]) {
      add_page(parity.sums[parity.group_of(i)], page);
      if (!sound(i, page)) return {};
      continue;
    }
    damage.damaged.push_back(i + 1);
    ++of_group[parity.group_of(i)];
  }
  if (damage.damaged.size() > parity.sums.size() + damage.pages / kMostDamagedPart) return {};
  for (const std::uint32_t number : damage.damaged) {
    const std::size_t group = parity.group_of(number - 1);
    if (of_group[group] == 1 && check_of(parity.sums[group]) == parity.checks[number - 1])
      ++damage.restorable;
  }
  return damage;
}

fleet::Result<Parity> made_of(const fs::path& day_file) {
  const RawFile day(day_file, RawFile::Mode::read);
  if (!day.is_open()) return day.error("cannot be read");
  const auto pages = static_cast<std::uint32_t>(day.bytes() / kParityPageBytes);
  Parity parity;
  parity.sums.resize(parity_groups(pages), ParityPage{});
  ParityPage page;
  for (std::uint32_t i = 0; i < pages; ++i) {
    if (!read_page(day, i, page)) return day.error("cannot be read");
    if (i == 0) parity.changes = changes_of(page).value_or(0);
    parity.checks.push_back(check_of(page));
    add_page(parity.sums[parity.group_of(i)], page);
  }
  return parity;
}

/// There as a whole, or not at all.
fleet::Result<void> write_whole(const fs::path& file, const std::string& bytes) {
  const fs::path unfinished = file.string() + ".new";
  {
    const RawFile out(unfinished, RawFile::Mode::make);
    if (!out.is_open() || !out.write(0, bytes)) return out.error("cannot be written");
  }
  if (auto synced = sync_path(unfinished); !synced) return synced;
  std::error_code code;
  fs::rename(unfinished, file, code);
  if (code) return fleet::Error{file.string() + ": cannot be made: " + code.message()};
  return {};
}

}  // namespace

fs::path parity_path(const fs::path& day_file) {
  return day_file.string() + "-parity";
}

fleet::Result<void> guard_day(const fs::path& day_file) {
  if (is_being_written(day_file) || is_guarded(day_file)) return {};
  auto file = DayFile::open(day_file, sqlite::Database::Mode::read);
  if (!file) return file.error();
  const auto closed = hold(*file);
  if (!closed) return closed.error();
  if (!*closed) return {};
  auto parity = made_of(day_file);
  if (!parity) return parity.error();
  return write_whole(parity_path(day_file), encode(*parity));
}

std::vector<std::string> guard_days(const fs::path& directory, const std::function<bool()>& go_on) {
  std::vector<std::string> failures;
  const auto days = day_files(directory);
  if (!days || !fs::is_directory(directory)) return failures;
  for (const fs::path& day : *days) {
    if (go_on && !go_on()) break;
    if (auto guarded = guard_day(day); !guarded) failures.push_back(guarded.error().what);
  }
  return failures;
}

std::optional<PageDamage> page_damage(const fs::path& day_file) {
  if (is_being_written(day_file)) return {};
  const RawFile day(day_file, RawFile::Mode::read);
  auto parity = parity_of(day_file, day);
  if (!parity) return {};
  return look_for_damage(day, *parity, [](std::uint32_t, const ParityPage&) { return true; });
}

bool parity_is_damaged(const fs::path& day_file) {
  const auto bytes = read_file(parity_path(day_file));
  return bytes && !decode_parity(*bytes);
}

std::string text_of(const PageDamage& damage) {
  const std::size_t n = damage.damaged.size();
  if (n == 0) return {};
  std::string text = "page " + std::to_string(damage.damaged.front());
  if (n > 1) text += " and " + std::to_string(n - 1) + " more";
  text += " of " + std::to_string(damage.pages) + (n > 1 ? " are" : " is") +
          " not as written when the day was closed; `fleetwalld salvage` restores ";
  if (damage.all_restorable()) return text + (n > 1 ? "them all" : "it");
  return text +
         (damage.restorable == 0 ? "what is left" : std::to_string(damage.restorable) + " of them");
}

fleet::Result<std::uint32_t> restore_in_place(const fs::path& day_file) {
  if (is_being_written(day_file)) return 0u;
  const RawFile day(day_file, RawFile::Mode::read);
  auto parity = parity_of(day_file, day);
  if (!parity) return 0u;
  const auto damage =
      look_for_damage(day, *parity, [](std::uint32_t, const ParityPage&) { return true; });
  if (!damage || damage->damaged.empty() || !damage->all_restorable()) return 0u;
  const RawFile out(day_file, RawFile::Mode::change);
  if (!out.is_open()) return out.error("cannot be written");
  for (const std::uint32_t number : damage->damaged)
    if (!write_page(out, number - 1, parity->sums[parity->group_of(number - 1)]))
      return out.error("cannot be written");
  if (auto synced = sync_path(day_file); !synced) return synced.error();
  return static_cast<std::uint32_t>(damage->damaged.size());
}

fleet::Result<std::optional<PageDamage>> restore_pages(const fs::path& day_file,
                                                       const fs::path& to) {
  if (is_being_written(day_file)) return std::optional<PageDamage>();
  const RawFile day(day_file, RawFile::Mode::read);
  auto parity = parity_of(day_file, day);
  if (!parity) return std::optional<PageDamage>();
  const RawFile out(to, RawFile::Mode::make);
  if (!out.is_open()) return out.error("cannot be made");
  bool written = true;
  const auto damage =
      look_for_damage(day, *parity, [&](std::uint32_t page, const ParityPage& bytes) {
        return written = write_page(out, page, bytes);
      });
  if (!written) return out.error("cannot be written");
  if (!damage) {
    std::error_code code;
    fs::remove(to, code);
    return damage;
  }
  for (const std::uint32_t number : damage->damaged) {
    const std::uint32_t page = number - 1;
    const ParityPage& sum = parity->sums[parity->group_of(page)];
    // Of a page that cannot be restored, what there is of it: rows of it may be whole.
    ParityPage left;
    (void)read_page(day, page, left);
    if (!write_page(out, page, check_of(sum) == parity->checks[page] ? sum : left))
      return out.error("cannot be written");
  }
  return damage;
}

}  // namespace net
