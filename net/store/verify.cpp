// verify: reads every frame of every day, applies it, and says what is damaged and what that costs.
#include <optional>

#include "net/store/frame_rows.hpp"
#include "net/store/page_parity.hpp"
#include "net/store/salvaged_copy.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

/// Rows that cannot be read are told one by one up to this many in a file: a damaged number may
/// make millions of one page.
constexpr std::size_t kMostUnreadable = 1000;

/// Checks one file. Frames behind damage cannot be applied until the next keyframe.
class FileCheck {
 public:
  FileCheck(DayFile& file, VerifyReport& report) : file_(file), report_(report) {}

  fleet::Result<void> run() {
    if (auto checked = check_pages(); !checked) return checked;
    auto cursor = FrameCursor::open(file_);
    if (!cursor) return cursor.error();
    auto extent = extent_of(file_);
    if (!extent) return extent.error();
    std::int64_t rows = extent->last_row;
    if (rows >= kMaxRow) {
      note(rows, "row " + std::to_string(rows) + " is none that a writer makes");
      rows = kMaxRow - 1;
    }
    std::size_t unreadable = 0;
    for (std::int64_t expected = 1; expected <= rows;) {
      auto found = cursor->next();
      if (!found) {
        if (++unreadable > kMostUnreadable) {
          damage(expected, "and more rows that cannot be read");
          break;
        }
        const std::int64_t until = cursor->damaged_until().value_or(expected);
        damage(expected, rows_text(expected, until) + " cannot be read: " + found.error().what);
        expected = until + 1;
        cursor->go_to(expected);
        continue;
      }
      if (!*found) break;
      const FrameRow& row = cursor->row();
      if (row.row != expected && !packed(*cursor, expected, row.row - 1))
        damage(expected, rows_text(expected, row.row - 1) + " missing");
      expected = row.row + 1;
      check_frame(*cursor);
    }
    tell_loss(rows);
    return {};
  }

 private:
  fleet::Result<void> check_pages() {
    auto statement = file_.db.prepare("PRAGMA quick_check(10)");
    if (!statement) return statement.error();
    for (;;) {
      auto row = statement->step();
      if (!row) {
        note(0, "its pages cannot be checked: " + row.error().what);
        return {};
      }
      if (!*row) return {};
      if (const std::string text = statement->text(0); text != "ok")
        note(0, "page damage: " + text);
    }
  }

  static std::string rows_text(std::int64_t first, std::int64_t last) {
    return first == last ? "row " + std::to_string(first)
                         : "rows " + std::to_string(first) + " to " + std::to_string(last);
  }

  /// True if packs stand for these rows: of keyframes among them nothing is left.
  static bool packed(FrameCursor& cursor, std::int64_t first, std::int64_t last) {
    while (first <= last) {
      const auto pack = cursor.packs().at_or_after(first);
      if (!pack || !*pack || (*pack)->first_row > first) return false;
      first = (*pack)->last_row + 1;
    }
    return true;
  }

  void check_frame(FrameCursor& cursor) {
    const FrameRow row = cursor.row();
    ++report_.frames;
    auto update = cursor.decode();
    if (!update) {
      const std::string what = describe(row) + ": " + update.error().what;
      // What leads to it says the same as the keyframe would.
      const bool spare = row.kind == EncodedFrame::Kind::keyframe && started_ && whole_ &&
                         row.position == state_.position();
      return spare ? note(row.row, what) : damage(row.row, what);
    }
    if (auto* tick = std::get_if<fleet::TickBatch>(&*update)) return check_tick(row, *tick);
    if (auto* state = std::get_if<fleet::StateBatch>(&*update)) return check_keyframe(row, *state);
    if (auto* roster = std::get_if<fleet::RosterBatch>(&*update)) {
      if (auto applied = state_.apply(*roster); !applied) {
        damage(row.row, describe(row) + ": " + applied.error().what);
      }
    }
  }

  void check_tick(const FrameRow& row, const fleet::TickBatch& tick) {
    report_.rows += tick.rows.size();
    if (!whole_) {
      ++lost_ticks_;
      return;
    }
    const fleet::FramePosition before = state_.position();
    if (row.position != fleet::FramePosition{before.epoch, before.number + 1}) {
      damage(row.row, describe(row) + " follows frame " + std::to_string(before.number) +
                          " of epoch " + std::to_string(before.epoch));
      ++lost_ticks_;
      return;
    }
    if (auto applied = state_.apply(tick); !applied) {
      damage(row.row, describe(row) + ": " + applied.error().what);
    }
  }

