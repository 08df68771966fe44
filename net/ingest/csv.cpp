#include "net/ingest/csv.hpp"

#include <algorithm>
#include <cstring>

#include "net/codec/utf8.hpp"

namespace net {

namespace {

/// Holds several of the longest records, so that the buffer is rarely moved.
constexpr std::size_t kBufferBytes = 4 * kMaxCsvRecordBytes;

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

char guess_separator(std::string_view line) {
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char c : {',', ';', '\t'}) {
    bool quoted = false;
    std::ptrdiff_t count = 0;
    for (const char at : line) {
      if (at == '"') quoted = !quoted;
      if (at == c && !quoted) ++count;
    }
    if (count > most) {
      most = count;
      best = c;
    }
  }
  return best;
}

}  // namespace

CsvReader::CsvReader(InputFile& file)
    : file_(file), buffer_(std::make_unique_for_overwrite<char[]>(kBufferBytes)) {}

/// Moves what is left to the front and reads on behind it.
fleet::Result<void> CsvReader::fill() {
  std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  while (!at_end_ && end_ < kBufferBytes) {
    const auto got = file_.read(buffer_.get() + end_, kBufferBytes - end_);
    if (!got) return got.error();
    at_end_ = got.value() == 0;
    end_ += got.value();
  }
  return {};
}

fleet::Result<void> CsvReader::start() {
  started_ = true;
  if (auto filled = fill(); !filled) return filled;
  std::string_view text(buffer_.get(), end_);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return fleet::Error{file_.path().string() +
                        ": begins as UTF-16 does; expected CSV text in UTF-8."};
  if (text.starts_with(kByteOrderMark)) {
    begin_ = kByteOrderMark.size();
    text.remove_prefix(kByteOrderMark.size());
  }
  if (const auto zero = text.substr(0, 4096).find('\0'); zero != text.npos)
    return fleet::Error{file_.path().string() + ": has a zero byte at offset " +
                        std::to_string(zero) + "; expected CSV text in UTF-8."};
  separator_ = guess_separator(text.substr(0, text.find_first_of("\r\n")));
  return {};
}

/// Brings the line that begins at begin_ into the buffer; stop_ is its end. False at the end of
/// the file. A line longer than the limit sets problem_.
fleet::Result<bool> CsvReader::find_line() {
  const auto look = [&] { return std::memchr(buffer_.get() + begin_, '\n', end_ - begin_); };
  const void* newline = look();
  if (!newline && !at_end_) {
    if (auto filled = fill(); !filled) return filled.error();
    newline = look();
  }
  if (!newline && begin_ == end_) return false;
  stop_ =
      newline ? static_cast<std::size_t>(static_cast<const char*>(newline) - buffer_.get()) : end_;
  if (stop_ - begin_ > kMaxCsvRecordBytes) problem_ = "record longer than 256 KiB";
  return true;
}

/// Leaves the line at begin_ behind, however long it is.
fleet::Result<void> CsvReader::skip_line() {
  for (;;) {
    const void* newline = std::memchr(buffer_.get() + begin_, '\n', end_ - begin_);
    if (newline) {
      begin_ = static_cast<std::size_t>(static_cast<const char*>(newline) - buffer_.get()) + 1;
      return {};
    }
    begin_ = end_;
    if (at_end_) return {};
    if (auto filled = fill(); !filled) return filled;
  }
}

void CsvReader::add_cell(const char* begin, const char* end) {
  if (cells_.size() == kMaxCsvCells) {
    problem_ = "more than 1024 cells";
    return;
  }
  cells_.emplace_back(begin, static_cast<std::size_t>(end - begin));
}

void CsvReader::split_plain(char* begin, char* end) {
  for (;;) {
    auto* separator =
        static_cast<char*>(std::memchr(begin, separator_, static_cast<std::size_t>(end - begin)));
    char* from = begin;
    char* to = separator ? separator : end;
    while (from != to && is_blank(*from)) ++from;
    while (from != to && is_blank(to[-1])) --to;
    add_cell(from, to);
    if (!separator) return;
    begin = separator + 1;
  }
}

