// The pages of a SQLite file, read without SQLite: for files that it refuses.
//
// After SQLite's documented file format (sqlite.org/fileformat2.html). Trusts nothing: every number
// read is checked against what there is. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fleet/result.hpp"
#include "net/store/raw_file.hpp"

namespace net {

/// One row as it lies in a leaf page. Stays where it is: its values point into it.
struct PageRecord {
  PageRecord() = default;
  PageRecord(const PageRecord&) = delete;
  PageRecord& operator=(const PageRecord&) = delete;

  struct Value {
    enum class Kind : std::uint8_t { null, integer, real, text, blob } kind = Kind::null;
    std::int64_t integer = 0;
    std::string_view bytes;  ///< of text and blob; into `payload`
  };
  std::int64_t row = 0;  ///< rowid; 0 in a table without
  std::string payload;   ///< as far as its pages could be followed
  std::vector<Value> values;
};

class PageFile {
 public:
  /// With the pages that were committed to the write-ahead log beside it. Error: it cannot be read.
  static fleet::Result<PageFile> open(const std::filesystem::path& file);
  PageFile(PageFile&&) noexcept;
  PageFile& operator=(PageFile&&) noexcept;
  ~PageFile();

  /// Calls `found` with every row of every leaf page of tables, and of tables without rowids,
  /// wherever it lies; rows of pages that are no longer in use, too.
  void each_record(const std::function<void(const PageRecord&)>& found);
  std::uint32_t pages() const { return pages_; }

 private:
  PageFile();
  void read_header();
  void read_log(const std::filesystem::path& log);
  std::optional<std::string> page(std::uint32_t number) const;
  void records_of(const std::string& page, std::size_t head,
                  const std::function<void(const PageRecord&)>& found) const;
  bool read_record(const std::string& page, std::size_t at, bool rows, PageRecord& record) const;
  void follow_overflow(std::uint32_t next, std::uint64_t size, std::string& payload) const;

  std::unique_ptr<RawFile> file_, log_;
  std::uint32_t page_bytes_ = 4096;  ///< what we and SQLite by default make
  std::uint32_t usable_bytes_ = 4096;
  std::uint32_t pages_ = 0;
  std::unordered_map<std::uint32_t, std::uint64_t> in_log_;  ///< where a page's newest copy lies
};

}  // namespace net
