// Rows of the frames table, and what stands in them.
#pragma once

#include "fleet/tick_span.hpp"
#include "net/store/pack_table.hpp"

namespace net {

/// Rows are counted from 1; one that stands at or above this is no row of ours (2^48: a second
/// each, nine million years). A cursor never meets it.
inline constexpr std::int64_t kMaxRow = std::int64_t{1} << 48;

/// A row without its bytes.
struct FrameRow {
  std::int64_t row = 0;
  EncodedFrame::Kind kind = EncodedFrame::Kind::tick;
  bool complete = false;
  fleet::FramePosition position;
  fleet::Time begin, end;
};

/// "tick frame 17 of epoch 3, 2026-10-16T06:00:00.000Z".
std::string describe(const FrameRow& row);

/// The rows of the table `frames`, one after the other.
class FrameTable {
 public:
  static fleet::Result<FrameTable> open(DayFile& file);
  void go_to(std::int64_t row);
  /// The next row; nothing at the end. Error: it cannot be read.
  fleet::Result<std::optional<std::int64_t>> peek();
  /// Goes on behind the row that `peek` told. What it says stays readable until the next `peek`.
  void take() { peeked_.reset(); }
  FrameRow row() const;
  std::span<const std::byte> bytes() const;

 private:
  sqlite::Statement statement_;
  std::optional<std::optional<std::int64_t>> peeked_;
};

/// The rows that packs stand for.
class PackedRows {
 public:
  static fleet::Result<PackedRows> open(DayFile& file);
  void go_to(std::int64_t row) { from_ = row; }
  /// As FrameTable's. After an error `head` is the pack that is damaged, if that is known.
  fleet::Result<std::optional<std::int64_t>> peek();
  /// What row that is. Unpacks its pack, unless it is a check-point. Error: it is damaged.
  fleet::Result<FrameRow> take(FrameDecoder& decoder);
  /// The frame in the row that was taken last.
  fleet::Result<fleet::Update> decode();
  const PackHead* head() const { return open_ ? &open_->head : nullptr; }
  PackTable& table() { return table_; }

 private:
  struct Open {
    PackHead head;
    std::vector<std::int64_t> places;
    std::optional<fleet::SpanTicks> ticks;  ///< once one was taken
    /// The next row at or behind `from`.
    std::optional<std::int64_t> next(std::int64_t from) const;
  };
  explicit PackedRows(PackTable table) : table_(std::move(table)) {}
  fleet::Result<void> unpack(FrameDecoder& decoder);

  PackTable table_;
  std::optional<Open> open_;
  std::int64_t from_ = 0;
  std::optional<std::size_t> taken_tick_;  ///< nothing: a check-point
  /// Day figures before the first tick of the pack that begins with this row.
  std::int64_t figures_row_ = 0;
  std::vector<fleet::DayFigures> figures_;
};

/// Walks over the frames of one file in order of rows, packed ones included.
class FrameCursor {
 public:
  /// file must outlive the cursor.
  static fleet::Result<FrameCursor> open(DayFile& file);
  /// The next call of `next` reads the first row at or after `row`.
  void go_to(std::int64_t row);
  /// False at the end. Error: the row, or the pack that it is in, cannot be read. A check-point
  /// counts as a keyframe.
  fleet::Result<bool> next();
  const FrameRow& row() const { return row_; }
  /// Decodes it, and checks that columns and frame say the same.
  fleet::Result<fleet::Update> decode();
  /// After an error of `next`: the last row of the damaged pack, if it was one.
  std::optional<std::int64_t> damaged_until() const { return damaged_until_; }
  PackTable& packs() { return packed_.table(); }

 private:
  FrameCursor(FrameTable frames, PackedRows packed)
      : frames_(std::move(frames)), packed_(std::move(packed)) {}

  FrameTable frames_;
  PackedRows packed_;
  std::unique_ptr<FrameDecoder> decoder_ = std::make_unique<FrameDecoder>();
  bool in_pack_ = false;  ///< row_ is one of a pack
  std::optional<std::int64_t> damaged_until_;
  FrameRow row_;
};

/// Row of the last keyframe or check-point that ends at or before t; nothing if there is none.
fleet::Result<std::optional<std::int64_t>> keyframe_before(DayFile& file, fleet::Time t);
/// Row of the first keyframe or check-point with row > `row`; nothing if there is none.
fleet::Result<std::optional<std::int64_t>> keyframe_after(DayFile& file, std::int64_t row);
/// The same among single frames only.
fleet::Result<std::optional<std::int64_t>> single_keyframe_after(DayFile& file, std::int64_t row);

struct FileExtent {
  fleet::Time begin, end;  ///< of the first tick, or the first frame if there is none; of the last
  std::int64_t last_row = 0;
};
/// The highest row that a frame has or had before it was packed; 0 = there is none.
fleet::Result<std::int64_t> last_row_of(DayFile& file);
/// Precondition: it holds a frame.
fleet::Result<FileExtent> extent_of(DayFile& file);

/// Rows of the roster frames that a reader of the keyframe in `row` needs, ascending: the last
/// complete one before it, and the changes since.
fleet::Result<std::vector<std::int64_t>> rosters_before(DayFile& file, std::int64_t row);

}  // namespace net
