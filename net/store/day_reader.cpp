#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "net/store/day_list.hpp"
#include "net/store/frame_rows.hpp"
#include "net/store/held_roster.hpp"
#include "net/store/pack_seek.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

/// Check-points that a seek tries before it gives up, each earlier than the one before.
constexpr int kMostStarts = 16;

fleet::Error row_error(const fs::path& file, const FrameRow& row, const std::string& what) {
  return fleet::Error{file.string() + ", row " + std::to_string(row.row) + " (" + describe(row) +
                      "): " + what};
}

/// Which file a path leads to.
struct FileId {
  dev_t device;
  ino_t number;
  bool operator==(const FileId&) const = default;
};
std::optional<FileId> file_id(const fs::path& path) {
  struct stat found;
  if (::stat(path.c_str(), &found) != 0) return {};
  return FileId{found.st_dev, found.st_ino};
}

class Reader final : public DayReader {
 public:
  fleet::Result<void> open_days(const fs::path& path) {
    if (auto opened = days_.open(path); !opened) return opened;
    return rewind_to(fleet::kNever);
  }
  bool refresh() override { return days_.refresh(); }

  const std::vector<Day>& days() const override { return days_.days(); }
  const std::vector<fleet::Error>& unreadable() const override { return days_.unreadable(); }
  fleet::TimeZone zone() const override { return days_.zone(); }
  bool demo() const override { return days_.demo(); }

  fleet::Result<void> rewind_to(fleet::Time t) override {
    forget_read();
    std::size_t index = days_.index_of(t);
    for (;; --index) {
      if (auto opened = use(index); !opened) return opened;
      auto keyframe = keyframe_before(*file_, t);
      if (!keyframe) return keyframe.error();
      if (*keyframe) return start_at(**keyframe);
      if (index == 0) break;
    }
    auto first = keyframe_after(*file_, 0);
    if (!first) return first.error();
    return start_at(first->value_or(1));
  }

  fleet::Result<void> seek(fleet::Time t, fleet::FleetState& state, SeekEnd end) override {
    end_ = end;
    fleet::Time start = t;
    for (int tries = 0;; ++tries) {
      auto found = seek_from(start, t, state);
      // A damaged check-point costs nothing but time: what leads to it says the same.
      if (found || !start_damaged_ || tries == kMostStarts) return found;
      state = fleet::FleetState();
      start = *start_damaged_ - fleet::Millis{1};
    }
  }

  fleet::Result<void> read_until(fleet::Time until,
                                 const std::function<bool(fleet::Update&&)>& sink) override {
    for (bool more = true; more;) {
      auto found = next();
      if (!found) return skip_damage(found.error());
      if (!*found || cursor_->row().end > until) break;
      if (!repeats_keyframe()) {
        auto update = decode();
        if (!update) return skip_damage(update.error());
        const bool repeated = repeats_roster(*update);
        note_read(*update);
        if (!repeated) more = sink(std::move(*update));
      }
      advance();
    }
    pause();
    return {};
  }

 private:
  /// From the last keyframe at or before `start` on.
  fleet::Result<void> seek_from(fleet::Time start, fleet::Time t, fleet::FleetState& state) {
    if (auto found = rewind_to(start); !found) return found;
    start_damaged_.reset();
    begun_ = false;
    const std::vector<std::int64_t> rosters = listed_;
    const bool known = held_ && held_->given_by(file_->path, rosters, state);
    if (known) {
      listed_.erase(listed_.begin(), listed_.begin() + held_->row_count());
      roster_version_ = state.roster().version();
    } else {
      state = fleet::FleetState();
    }
    bool noted = known && listed_.empty(), reached = false;
    std::optional<std::uint64_t> epoch;
    for (;;) {
      if (listed_.empty() && !noted) {
        held_ = HeldRoster(file_->path, rosters, state);
        noted = true;
      }
      if (listed_.empty()) {
        auto packed = seek_packed(t, epoch, state);
        if (!packed) {
          pause();
          return packed.error();
        }
        reached = reached || *packed != Packed::none;
        if (*packed == Packed::there) break;
        if (*packed == Packed::behind) continue;
      }
      auto found = next();
      if (!found) return found.error();
      if (!*found) break;
      auto went_on = seek_step(t, epoch, state);
      if (!went_on) {
        pause();
        return went_on.error();
      }
      if (!*went_on) break;
      reached = true;
    }
    if (known && !reached) {  // t is before all data
      state = fleet::FleetState();
      listed_ = rosters;
    }
    pause();
    return {};
  }

