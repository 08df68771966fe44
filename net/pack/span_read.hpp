// Packed hours, read machine by machine: what one machine reports fits the first cache, and a pack
// never stands unpacked as a whole.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "fleet/result.hpp"
#include "fleet/tick_span.hpp"
#include "net/pack/columns.hpp"
#include "net/pack/pack_parts.hpp"

namespace net {

/// The part `rows` of a packed span. Its columns are unpacked in `open`, the numbers in them are
/// made when they are asked for.
class SpanRows {
 public:
  /// Error: damaged, or not as a pack_span writes it. The part need not live on.
  /// most_numbers: that it may hold, also below; fuzz tests lower it.
  static fleet::Result<SpanRows> open(std::string_view part,
                                      std::size_t most_numbers = kMaxPackNumbers);

  /// Ticks, periods, alarms and activity.
  const fleet::TickSpan& rest() const { return rest_; }
  std::size_t reports() const { return runs_.size(); }
  /// Whose reports come next; EntryRuns::kNoMachine: there are no more.
  fleet::Slot machine() const { return runs_.machine(); }
  /// Appends the reports of that machine, the tick of each, and their values. Error: damaged; what
  /// was appended is of no use then, nor is the rest. Precondition: machine() != kNoMachine.
  fleet::Result<void> read(std::vector<fleet::Row>& rows, std::vector<std::uint32_t>& ticks,
                           std::vector<std::int64_t>& values);
  /// Error: there is more in it than was read.
  fleet::Result<void> finish() const;

 private:
  void open_rows(PackReader& in);
  void open_fields(PackReader& in);
  void read_values(fleet::FieldMask fields, std::int64_t* to);

  fleet::TickSpan rest_;
  EntryRuns runs_;
  struct Shape {
    fleet::FieldMask fields = 0;
    std::size_t count = 0;  ///< of fields
  };
  std::vector<Shape> shapes_known_;
  NumberRun shapes_, offsets_, lags_;
  std::array<NumberRun, fleet::kMaxFields> numbers_;
  NumberRun south_;
  std::size_t values_left_ = kMaxPackNumbers;
};

/// The part `figures`, likewise.
class SpanFigures {
 public:
  /// ticks: how many the span has. Error: as SpanRows.
  static fleet::Result<SpanFigures> open(std::string_view part, std::size_t ticks,
                                         std::size_t most_numbers = kMaxPackNumbers);

  fleet::Slot machine() const { return runs_.machine(); }
  /// Appends the changes of that machine, the tick of each, and their shares of heat. before: what
  /// it has before the span. Error and precondition: as SpanRows::read.
  fleet::Result<void> read(const fleet::DayFigures& before,
                           std::vector<fleet::FiguresChange>& changes,
                           std::vector<std::uint32_t>& ticks,
                           std::vector<fleet::HeatShare>& shares);
  fleet::Result<void> finish() const;

 private:
  bool read_shares(fleet::FiguresChange& change, std::vector<fleet::HeatShare>& shares);

  std::size_t tick_count_ = 0;
  EntryRuns runs_;
  FigureSteps steps_;
  NumberRun counts_, dx_, dy_, hours_, seconds_;
};

}  // namespace net
