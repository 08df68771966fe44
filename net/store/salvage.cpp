#include "net/store/salvage.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "net/store/frame_rows.hpp"
#include "net/store/page_file.hpp"
#include "net/store/page_parity.hpp"
#include "net/store/salvaged_copy.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

using Value = PageRecord::Value;
using Kind = Value::Kind;

/// Frames that were packed may still lie in pages that are no longer in use: they stay where the
/// pack is not whole, and the pack where it is.
constexpr const char* kKeepOneOfEach = R"sql(
DELETE FROM packs WHERE
  (SELECT count(*) FROM pack_parts WHERE id BETWEEN first_row * 4 AND first_row * 4 + 2) < 3
  AND EXISTS(SELECT 1 FROM frames WHERE kind = 0 AND row BETWEEN first_row AND last_row);
DELETE FROM frames WHERE kind IN (0, 1) AND EXISTS(
  SELECT 1 FROM packs WHERE row BETWEEN first_row AND last_row);
)sql";

bool whole_numbers(const PageRecord& record, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i)
    if (record.values[i].kind != Kind::integer) return false;
  return true;
}

/// A row of `frames`, by its columns; its bytes may be damaged.
bool is_frame(const PageRecord& record) {
  const auto& v = record.values;
  if (v.size() != 8 || v[0].kind != Kind::null || !whole_numbers(record, 1, 7)) return false;
  const std::int64_t kind = v[1].integer;
  return v[7].kind == Kind::blob && record.row > 0 && record.row < kMaxRow &&
         (kind == 0 || kind == 1 || kind == 3) && (v[2].integer == 0 || v[2].integer == 1);
}

/// A row of `journal`: an encoded frame and nothing else, which says itself whether it is one.
bool is_journal(const PageRecord& record) {
  const auto& v = record.values;
  return v.size() == 2 && v[0].kind == Kind::null && v[1].kind == Kind::blob && record.row > 0;
}

/// What a part says of its pack, if it is the one that does.
std::optional<PackHead> head_in(const PageRecord& record) {
  constexpr auto kParts = static_cast<std::int64_t>(kPackParts);
  if (record.row % kParts != static_cast<std::int64_t>(PackPart::head)) return {};
  auto unpacked = unpack_head(record.values[1].bytes, record.row / kParts);
  if (!unpacked) return {};
  return unpacked->head;
}

/// A row of `pack_parts`: whole, as its own check says.
bool is_pack_part(const PageRecord& record) {
  return is_journal(record) && PackReader(record.values[1].bytes, 0).ok();
}

bool is_meta(const PageRecord& record) {
  const auto& v = record.values;
  return v.size() == 2 && record.row == 0 && v[0].kind == Kind::text && v[1].kind == Kind::text;
}

/// Does what is in the columns stand in the frame, too, and is that whole?
bool is_sound(const PageRecord& record, FrameDecoder& decoder) {
  EncodedFrame header;
  const auto& v = record.values;
  return decoder.decode(std::as_bytes(std::span(v[7].bytes)), &header).ok() &&
         static_cast<std::int64_t>(header.kind) == v[1].integer &&
         static_cast<std::int64_t>(header.position.epoch) == v[3].integer &&
         static_cast<std::int64_t>(header.position.number) == v[4].integer;
}

class Salvage {
 public:
  explicit Salvage(PageFile pages) : pages_(std::move(pages)) {}

  /// Looks for what the file says of itself, and for the place its ticks got to.
  DayStoreOptions read_meta(DayStoreOptions options, SalvagedDay& done) {
    std::map<std::string, std::string> meta;
    pages_.each_record([&](const PageRecord& record) {
      if (is_meta(record))
        meta.emplace(record.values[0].bytes, record.values[1].bytes);
      else if (is_frame(record) && record.values[1].integer == 0)
        last_ = std::max(last_, place_of(record));
      else if (is_pack_part(record))
        note_pack(record);
    });
    day_ = fleet::parse_day(meta["day"]);
    const auto zone = zone_from_text(meta["zone_name"], meta["zone"]);
    done.lost_meta = !day_ || !zone;
    if (zone) options.zone = *zone;
    if (!done.lost_meta) options.demo = meta["demo"] == "1";
    return options;
  }
  std::optional<fleet::LocalDay> day() const { return day_; }