/// End of the record that begins at `at`: its line break, or `end` if the file ends there. Null if
/// a quote is still open at `end`. Text behind a closing quote sets problem_.
const char* CsvReader::end_of_quoted(const char* at, const char* end) {
  for (;;) {
    while (at != end && is_blank(*at) && *at != separator_) ++at;
    const bool quoted = at != end && *at == '"';
    if (quoted) {
      for (++at;; ++at) {
        if (at == end) return nullptr;
        if (*at != '"') continue;
        if (at + 1 == end || at[1] != '"') break;
        ++at;
      }
      ++at;
    }
    for (; at != end && *at != separator_ && *at != '\n'; ++at)
      if (quoted && !is_blank(*at) && *at != '\r') problem_ = "text behind a closing quote";
    if (at == end || *at == '\n') return at;
    ++at;
  }
}

/// The record has quotes: moves stop_ to its true end, which may be many lines on. A quote that is
/// never closed costs the first line only.
fleet::Result<void> CsvReader::find_quoted_end() {
  const auto look = [&]() -> const char* {
    problem_ = nullptr;
    const char* const begin = buffer_.get() + begin_;
    const char* const end = buffer_.get() + std::min(end_, begin_ + kMaxCsvRecordBytes + 1);
    const char* stop = end_of_quoted(begin, end);
    const bool whole = stop && (stop != end || (at_end_ && end == buffer_.get() + end_));
    return whole ? stop : nullptr;
  };
  const char* stop = look();
  if (!stop && !at_end_) {
    const std::size_t length = stop_ - begin_;
    if (auto filled = fill(); !filled) return filled;
    stop_ = begin_ + length;
    stop = look();
  }
  if (stop)
    stop_ = static_cast<std::size_t>(stop - buffer_.get());
  else
    problem_ = "a quote that is never closed";
  return {};
}

/// Precondition: every quote in begin .. end is closed. Doubled quotes are removed in place.
void CsvReader::split_quoted(char* begin, char* end) {
  for (char* at = begin;;) {
    while (at != end && is_blank(*at) && *at != separator_) ++at;
    if (at != end && *at == '"') {
      char* const from = ++at;
      char* to = from;
      for (;; ++at) {
        if (*at == '"' && (at + 1 == end || at[1] != '"')) break;
        if (*at == '"') ++at;
        *to++ = *at;
      }
      add_cell(from, to);
      while (at != end && *at != separator_) ++at;
    } else {
      char* const from = at;
      while (at != end && *at != separator_) ++at;
      char* to = at;
      while (to != from && is_blank(to[-1])) --to;
      add_cell(from, to);
    }
    if (at == end) return;
    ++at;
  }
}

fleet::Result<bool> CsvReader::next() {
  if (!started_)
    if (auto good = start(); !good) return good.error();
  for (;;) {
    problem_ = nullptr;
    cells_.clear();
    line_ = next_line_;
    const auto found = find_line();
    if (!found) return found.error();
    if (!found.value()) return false;
    const bool quoted = !problem_ && std::memchr(buffer_.get() + begin_, '"', stop_ - begin_);
    if (quoted)
      if (auto ended = find_quoted_end(); !ended) return ended.error();
    char* const begin = buffer_.get() + begin_;
    char* end = buffer_.get() + stop_;
    next_line_ += 1 + static_cast<std::uint64_t>(quoted ? std::count(begin, end, '\n') : 0);
    if (problem_ && stop_ - begin_ > kMaxCsvRecordBytes) {
      if (auto skipped = skip_line(); !skipped) return skipped.error();
      return true;
    }
    begin_ = std::min(stop_ + 1, end_);
    if (problem_) return true;
    if (end != begin && end[-1] == '\r') --end;
    if (begin == end) continue;
    if (quoted)
      split_quoted(begin, end);
    else
      split_plain(begin, end);
    return true;
  }
}

}  // namespace net
