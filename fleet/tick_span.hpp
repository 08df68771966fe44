// TickSpan: consecutive ticks machine by machine instead of tick by tick. The same reports, the
// same order for each machine, so the same state: what one machine reports never touches another
// one. This is the form in which closed hours are packed (a machine's numbers resemble each other,
// and cost less together), and the one in which many ticks are applied fast: a machine's record
// stays in the cache for all of its reports.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "fleet/update.hpp"

namespace fleet {

struct TickSpan {
  struct Head {
    FramePosition position;
    Time begin = kNever, end = kNever;
  };
  std::vector<Head> ticks;  ///< ascending numbers of one epoch
  /// What happened, with receive times as lags; `all.position`, `begin` and `end` mean nothing.
  /// Rows and figures are sorted by machine, then by tick; periods, alarms and fault lists by tick
  /// alone.
  /// `activity` is not used.
  TickBatch all;
  /// The tick (index into `ticks`) of each entry of the lists in `all`.
  std::vector<std::uint32_t> row_ticks, period_ticks, figure_ticks, alarm_ticks, list_ticks;
  struct Sample {
    std::uint32_t tick = 0;
    ActivitySample sample;
  };
  std::vector<Sample> activity;  ///< ascending ticks

  void clear();
};

/// What one machine reports in a span.
struct MachineSpan {
  Slot machine = 0;
  std::span<const Row> rows;                 ///< all of `machine`
  std::span<const std::uint32_t> row_ticks;  ///< ascending
  std::span<const std::int64_t> values;      ///< where the rows' values are
  std::span<const FiguresChange> figures;    ///< all of `machine`
  std::span<const std::uint32_t> figure_ticks;
  std::span<const HeatShare> shares;
};

/// What machines' parts bring that is not the machine's own: it is put into the state afterwards.
struct SpanGains {
  std::vector<HeatGain> heat;
  Time newest_receive = kNever;
};

/// Walks over a span machine by machine. Precondition: each row and figures change has its tick.
class MachineSpans {
 public:
  explicit MachineSpans(const TickSpan& span) : span_(span) {}
  /// False at the end. The machines ascend if those of the span do.
  bool next(MachineSpan& part);

 private:
  const TickSpan& span_;
  std::size_t row_ = 0, figures_ = 0;
};

/// Puts ticks into a span.
class TickSpanBuilder {
 public:
  /// tick: the next one, rows sorted by machine. lags_ms: receive time minus device time of each
  /// row, which takes a state to know. Precondition: as many lags as rows.
  void add(const TickBatch& tick, std::span<const std::int64_t> lags_ms);
  std::size_t rows() const { return rows_.size(); }
  std::size_t ticks() const { return span_.ticks.size(); }
  /// Everything added so far; the builder is empty afterwards.
  TickSpan take();

 private:
  struct Placed {
    Row row;
    std::uint32_t tick;
  };
  struct PlacedFigures {
    FiguresChange change;
    std::uint32_t tick;
  };
  void take_rows();
  void take_figures();

  TickSpan span_;
  std::vector<Placed> rows_;
  std::vector<PlacedFigures> figures_;
  std::vector<std::int64_t> values_;
  std::vector<HeatShare> shares_;
};

/// One tick of a span. Looks at all of it: SpanTicks is for many. Precondition: index <
/// span.ticks.size().
TickBatch tick_of(const TickSpan& span, std::size_t index);

/// Takes ticks out of a span, one by one and in any order.
class SpanTicks {
 public:
  explicit SpanTicks(TickSpan span);
  const TickSpan& span() const { return span_; }
  std::size_t size() const { return span_.ticks.size(); }
  /// Precondition: index < size().
  TickBatch tick(std::size_t index) const;

 private:
  /// Entries of one list by tick: those of tick i are order[begin[i]] .. order[begin[i + 1]].
  struct Index {
    void build(const std::vector<std::uint32_t>& ticks, std::size_t count);
    std::span<const std::uint32_t> of(std::size_t tick) const {
      return std::span(order).subspan(begin[tick], begin[tick + 1] - begin[tick]);
    }
    std::vector<std::uint32_t> begin, order;
  };

  TickSpan span_;
  Index rows_, periods_, figures_, alarms_, lists_;
};

}  // namespace fleet