  fleet::Result<void> copy_rows(DayFile& to, SalvagedDay& done) {
    auto frame = to.db.prepare(
        "INSERT OR REPLACE INTO frames(row, kind, complete, epoch, number, begin_ms, end_ms, "
        "bytes) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
    auto entry = to.db.prepare("INSERT OR REPLACE INTO journal(row, bytes) VALUES(?, ?)");
    auto part = to.db.prepare("INSERT OR REPLACE INTO pack_parts VALUES(?, ?)");
    auto state = to.db.prepare("INSERT OR REPLACE INTO pack_states VALUES(?, ?)");
    if (!frame) return frame.error();
    if (!entry) return entry.error();
    if (!part) return part.error();
    if (!state) return state.error();
    fleet::Result<void> copied = to.db.run("BEGIN");
    pages_.each_record([&](const PageRecord& record) {
      // Another table takes a line here.
      if (!copied) return;
      if (is_frame(record))
        copied = copy_frame(record, *frame, done);
      else if (is_pack_part(record))
        copied = copy_part(record, is_state(record) ? *state : *part);
      else if (is_journal(record))
        copied = copy_journal(record, *entry, done);
    });
    if (copied) copied = put_packs(to);
    done.packs = packs_.size();
    if (copied) copied = to.db.run(kKeepOneOfEach);
    return copied ? to.db.run("COMMIT") : copied;
  }

 private:
  using Place = std::pair<std::int64_t, std::int64_t>;  // epoch, number
  static Place place_of(const PageRecord& record) {
    return {record.values[3].integer, record.values[4].integer};
  }

  static bool is_state(const PageRecord& record) {
    return record.row % static_cast<std::int64_t>(kPackParts) ==
           static_cast<std::int64_t>(PackPart::state);
  }
  static fleet::Result<void> copy_part(const PageRecord& record, sqlite::Statement& insert) {
    return insert.bind(1, record.row).bind_blob(2, record.values[1].bytes).run();
  }

  /// The table of packs is made anew out of these: one damaged page of it would cost all of them.
  void note_pack(const PageRecord& record) {
    const auto head = head_in(record);
    if (!head) return;
    packs_[head->first_row] = *head;
    last_ = std::max(last_, Place(static_cast<std::int64_t>(head->first.epoch),
                                  static_cast<std::int64_t>(head->first.number) + head->ticks - 1));
  }
  fleet::Result<void> put_packs(DayFile& to) const {
    auto table = PackTable::open(to);
    if (!table) return table.error();
    for (const auto& [row, head] : packs_)
      if (auto put = table->put_head(head); !put) return put;
    return {};
  }

  /// Of two rows with one number the sound one stays.
  fleet::Result<void> copy_frame(const PageRecord& record, sqlite::Statement& insert,
                                 SalvagedDay& done) {
    const bool known = !rows_.insert(record.row).second;
    if (known && !is_sound(record, decoder_)) return {};
    done.frames += known ? 0 : 1;
    insert.bind(1, record.row).bind_blob(8, record.values[7].bytes);
    for (int i = 1; i < 7; ++i)
      insert.bind(i + 1, record.values[static_cast<std::size_t>(i)].integer);
    return insert.run();
  }

  /// Only of the tick behind the last one that is stored: older ones were deleted when that was.
  fleet::Result<void> copy_journal(const PageRecord& record, sqlite::Statement& insert,
                                   SalvagedDay& done) {
    EncodedFrame header;
    const std::string_view bytes = record.values[1].bytes;
    if (!decoder_.decode(std::as_bytes(std::span(bytes)), &header)) return {};
    if (header.kind == EncodedFrame::Kind::tick &&
        Place(header.position.epoch, header.position.number) !=
            Place(last_.first, last_.second + 1))
      return {};
    ++done.journal;
    return insert.bind(1, record.row).bind_blob(2, bytes).run();
  }

  PageFile pages_;
  FrameDecoder decoder_;
  std::set<std::int64_t> rows_;
  std::map<std::int64_t, PackHead> packs_;  ///< by their first rows
  std::optional<fleet::LocalDay> day_;
  Place last_{0, 0};
};

/// What its rows make of it.
fleet::Result<void> salvage_rows(const fs::path& damaged, const fs::path& to,
                                 const DayStoreOptions& otherwise, SalvagedDay& done) {
  auto pages = PageFile::open(damaged);
  if (!pages) return pages.error();
  done.pages = pages->pages();
  Salvage salvage(std::move(*pages));
  const DayStoreOptions options = salvage.read_meta(otherwise, done);
  auto day = salvage.day();
  if (!day) day = day_named(damaged);
  if (!day)
    return fleet::Error{damaged.string() +
                            ": neither the file nor its name says which day it is of; give it a "
                            "name that begins with the day, such as 2026-10-16.fleetday",
                        kDamaged};
  auto file = DayFile::create(to, *day, options);
  if (!file) return file.error();
  return salvage.copy_rows(*file, done);
}

/// Readers would take half a copy for the day.
fleet::Error removed(const fs::path& to, fleet::Error error) {
  std::error_code ignored;
  for (const char* end : {"", "-journal", "-wal", "-shm", ".new", ".new-journal"})
    fs::remove(to.string() + end, ignored);
  return error;
}

}  // namespace

fleet::Result<std::uint32_t> restore_day(const fs::path& damaged) {
  const fs::path folder = folder_of(damaged);
  const auto days = day_files(folder);
  const auto is_it = [&](const fs::path& day) { return day.filename() == damaged.filename(); };
  if (!days || std::ranges::none_of(*days, is_it)) return 0u;
  const auto lock = DirectoryLock::take(folder);
  if (!lock && is_it(days->back())) return 0u;
  return restore_in_place(damaged);
}

fleet::Result<SalvagedDay> salvage_day(const fs::path& damaged, const fs::path& to,
                                       const DayStoreOptions& otherwise) {
  SalvagedDay done;
  const auto found = page_damage(damaged);
  if (!found || found->restorable == 0) {
    auto salvaged = salvage_rows(damaged, to, otherwise, done);
    return salvaged ? fleet::Result<SalvagedDay>(done) : removed(to, salvaged.error());
  }
  // Its name begins with the day, as that of the damaged one.
  const fs::path better = folder_of(to) / (damaged.filename().string() + ".pages");
  auto restored = restore_pages(damaged, better);
  if (!restored) return removed(better, restored.error());
  fleet::Result<void> salvaged;
  std::error_code code;
  if (*restored) done.restored = (*restored)->restorable;
  if (*restored && (*restored)->all_restorable()) {
    done.whole = true;
    done.pages = (*restored)->pages;
    salvaged = sync_path(better);
    fs::rename(better, to, code);
    if (code) salvaged = fleet::Error{to.string() + ": cannot be made: " + code.message()};
    if (salvaged) salvaged = sync_path(folder_of(to));
  } else {
    salvaged = salvage_rows(*restored ? better : damaged, to, otherwise, done);
  }
  fs::remove(better, code);
  if (!salvaged) return removed(to, salvaged.error());
  return done;
}

}  // namespace net