  /// The file at hand is kept, with the states that it keeps, unless another one has come in its
  /// place.
  fleet::Result<void> use(std::size_t index) {
    packs_ahead_.forget();
    const std::optional<FileId> id = file_id(days_.days()[index].file);
    if (cursor_ && index == index_ && id && id == opened_) return go_on_at({}, 1);
    index_ = index;
    opened_ = id;
    cursor_.reset();
    file_.reset();
    auto file = DayFile::open(days_.days()[index].file, sqlite::Database::Mode::read);
    if (!file) return file.error();
    file_ = std::make_unique<DayFile>(std::move(*file));
    auto cursor = FrameCursor::open(*file_);
    if (!cursor) return cursor.error();
    cursor_ = std::make_unique<FrameCursor>(std::move(*cursor));
    return go_on_at({}, 1);
  }

  fleet::Result<void> start_at(std::int64_t keyframe) {
    auto rosters = rosters_before(*file_, keyframe);
    if (!rosters) return rosters.error();
    return go_on_at(std::move(*rosters), keyframe);
  }

  /// Next are the rows listed, then everything from `row` on.
  fleet::Result<void> go_on_at(std::vector<std::int64_t> first, std::int64_t row) {
    listed_ = std::move(first);
    next_row_ = row;
    stepping_ = false;
    return {};
  }

  /// Loads the next row into the cursor; `advance` leaves it behind. False at the very end.
  fleet::Result<bool> next() {
    if (!listed_.empty()) {
      cursor_->go_to(listed_.front());
      return cursor_->next();
    }
    for (;;) {
      if (!stepping_) cursor_->go_to(next_row_);
      stepping_ = true;
      auto found = cursor_->next();
      if (!found || *found || index_ + 1 >= days_.days().size()) return found;
      if (auto opened = use(index_ + 1); !opened) return opened.error();
    }
  }

  void advance() {
    if (!listed_.empty()) {
      listed_.erase(listed_.begin());
    } else {
      next_row_ = cursor_->row().row + 1;
    }
  }

  /// Lets go of the read transaction, so that a writer's checkpoint is not held up, and new rows
  /// are seen by the next call.
  void pause() {
    if (cursor_) cursor_->go_to(next_row_);
    stepping_ = false;
  }

  fleet::Result<fleet::Update> decode() {
    auto update = cursor_->decode();
    if (!update) return row_error(file_->path, cursor_->row(), update.error().what);
    return update;
  }

  void note_read(const fleet::Update& update) {
    if (const auto* roster = std::get_if<fleet::RosterBatch>(&update))
      roster_version_ = roster->version;
    else
      last_ = cursor_->row().position;
  }
  void forget_read() {
    last_.reset();
    roster_version_.reset();
  }
  bool repeats_place() const { return last_ && *last_ == cursor_->row().position; }
  bool repeats_keyframe() const {
    return repeats_place() && cursor_->row().kind == EncodedFrame::Kind::keyframe;
  }
  /// Not by its place alone: a start after a crash opens with machines that only its journal knew.
  bool repeats_roster(const fleet::Update& update) const {
    const auto* roster = std::get_if<fleet::RosterBatch>(&update);
    return roster && roster->complete && repeats_place() && roster_version_ == roster->version;
  }

  enum class Packed { none, behind, there };  ///< no pack is next; it was applied whole; t is in it

  /// A pack on the way to t, all at once: its ticks up to t are applied.
  fleet::Result<Packed> seek_packed(fleet::Time t, std::optional<std::uint64_t>& epoch,
                                    fleet::FleetState& state) {
    auto head = packs_ahead_.head_at(*file_, cursor_->packs(), next_row_);
    if (!head) return head.error();
    if (!*head || (*head)->begin >= t) return Packed::none;
    if (epoch && *epoch != (*head)->first.epoch) return Packed::none;
    packs_ahead_.begin(cursor_->packs(), **head, t);
    const fleet::FramePosition before{(*head)->first.epoch, (*head)->first.number - 1};
    if (state.position() != before || !begun_) {
      if (!(*head)->has_state()) return Packed::none;
      auto check_point = cursor_->packs().kept_state(**head);
      if (!check_point) {
        if (!begun_) start_damaged_ = (*head)->state_time;
        return check_point.error();
      }
      if (auto applied = state.apply(**check_point); !applied) return applied.error();
    }
    auto reached = packs_ahead_.apply(*file_, cursor_->packs(), **head, t, state, end_);
    if (!reached) return reached.error();
    begun_ = true;
    epoch = (*head)->first.epoch;
    last_ = reached->position;
    roster_version_ = state.roster().version();
    next_row_ = reached->next_row;
    stepping_ = false;
    return reached->there ? Packed::there : Packed::behind;
  }

