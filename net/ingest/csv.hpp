// CSV as RFC 4180 has it, and as programs write it: quotes, line breaks inside quotes, CRLF, a byte
// order mark; separated by commas, semicolons or tabs (whatever the first line has most of).
//
// How it works: one buffer; cells are views into it, doubled quotes are removed where they lie.
// A record that cannot be read is handed out as broken and costs only itself. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/ingest/input_file.hpp"

namespace net {

/// Longest record, line breaks inside quotes included: beyond it a quote was never closed.
inline constexpr std::size_t kMaxCsvRecordBytes = 256u << 10;
/// Most cells in a record: 64 values, roster, and ten times as many that nobody asks for.
inline constexpr std::size_t kMaxCsvCells = 1024;

class CsvReader {
 public:
  explicit CsvReader(InputFile& file);

  /// Next record that is not blank; false at the end.
  /// Error: the file cannot be read on, or (before the first record) is no text.
  fleet::Result<bool> next();
  /// Of the record; valid until the next `next`. Spaces and tabs around a cell are left off.
  std::span<const std::string_view> cells() const { return cells_; }
  /// Why the record cannot be read; null if it can.
  const char* problem() const { return problem_; }
  /// Line in the file in which the record begins, from 1.
  std::uint64_t line() const { return line_; }

 private:
  fleet::Result<void> fill();
  fleet::Result<void> start();
  fleet::Result<bool> find_line();
  fleet::Result<void> find_quoted_end();
  fleet::Result<void> skip_line();
  const char* end_of_quoted(const char* at, const char* end);
  void split_plain(char* begin, char* end);
  void split_quoted(char* begin, char* end);
  void add_cell(const char* begin, const char* end);

  InputFile& file_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool started_ = false, at_end_ = false;
  char separator_ = ',';
  std::size_t stop_ = 0;  ///< position of the line's end in the buffer
  std::uint64_t line_ = 0, next_line_ = 1;
  const char* problem_ = nullptr;
  std::vector<std::string_view> cells_;
};

}  // namespace net
