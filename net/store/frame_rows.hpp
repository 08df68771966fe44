// Rows of the frames table, and what stands in them.
#pragma once

#include "net/store/day_file.hpp"

namespace net {

/// Rows are counted from 1; one that stands at or above this is no row of ours (2^48: a second each,
/// nine million years). A cursor never meets it.
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

/// Walks over the frames of one file in order of rows.
class FrameCursor {
 public:
  /// file must outlive the cursor.
  static fleet::Result<FrameCursor> open(DayFile& file);
  /// The next call of `next` reads the first row at or after `row`.
  void go_to(std::int64_t row);
  /// False at the end. Error: the row cannot be read.
  fleet::Result<bool> next();
  const FrameRow& row() const { return row_; }
  /// Bytes of the row; valid until the next `next`.
  std::span<const std::byte> bytes() const;
  /// Decodes them, and checks that columns and frame say the same.
  fleet::Result<fleet::Update> decode(FrameDecoder& decoder) const;

 private:
  sqlite::Statement statement_;
  FrameRow row_;
};

/// Row of the last keyframe that ends at or before t; nothing if there is none.
fleet::Result<std::optional<std::int64_t>> keyframe_before(DayFile& file, fleet::Time t);
/// Row of the first keyframe with row > `row`; nothing if there is none.
fleet::Result<std::optional<std::int64_t>> keyframe_after(DayFile& file, std::int64_t row);
/// Rows of the roster frames that a reader of the keyframe in `row` needs, ascending: the last
/// complete one before it, and the changes since.
fleet::Result<std::vector<std::int64_t>> rosters_before(DayFile& file, std::int64_t row);

}  // namespace net
