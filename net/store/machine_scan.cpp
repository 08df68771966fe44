#include "net/store/machine_scan.hpp"

#include <algorithm>
#include <deque>
#include <future>
#include <optional>

#include "net/pack/machine_pick.hpp"
#include "net/store/frame_rows.hpp"
#include "net/store/pack_seek.hpp"
#include "net/store/salvaged_copy.hpp"

namespace net {
namespace {

/// Packs that are looked through at the same time: some MB each.
constexpr std::size_t kMostAhead = 3;

/// One day file.
class Walk {
 public:
  Walk(DayFile& file, FrameCursor& cursor, fleet::MachineRecorder& recorder,
       std::vector<std::string>& damages)
      : file_(file), cursor_(cursor), recorder_(recorder), damages_(damages) {}

  /// Takes in what is received in [from, to). False: go_on ended it.
  bool read(fleet::Time from, fleet::Time to, const std::function<bool()>& go_on) {
    auto start = keyframe_before(file_, from);
    if (start && !*start) start = keyframe_after(file_, 0);
    if (!start) return damaged(start.error());
    if (!*start || !begin_at(**start)) return true;
    while (!done_) {
      if (go_on && !go_on()) return false;
      if (auto taken = step(to); !taken && !go_on_behind(taken.error())) return true;
    }
    return true;
  }

 private:
  bool damaged(const fleet::Error& why) {
    damages_.push_back(why.what);
    return true;
  }

  fleet::Result<void> take_frame(std::int64_t row) {
    cursor_.go_to(row);
    auto found = cursor_.next();
    if (!found) return found.error();
    if (!*found) return fleet::Error{file_.path.string() + ": a frame that was there is gone"};
    return take_current();
  }

  fleet::Result<void> take_current() {
    auto update = cursor_.decode();
    if (!update)
      return fleet::Error{file_.path.string() + ", " + describe(cursor_.row()) + ": " +
                          update.error().what};
    return std::visit([this](const auto& batch) { return recorder_.take(batch); }, *update);
  }

  /// The keyframe in `row`, and the roster it needs. False: what is damaged was noted.
  bool begin_at(std::int64_t row) {
    ahead_.clear();
    last_.reset();
    auto rosters = rosters_before(file_, row);
    if (!rosters) return !damaged(rosters.error());
    for (const std::int64_t roster : *rosters)
      if (auto taken = take_frame(roster); !taken) return !damaged(taken.error());
    if (auto taken = take_frame(row); !taken) {
      next_ = row + 1;
      return go_on_behind(taken.error());
    }
    last_ = cursor_.row().position;
    // A check-point is the first row of its pack, of which the ticks come next.
    next_ = row;
    if (auto pack = cursor_.packs().at_or_after(row); !pack || !*pack || (*pack)->first_row != row)
      next_ = row + 1;
    return true;
  }

  /// Notes a damage and goes on at the next keyframe. False: there is none.
  bool go_on_behind(const fleet::Error& why) {
    damaged(why);
    auto keyframe = keyframe_after(file_, next_);
    if (!keyframe || !*keyframe) return false;
    return begin_at(**keyframe);
  }

  /// One pack, or one frame.
  fleet::Result<void> step(fleet::Time to) {
    auto pack = PackSeeker::head_at(file_, cursor_.packs(), next_);
    if (!pack) return pack.error();
    if (*pack) {
      done_ = (*pack)->begin >= to;
      return done_ ? fleet::Result<void>() : take_pack(**pack, to);
    }
    cursor_.go_to(next_);
    auto found = cursor_.next();
    if (!found) {
      next_ = std::max(next_, cursor_.damaged_until().value_or(next_));
      return found.error();
    }
    const FrameRow row = cursor_.row();
    done_ = !*found || (row.kind == EncodedFrame::Kind::tick && row.begin >= to);
    if (done_) return {};
    next_ = row.row;
    // A keyframe says once more what is known already: a damaged one costs nothing.
    const bool repeats = row.kind == EncodedFrame::Kind::keyframe && last_ == row.position;
    if (!repeats) {
      if (auto taken = take_current(); !taken) return taken;
      if (row.kind != EncodedFrame::Kind::roster) last_ = row.position;
    }
    ++next_;
    return {};
  }

  /// Of this pack and those behind it, as far as they are wanted and the machine has a number.
  void look_ahead(const PackHead& first, fleet::Time to) {
    while (!ahead_.empty() && ahead_.front().first_row != first.first_row) ahead_.pop_front();
    const std::vector<PackHead> wanted = cursor_.packs().from(first, to, kMostAhead);
    for (std::size_t i = ahead_.size(); i < wanted.size(); ++i)
      ahead_.push_back({wanted[i].first_row, pick_beside(wanted[i])});
  }

