#include "net/store/salvage.hpp"

#include <map>
#include <set>

#include "net/store/frame_rows.hpp"
#include "net/store/page_file.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

using Value = PageRecord::Value;
using Kind = Value::Kind;

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
    if (!frame) return frame.error();
    if (!entry) return entry.error();
    fleet::Result<void> copied = to.db.run("BEGIN");
    pages_.each_record([&](const PageRecord& record) {
      // Another table takes a line here.
      if (!copied) return;
      if (is_frame(record))
        copied = copy_frame(record, *frame, done);
      else if (is_journal(record))
        copied = copy_journal(record, *entry, done);
    });
    return copied ? to.db.run("COMMIT") : copied;
  }

 private:
  using Place = std::pair<std::int64_t, std::int64_t>;  // epoch, number
  static Place place_of(const PageRecord& record) {
    return {record.values[3].integer, record.values[4].integer};
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
  std::optional<fleet::LocalDay> day_;
  Place last_{0, 0};
};

}  // namespace

fleet::Result<SalvagedDay> salvage_day(const fs::path& damaged, const fs::path& to,
                                       const DayStoreOptions& otherwise) {
  auto pages = PageFile::open(damaged);
  if (!pages) return pages.error();
  SalvagedDay done;
  done.pages = pages->pages();
  Salvage salvage(std::move(*pages));
  const DayStoreOptions options = salvage.read_meta(otherwise, done);
  auto day = salvage.day();
  if (!day) day = fleet::parse_day(damaged.filename().string().substr(0, 10));
  if (!day)
    return fleet::Error{damaged.string() +
                            ": neither the file nor its name says which day it is of; give it a "
                            "name that begins with the day, such as 2026-10-16.fleetday",
                        kDamaged};
  auto file = DayFile::create(to, *day, options);
  if (!file) return file.error();
  if (auto copied = salvage.copy_rows(*file, done); !copied) return copied.error();
  return done;
}

}  // namespace net
