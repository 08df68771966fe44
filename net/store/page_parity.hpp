// Guards the pages of a closed day: a check sum of each, and parity that restores what a disk lost.
//
// Beside "2026-10-16.fleetday" lies "2026-10-16.fleetday-parity", some 0.3 % of its size. Page k
// belongs to group k mod `groups`; the parity page of a group is the XOR of all of its pages. So
// one page of each group can be restored, which is any single one, and any run of up to `groups`
// (64 in a large file, 256 KB) that lie side by side. Restored are all pages to what they were when
// the parity was written, each proved by its check sum, or the day does not count as restored.
// Parity is of one version of the file, by the count of changes that SQLite keeps in it: of one
// that was written since it says nothing. Layout: net/README.md. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fleet/result.hpp"

namespace net {

std::filesystem::path parity_path(const std::filesystem::path& day_file);

/// Writes a day's parity, unless a whole one of this version of it is there. Nothing happens to a
/// day that is being written: it is not closed. Error: it cannot be read, or the parity not
/// written.
fleet::Result<void> guard_day(const std::filesystem::path& day_file);
/// All of a folder. go_on: asked before each; false ends it. Returns a sentence for each failure.
std::vector<std::string> guard_days(const std::filesystem::path& directory,
                                    const std::function<bool()>& go_on = {});

struct PageDamage {
  std::uint32_t pages = 0;             ///< that the day had
  std::vector<std::uint32_t> damaged;  ///< counted from 1, as SQLite does; ascending
  std::uint32_t restorable = 0;        ///< of these, at most

  bool all_restorable() const { return restorable == damaged.size(); }
};
/// Reads the whole file. Nothing: it cannot be said, for there is no parity, or it is not of this
/// version of the file, or damaged itself.
std::optional<PageDamage> page_damage(const std::filesystem::path& day_file);
/// There is parity beside the day that restores nothing any more, of whatever version it was.
bool parity_is_damaged(const std::filesystem::path& day_file);
/// In words, with the remedy; empty: no page is damaged.
std::string text_of(const PageDamage& damage);

/// Writes the right bytes over damaged pages, where the day lies, if all of them can be restored.
/// Broken off, it leaves fewer damaged ones. Returns how many there were; 0: nothing was done.
/// Nobody opens the day to write meanwhile. Error: it cannot be written.
fleet::Result<std::uint32_t> restore_in_place(const std::filesystem::path& day_file);

/// Copies the day to `to`, which is replaced, with every page restored that can be. Nothing: as
/// page_damage, and `to` is not there. Error: `to` cannot be written.
fleet::Result<std::optional<PageDamage>> restore_pages(const std::filesystem::path& day_file,
                                                       const std::filesystem::path& to);

}  // namespace net