  std::future<fleet::Result<fleet::TickSpan>> pick_beside(const PackHead& head) {
    auto rows = cursor_.packs().part(head, PackPart::rows);
    const fleet::Slot slot = *recorder_.slot();
    return std::async(std::launch::async,
                      [slot, rows = std::move(rows)]() -> fleet::Result<fleet::TickSpan> {
                        if (!rows) return rows.error();
                        return unpack_machine(*rows, slot, ~fleet::FieldMask{0});
                      });
  }

  fleet::Result<void> take_pack(const PackHead& head, fleet::Time to) {
    if (auto taken = take_rosters(head); !taken) return taken;
    if (recorder_.slot()) {
      look_ahead(head, to);
      auto span = ahead_.front().span.get();
      ahead_.pop_front();
      if (!span) {
        next_ = head.last_row;
        return cursor_.packs().error(head, span.error().what);
      }
      if (auto checked = cursor_.packs().check_rows(head, *span); !checked) return checked;
      if (auto taken = recorder_.take(*span); !taken) {
        next_ = head.last_row;
        return cursor_.packs().error(head, taken.error().what);
      }
    }
    next_ = head.last_row + 1;
    last_ = {head.first.epoch, head.first.number + static_cast<std::uint64_t>(head.ticks) - 1};
    return {};
  }

  /// Roster frames that stand among its ticks: they may bring the machine, or fields of it.
  fleet::Result<void> take_rosters(const PackHead& head) {
    auto rosters = file_.db.prepare(
        "SELECT row FROM frames WHERE kind = 3 AND row >= ? AND row <= ? ORDER BY row");
    if (!rosters) return rosters.error();
    rosters->bind(1, head.first_row).bind(2, head.last_row);
    std::vector<std::int64_t> rows;
    for (;;) {
      auto found = rosters->step();
      if (!found) return found.error();
      if (!*found) break;
      rows.push_back(rosters->integer(0));
    }
    for (const std::int64_t row : rows)
      if (auto taken = take_frame(row); !taken) return taken;
    return {};
  }

  struct Ahead {
    std::int64_t first_row;
    std::future<fleet::Result<fleet::TickSpan>> span;
  };

  DayFile& file_;
  FrameCursor& cursor_;
  fleet::MachineRecorder& recorder_;
  std::vector<std::string>& damages_;
  std::deque<Ahead> ahead_;
  std::int64_t next_ = 1;
  std::optional<fleet::FramePosition> last_;  ///< of the last tick or keyframe taken
  bool done_ = false;
};

/// The file with the state at `from`: the last one that has a keyframe by then, else the first.
std::size_t first_of(const std::vector<std::filesystem::path>& files, fleet::Time from) {
  for (std::size_t i = files.size(); i-- > 1;) {
    auto file = DayFile::open(files[i], sqlite::Database::Mode::read);
    if (!file || file->zone.start_of(file->day) > from) continue;
    if (auto keyframe = keyframe_before(*file, from); keyframe && *keyframe) return i;
  }
  return 0;
}

}  // namespace

fleet::Result<std::unique_ptr<MachineScan>> MachineScan::open(const std::filesystem::path& path) {
  if (auto files = readable_days(path); !files) return files.error();
  return std::unique_ptr<MachineScan>(new MachineScan(path));
}

fleet::Result<MachineScan::Found> MachineScan::read(const std::string& machine, fleet::Time from,
                                                    fleet::Time to,
                                                    const std::function<bool()>& go_on) {
  if (to - from > kMaxMachineSpan)
    return fleet::Error{"more than a week of a machine was asked for"};
  auto files = readable_days(path_);
  if (!files) return files.error();
  Found found;
  fleet::MachineRecorder recorder(machine, from, to);
  fleet::Time until = fleet::kNever;
  for (std::size_t i = first_of(*files, from); i < files->size(); ++i) {
    auto file = DayFile::open((*files)[i], sqlite::Database::Mode::read);
    if (file && file->zone.start_of(file->day) >= to) break;
    auto cursor = file ? FrameCursor::open(*file) : fleet::Result<FrameCursor>(file.error());
    auto extent = cursor ? extent_of(*file) : fleet::Result<FileExtent>(cursor.error());
    if (!extent) {
      found.damages.push_back(extent.error().what);
      continue;
    }
    until = std::max(until, extent->end);
    if (!Walk(*file, *cursor, recorder, found.damages).read(from, to, go_on))
      return fleet::Error{"ended before all was read"};
  }
  found.history = recorder.finish(until);
  return found;
}

}  // namespace net