  /// One frame on the way to t, `advance`d over if it was applied whole. False when there.
  fleet::Result<bool> seek_step(fleet::Time t, std::optional<std::uint64_t>& epoch,
                                fleet::FleetState& state) {
    const FrameRow row = cursor_->row();
    const bool tick = row.kind == EncodedFrame::Kind::tick;
    if (end_ == SeekEnd::whole_tick && row.end > t) return false;
    if (tick ? row.begin >= t : row.kind == EncodedFrame::Kind::keyframe && row.end > t) {
      return false;
    }
    if (epoch && *epoch != row.position.epoch && row.end > t) return false;
    if (!repeats_keyframe()) {
      auto update = decode();
      if (!update) {
        if (!begun_ && row.kind == EncodedFrame::Kind::keyframe) start_damaged_ = row.end;
        return update.error();
      }
      const fleet::Result<void> applied = std::visit(
          [&](const auto& batch) -> fleet::Result<void> {
            using Batch = std::decay_t<decltype(batch)>;
            if constexpr (std::is_same_v<Batch, fleet::Heartbeat>)
              return {};
            else if constexpr (std::is_same_v<Batch, fleet::TickBatch>)
              return state.apply(batch, nullptr, nullptr, t);
            else
              return state.apply(batch);
          },
          *update);
      if (!applied) return row_error(file_->path, row, applied.error().what);
      note_read(*update);
      begun_ = begun_ || row.kind == EncodedFrame::Kind::keyframe;
    }
    epoch = row.position.epoch;
    if (tick && row.end > t) return false;  // applied in part: read_until delivers it whole
    advance();
    return true;
  }

  fleet::Error skip_damage(fleet::Error why) {
    forget_read();
    const std::int64_t damaged =
        listed_.empty() ? std::max(next_row_, cursor_->row().row) : listed_.front();
    auto keyframe = keyframe_after(*file_, std::max(damaged, next_row_));
    if (keyframe && *keyframe) {
      why.what += "; left out: all before row " + std::to_string(**keyframe);
      if (auto started = start_at(**keyframe); started) return why;
    } else {
      why.what += "; left out: all that follows in this file";
    }
    if (index_ + 1 < days_.days().size()) {
      if (auto opened = use(index_ + 1); opened) return why;
    }
    (void)go_on_at({}, INT64_MAX);
    return why;
  }

  DayList days_;
  std::size_t index_ = 0;
  std::optional<FileId> opened_;
  std::unique_ptr<DayFile> file_;
  std::unique_ptr<FrameCursor> cursor_;  // declared after the file that its statement is of
  std::vector<std::int64_t> listed_;     // roster rows to read before going on at next_row_
  std::int64_t next_row_ = 1;
  bool stepping_ = false;                     // the cursor's statement stands just before next_row_
  std::optional<fleet::FramePosition> last_;  // of the last keyframe or tick read
  std::optional<std::uint64_t> roster_version_;  // of the last roster read
  std::optional<HeldRoster> held_;
  PackSeeker packs_ahead_;
  /// Time of the check-point from which the last seek could not begin.
  std::optional<fleet::Time> start_damaged_;
  SeekEnd end_ = SeekEnd::instant;  ///< of the seek under way
  bool begun_ = false;              ///< the seek under way has a state to go on from
};

}  // namespace

fleet::Result<std::unique_ptr<DayReader>> DayReader::open(const fs::path& path) {
  auto reader = std::make_unique<Reader>();
  if (auto opened = reader->open_days(path); !opened) return opened.error();
  return std::unique_ptr<DayReader>(std::move(reader));
}

}  // namespace net
