// What tick and state bodies have in common: machines, field shapes, figures, alarms.
#pragma once

#include <bit>
#include <string>
#include <vector>

#include "net/codec/bodies.hpp"

namespace net {

/// The distinct field sets of rows, and which row has which.
struct Shapes {
  std::vector<std::uint64_t> masks;
  std::vector<std::uint32_t> of_row;

  std::size_t rows() const { return of_row.size(); }
  std::uint64_t mask(std::size_t row) const { return masks[of_row[row]]; }
  /// Every field that any row has.
  std::uint64_t all_fields() const;
  /// Per shape: how many lower fields it has, or -1 if it lacks `field`. The place of the field's
  /// value among the values of a row.
  void ranks(int field, std::vector<int>& out) const;
  std::size_t value_count() const;
};

/// masks_of_rows: field set of each row.
Shapes shapes_of(std::span<const std::uint64_t> masks_of_rows);
void write_shapes(const Shapes& shapes, int masks_field, int rows_field, wire::MessageWriter& out);
/// Error: not n rows, an index outside the table, or more than kMaxFrameValues values.
fleet::Result<Shapes> read_shapes(wire::Bytes masks, wire::Bytes rows, std::size_t n);

void write_gaps(std::span<const fleet::Slot> ascending, int field, wire::MessageWriter& out);
/// n slots, ascending. Error: not n numbers, a slot over kMaxMachines, or two equal ones (unless
/// `repeats`). Nothing is reserved before n is known to fit the bytes.
fleet::Result<std::vector<fleet::Slot>> read_gaps(wire::Bytes run, std::size_t n, bool repeats);
/// How many varints a packed run holds.
std::size_t count_varints(wire::Bytes run);

/// Fields 1 to 4 of TickBody and of StateBody, which have the same numbers in both: how many rows
/// there are, and which machine and which field set each has.
struct RowTable {
  std::uint64_t count = 0;
  wire::Bytes gaps, shapes, row_shapes;

  /// False: it is another field.
  bool take(const wire::Field& field);
  /// Error: more than `most` rows or than gaps has bytes; as read_shapes. `rows` names them.
  fleet::Result<Shapes> read(std::size_t most, const char* rows) const;
};
/// slots: machine of each row, ascending.
void write_row_table(std::span<const fleet::Slot> slots, const Shapes& shapes,
                     wire::MessageWriter& out);

fleet::Result<void> take_column(wire::Bytes message, wire::Column& to);
/// Expands a column into n numbers within [low, high]. `name` is for the error's sentence.
fleet::Result<std::vector<std::int64_t>> read_numbers(const wire::Column& column, std::size_t n,
                                                      std::int64_t low, std::int64_t high,
                                                      const char* name);
fleet::Error column_error(const std::string& name, std::size_t n);

/// Columns of MachineFigures (not its gaps).
void write_figures(std::span<const fleet::DayFigures> figures, wire::MessageWriter& out);
/// message: MachineFigures. n: entries expected. `gaps` gets the run of machine gaps.
fleet::Result<std::vector<fleet::DayFigures>> read_figures(wire::Bytes message, std::size_t n);
/// The machine gaps of a MachineFigures or MachineNumbers message.
fleet::Result<wire::Bytes> gaps_of(wire::Bytes message);

void write_activity(const fleet::DayActivity& activity, wire::MessageWriter& out);
fleet::Result<fleet::DayActivity> read_activity(wire::Bytes message);
void write_sample(const fleet::ActivitySample& sample, wire::MessageWriter& out);
fleet::Result<fleet::ActivitySample> read_sample(wire::Bytes message);

/// Columns of MachineFigures about the heat. shares: those that changes[i].share_begin points into.
void write_shares(std::span<const fleet::FiguresChange> changes,
                  std::span<const fleet::HeatShare> shares, wire::MessageWriter& out);
/// Shares of heat that are read; tests lower them.
struct ShareLimits {
  std::size_t frame = kMaxFrameShares;
  std::int64_t machine = kMaxSharesOfMachine;
};
/// Fills shares and where each change's begin.
fleet::Result<void> read_shares(wire::Bytes message, std::span<fleet::FiguresChange> changes,
                                std::vector<fleet::HeatShare>& shares,
                                const ShareLimits& limits = {});
void write_heat(const fleet::HeatImage& image, wire::MessageWriter& out);
fleet::Result<fleet::HeatImage> read_heat(wire::Bytes message);

/// Fault lists of a tick, sorted by machine. tick: begin is set already.
void write_fault_lists(const fleet::TickBatch& tick, wire::MessageWriter& out);
/// Error: more than kMaxFrameAlarms lists or faults, or a number outside its range.
fleet::Result<void> read_fault_lists(wire::Bytes message, fleet::TickBatch& tick);

std::string alarm_bytes(const fleet::Alarm& alarm);
fleet::Result<fleet::Alarm> read_alarm(wire::Bytes message);
std::string alarm_event_bytes(const fleet::AlarmEvent& event);
fleet::Result<fleet::AlarmEvent> read_alarm_event(wire::Bytes message);

}  // namespace net