  void check_keyframe(const FrameRow& row, const fleet::StateBatch& keyframe) {
    if (!whole_) take_rosters_before(row.row);
    const bool comparable = whole_ && started_ && state_.position() == keyframe.position;
    const std::uint64_t expected = comparable ? state_.hash() : 0;
    if (started_ && whole_ && state_.position().epoch == keyframe.position.epoch && !comparable) {
      damage(row.row, describe(row) + " follows frame " + std::to_string(state_.position().number));
    }
    if (auto applied = state_.apply(keyframe); !applied) {
      return damage(row.row, describe(row) + ": " + applied.error().what);
    }
    if (comparable && state_.hash() != expected) {
      note(row.row, describe(row) + ": it is not the state that the ticks before it lead to");
    }
    tell_loss(row.row, row.end);
    whole_ = started_ = true;
  }

  /// Roster frames among rows that cannot be read are whole all the same.
  void take_rosters_before(std::int64_t keyframe) {
    auto rows = rosters_before(file_, keyframe);
    auto cursor = FrameCursor::open(file_);
    if (!rows || rows->empty() || !cursor) return;
    fleet::FleetState state;
    for (const std::int64_t row : *rows) {
      cursor->go_to(row);
      auto found = cursor->next();
      if (!found || !*found || cursor->row().row != row) return;
      auto update = cursor->decode();
      const auto* roster = update ? std::get_if<fleet::RosterBatch>(&*update) : nullptr;
      if (!roster || !state.apply(*roster)) return;
    }
    state_ = std::move(state);
  }

  void note(std::int64_t row, std::string what) {
    report_.damages.push_back({file_.path, static_cast<std::uint64_t>(row), std::move(what)});
  }

  /// What is lost by it is told once the next keyframe is reached.
  void damage(std::int64_t row, std::string what) {
    note(row, std::move(what));
    if (whole_) {
      first_damage_ = report_.damages.size() - 1;
      whole_until_ = state_.time();
    }
    whole_ = false;
  }

  /// end: of what is whole again; kNever: nothing is, up to the end of the file.
  void tell_loss(std::int64_t until_row, fleet::Time end = fleet::kNever) {
    if (whole_ || !first_damage_) return;
    VerifyReport::Damage& first = report_.damages[*first_damage_];
    first.what +=
        "; lost with it: all " +
        (whole_until_ == fleet::kNever ? "" : "after " + fleet::iso8601(whole_until_) + ", ") +
        (end == fleet::kNever ? "to the end of the file" : "until " + fleet::iso8601(end)) +
        ", with " + std::to_string(lost_ticks_) +
        " readable tick frames that build on it, up to row " + std::to_string(until_row);
    first_damage_.reset();
    lost_ticks_ = 0;
  }

  DayFile& file_;
  VerifyReport& report_;
  fleet::FleetState state_;
  bool started_ = false;  // a keyframe was read
  bool whole_ = true;     // state_ is what the last frame read leads to
  std::optional<std::size_t> first_damage_;
  fleet::Time whole_until_ = fleet::kNever;  // up to where nothing was lost before it
  std::uint64_t lost_ticks_ = 0;
};

}  // namespace

fleet::Result<VerifyReport> verify(const fs::path& path) {
  auto files = readable_days(path);
  if (!files) return files.error();
  VerifyReport report;
  for (const fs::path& each : *files) {
    ++report.files;
    const auto whole_file = [&](const fleet::Error& error) {
      report.damages.push_back({each, 0, error.what + "; nothing of this day can be read"});
    };
    // First, for it plays back what a crash broke off.
    auto file = DayFile::open(each, sqlite::Database::Mode::read);
    if (const auto pages = page_damage(each); pages && !pages->damaged.empty())
      report.damages.push_back({each, 0, text_of(*pages)});
    if (parity_is_damaged(each))
      report.damages.push_back(
          {parity_path(each), 0,
           "damaged: it could restore nothing; `fleetwalld rebuild` or a start of the gateway "
           "makes it anew"});
    if (!file) {
      whole_file(file.error());
      continue;
    }
    if (auto checked = FileCheck(*file, report).run(); !checked) whole_file(checked.error());
  }
  return report;
}

}  // namespace net
