// The packed hours of one day file: which rows they stand for, and what is in them.
//
// A pack takes the place of consecutive rows of the table `frames`: of the ticks among them, and of
// keyframes, which say nothing new. Roster frames stay where they are. Row numbers go on to name
// the same frames. Some packs begin with a check-point, the state before their first tick, as a
// difference to an earlier keyframe or check-point; it has the row that its keyframe had.
#pragma once

#include <array>
#include <memory>

#include "net/pack/span_pack.hpp"
#include "net/store/day_file.hpp"

namespace net {

/// A row of the table `packs`.
struct PackHead {
  std::int64_t first_row = 0, last_row = 0;
  fleet::FramePosition first;             ///< of the first tick
  std::int64_t ticks = 0;                 ///< how many
  std::int64_t reports = 0;               ///< in all of them
  fleet::Time begin, end;                 ///< of the first and the last tick
  std::optional<fleet::Time> state_time;  ///< of the check-point, if it has one
  std::int64_t base = 0;  ///< row of the check-point that it is a difference to; 0: it stands alone

  bool has_state() const { return state_time.has_value(); }
  bool operator==(const PackHead&) const = default;
};

/// What a pack holds, each with its own check.
enum class PackPart : std::uint8_t { rows, figures, head, state };
inline constexpr std::size_t kPackParts = 4;
using PackParts = std::array<std::string, kPackParts>;

/// The entry once more, and the row of each tick: a part that says without the table what a pack
/// is.
std::string pack_head(const PackHead& head, std::vector<std::int64_t> places);
struct UnpackedHead {
  PackHead head;
  std::vector<std::int64_t> places;  ///< ascending, from first_row to last_row
};
/// Error: damaged.
fleet::Result<UnpackedHead> unpack_head(std::string_view part, std::int64_t first_row);

/// Part of the day file's schema since version 3.
inline constexpr const char* kPackTables = R"sql(
CREATE TABLE packs(
  first_row INTEGER PRIMARY KEY,
  last_row INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  number INTEGER NOT NULL,    -- of its first tick
  ticks INTEGER NOT NULL,
  reports INTEGER NOT NULL,   -- in all of them
  begin_ms INTEGER NOT NULL,  -- of its first tick
  end_ms INTEGER NOT NULL,    -- of its last tick
  state_ms INTEGER,           -- time of its check-point; NULL: it has none
  base INTEGER NOT NULL);     -- row that the check-point is a difference to, or 0
CREATE TABLE pack_parts(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);  -- first_row * 4 + part
-- In pages of their own: whoever loses rows needs check-points, and whoever loses these needs rows.
CREATE TABLE pack_states(id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);  -- first_row * 4 + 3
)sql";

class PackTable {
 public:
  /// A file of schema 1 has none: no pack is ever found then. file must outlive the table.
  static fleet::Result<PackTable> open(DayFile& file);

  /// The first pack that holds rows at or behind `row`.
  fleet::Result<std::optional<PackHead>> at_or_after(std::int64_t row);
  /// `head`, and the packs of its run behind it that begin before `until`: at most so many in all.
  /// It ends early where the table cannot be read.
  std::vector<PackHead> from(const PackHead& head, fleet::Time until, std::size_t most);
  /// The last one with a check-point at or before t; the first one with a check-point behind `row`.
  fleet::Result<std::optional<PackHead>> state_before(fleet::Time t);
  fleet::Result<std::optional<PackHead>> state_after(std::int64_t row);
  /// The last pack of all.
  fleet::Result<std::optional<PackHead>> last();

  /// How the packs behind row `behind` end, for whoever goes on.
  struct Ending {
    std::int64_t reports_since_state = 0;
    fleet::Time state_time = fleet::kNever;  ///< of the last check-point, or where they begin
    std::int64_t states_since_base = 0;      ///< check-points since the last one that stands alone
    std::optional<PackHead> base;            ///< that one
  };
  fleet::Result<Ending> ending(std::int64_t behind);

  /// Error, here and below: it cannot be read, or is damaged.
  fleet::Result<std::string> part(const PackHead& head, PackPart part);
  /// The keyframe that stands in `row` of the frames.
  fleet::Result<fleet::StateBatch> keyframe(std::int64_t row, FrameDecoder& decoder);
  /// Row of each of its ticks.
  fleet::Result<std::vector<std::int64_t>> places(const PackHead& head);
  /// The state at its check-point. The states it builds on are kept for the next call. memory: of
  /// a state that is no longer needed.
  fleet::Result<fleet::StateBatch> state(const PackHead& head, fleet::StateBatch memory = {});
  /// The same, kept until another one is asked for here: jumps to and fro begin at the same one.
  /// Never null.
  fleet::Result<const fleet::StateBatch*> kept_state(const PackHead& head);
  /// Whether the ticks of `span`, from its rows, are what its entry says.
  fleet::Result<void> check_rows(const PackHead& head, const fleet::TickSpan& span) const;
  /// As unpack_figures, of its figures.
  fleet::Result<void> put_figures(const PackHead& head, std::vector<fleet::DayFigures>& held,
                                  fleet::TickSpan& span);
  /// Day figures of every machine, by slot, before its first tick.
  fleet::Result<std::vector<fleet::DayFigures>> figures_before(const PackHead& head,
                                                               FrameDecoder& decoder);

  /// A sentence that names the file and the rows.
  fleet::Error error(const PackHead& head, const std::string& what) const;

  /// The entry of a pack without its parts, as `replace` writes it.
  fleet::Result<void> put_head(const PackHead& head);
  /// The pack goes on without its check-point. Precondition: nothing builds on that, and a
  /// transaction is open.
  fleet::Result<void> remove_state(const PackHead& head);
  /// Puts a pack in the place of its rows, in one transaction. Precondition: none is open.
  fleet::Result<void> replace(const PackHead& head, const PackParts& parts);

 private:
  explicit PackTable(DayFile& file) : file_(&file) {}
  fleet::Result<bool> exists();
  fleet::Result<std::optional<PackHead>> find(const char* where, std::int64_t argument);
  fleet::Result<std::shared_ptr<const fleet::StateBatch>> base_state(std::int64_t row);
  fleet::Result<void> put_in_place(const PackHead& head, const PackParts& parts);

  struct Kept {
    std::int64_t row = 0;
    std::shared_ptr<const fleet::StateBatch> state;
  };
  DayFile* file_;
  bool exists_ = false;
  std::array<Kept, 3> kept_;
  std::size_t next_kept_ = 0;
  std::optional<PackHead> last_head_;
  fleet::StateBatch last_state_;
};

/// Figures of a state by slot.
std::vector<fleet::DayFigures> figures_of(const fleet::StateBatch& state);

}  // namespace net
