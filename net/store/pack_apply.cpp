#include "net/store/pack_apply.hpp"

#include <bit>
#include <exception>
#include <memory>
#include <utility>

#include "fleet/fleet_state.hpp"

namespace net {
namespace {

/// Some machines: their reports, and the changes of their figures.
struct Portion {
  struct Machine {
    fleet::Slot slot = 0;
    std::size_t row_begin = 0, row_count = 0, figure_begin = 0, figure_count = 0;
  };
  PackBatch batch;
  std::vector<Machine> machines;
  std::vector<fleet::FiguresChange> figures;
  std::vector<std::uint32_t> figure_ticks;
  std::vector<fleet::HeatShare> heat;

  void clear() {
    machines.clear();
    figures.clear();
    figure_ticks.clear();
    heat.clear();
  }
  fleet::MachineSpan span_of(const Machine& machine) const {
    fleet::MachineSpan span;
    span.machine = machine.slot;
    span.rows = std::span(batch.rows).subspan(machine.row_begin, machine.row_count);
    span.row_ticks = std::span(batch.ticks).subspan(machine.row_begin, machine.row_count);
    span.values = batch.values;
    span.figures = std::span(figures).subspan(machine.figure_begin, machine.figure_count);
    span.figure_ticks = std::span(figure_ticks).subspan(machine.figure_begin, machine.figure_count);
    span.shares = heat;
    return span;
  }
};

/// What came of a portion that is not its machines' own.
struct Gained {
  fleet::SpanGains gains;
  fleet::TickBatch cut;
  bool whole = false;  ///< all of the portion was applied
};

void add_row(fleet::Row row, std::span<const std::int64_t> values, fleet::TickBatch& to) {
  const auto own =
      values.subspan(row.value_begin, static_cast<std::size_t>(std::popcount(row.fields)));
  row.value_begin = static_cast<std::uint32_t>(to.values.size());
  to.values.insert(to.values.end(), own.begin(), own.end());
  to.rows.push_back(row);
}

void add_figures(fleet::FiguresChange change, std::span<const fleet::HeatShare> shares,
                 fleet::TickBatch& to) {
  const auto own = shares.subspan(change.share_begin, change.share_count);
  change.share_begin = static_cast<std::uint32_t>(to.shares.size());
  to.shares.insert(to.shares.end(), own.begin(), own.end());
  to.figures.push_back(change);
}

/// Adds what a machine reports in one tick.
void add_tick(const fleet::MachineSpan& part, std::size_t tick, fleet::TickBatch& to) {
  for (std::size_t i = 0; i < part.rows.size(); ++i)
    if (part.row_ticks[i] == tick) add_row(part.rows[i], part.values, to);
  for (std::size_t i = 0; i < part.figures.size(); ++i)
    if (part.figure_ticks[i] == tick) add_figures(part.figures[i], part.shares, to);
}

/// Threads of the crew that come to help until it is over.
class Help {
 public:
  /// False: it is over.
  bool enter() {
    const std::lock_guard lock(mutex_);
    if (!over_) ++inside_;
    return !over_;
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    --inside_;
    left_.notify_all();
  }
  /// Nobody is there any more, and nobody comes.
  void end() {
    std::unique_lock lock(mutex_);
    over_ = true;
    left_.wait(lock, [this] { return inside_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable left_;
  int inside_ = 0;
  bool over_ = false;
};

/// The end of the help, whatever happens.
class HelpUntilHere {
 public:
  explicit HelpUntilHere(Help& help) : help_(help) {}
  ~HelpUntilHere() { help_.end(); }
  HelpUntilHere(const HelpUntilHere&) = delete;
  HelpUntilHere& operator=(const HelpUntilHere&) = delete;

 private:
  Help& help_;
};

class Applier {
 public:
  Applier(PackBatches& pack, std::size_t ticks, fleet::TickBatch* cut, fleet::FleetState& state,
          BatchPool& pool)
      : pack_(pack), ticks_(ticks), cut_(cut), state_(state), pool_(pool) {}

  /// Any thread, several at a time.
  void work() noexcept {
    try {
      Portion portion;
      while (Gained* gained = take(portion)) {
        auto applied = apply(portion, *gained);
        pool_.put_back(std::exchange(portion.batch, {}));
        applied ? put(*gained) : fail(applied.error());
      }
    } catch (const std::exception& error) {  // no memory
      fail({error.what()});
    }
  }

  /// Once nobody works any more.
  fleet::Result<void> finish() { return result_ ? pack_.figures().finish() : result_; }

 private:
  /// The next machines, and where to put what comes of them; null: there are no more. Figures are
  /// read here: of all machines they are one row of numbers.
  Gained* take(Portion& portion) {
    const std::lock_guard lock(mutex_);
    if (over_ || !result_) return nullptr;
    portion.clear();
    if (auto taken = take_next(portion); !taken) {
      result_ = taken;
      return nullptr;
    }
    return portion.machines.empty() ? nullptr : &gained_.emplace_back();
  }

  fleet::Result<void> take_next(Portion& portion) {
    auto batch = pack_.next();
    if (!batch) return batch.error();
    portion.batch = std::move(*batch);
    over_ = portion.batch.machines.empty();
    for (const PackBatch::Machine& machine : portion.batch.machines) {
      if (auto read = read_figures_before(machine.slot, portion); !read) return read;
      portion.machines.push_back({machine.slot, machine.row_begin, machine.row_count, 0, 0});
      if (pack_.figures().machine() != machine.slot) continue;
      if (auto read = read_figures(portion); !read) return read;
    }
    return over_ ? read_figures_before(EntryRuns::kNoMachine, portion) : fleet::Result<void>();
  }

  /// Of machines that report nothing themselves.
  fleet::Result<void> read_figures_before(fleet::Slot slot, Portion& portion) {
    while (pack_.figures().machine() < slot) {
      portion.machines.push_back({pack_.figures().machine(), 0, 0, 0, 0});
      if (auto read = read_figures(portion); !read) return read;
    }
    return {};
  }

  /// Of the last machine of the portion. Nobody applies it yet, so the state has those before.
  fleet::Result<void> read_figures(Portion& portion) {
    Portion::Machine& machine = portion.machines.back();
    const bool known = machine.slot < state_.machine_count();
    const fleet::DayFigures before =
        known ? std::as_const(state_).figures(machine.slot) : fleet::DayFigures();
    machine.figure_begin = portion.figures.size();
    auto read = pack_.figures().read(before, portion.figures, portion.figure_ticks, portion.heat);
    machine.figure_count = portion.figures.size() - machine.figure_begin;
    return read;
  }

  fleet::Result<void> apply(const Portion& portion, Gained& gained) {
    const auto ticks = std::span(pack_.rest().ticks).first(ticks_);
    for (const Portion::Machine& machine : portion.machines) {
      const fleet::MachineSpan part = portion.span_of(machine);
      if (cut_) add_tick(part, ticks_, gained.cut);
      if (auto applied = state_.apply(part, ticks, gained.gains); !applied) return applied;
    }
    return {};
  }

  /// Gains go into the state in the order of their machines, as soon as those before are there.
  void put(Gained& gained) {
    const std::lock_guard lock(mutex_);
    gained.whole = true;
    for (; !gained_.empty() && gained_.front().whole; gained_.pop_front()) {
      const Gained& next = gained_.front();
      state_.take(next.gains);
      for (const fleet::Row& row : next.cut.rows) add_row(row, next.cut.values, *cut_);
      for (const fleet::FiguresChange& change : next.cut.figures)
        add_figures(change, next.cut.shares, *cut_);
    }
  }

  void fail(fleet::Error why) {
    const std::lock_guard lock(mutex_);
    if (result_) result_ = std::move(why);
  }

  PackBatches& pack_;
  const std::size_t ticks_;
  fleet::TickBatch* const cut_;
  fleet::FleetState& state_;
  BatchPool& pool_;
  std::mutex mutex_;
  bool over_ = false;
  fleet::Result<void> result_;  ///< an error once a portion did not go in
  std::deque<Gained> gained_;   ///< ascending machines; one that is there stays where it is
};

}  // namespace

fleet::Result<void> apply_reports(PackBatches& pack, std::size_t ticks, fleet::TickBatch* cut,
                                  fleet::FleetState& state, BatchPool& pool, UnpackCrew& crew) {
  state.fit_roster();
  Applier applier(pack, ticks, cut, state, pool);
  const auto help = std::make_shared<Help>();
  {
    const HelpUntilHere until_here(*help);
    for (std::size_t i = 0; i < UnpackCrew::most_threads(); ++i) {
      crew.add([help, &applier] {
        if (!help->enter()) return;
        applier.work();
        help->leave();
      });
    }
    applier.work();
  }
  return applier.finish();
}

}  // namespace net
