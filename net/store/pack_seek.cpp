#include "net/store/pack_seek.hpp"

#include <algorithm>
#include <bit>

#include "net/store/frame_rows.hpp"

namespace net {
namespace {

/// Packs that are unpacked at the same time: 40 MB each.
constexpr std::size_t kMostAhead = 4;

/// Roster frames in rows [from, until), applied.
fleet::Result<void> apply_rosters(DayFile& file, std::int64_t from, std::int64_t until,
                                  fleet::FleetState& state) {
  auto rosters = file.db.prepare(
      "SELECT bytes FROM frames WHERE kind = 3 AND row >= ? AND row < ? ORDER BY row");
  if (!rosters) return rosters.error();
  rosters->bind(1, from).bind(2, until);
  FrameDecoder decoder;
  for (;;) {
    auto found = rosters->step();
    if (!found) return found.error();
    if (!*found) return {};
    auto update = decoder.decode(std::as_bytes(std::span(rosters->blob(0))));
    if (!update) return update.error();
    auto* roster = std::get_if<fleet::RosterBatch>(&*update);
    if (!roster) continue;
    if (auto applied = state.apply(std::move(*roster)); !applied) return applied;
  }
}

/// Adds what a machine reports in one tick.
void add_tick(const fleet::MachineSpan& part, std::uint32_t tick, fleet::TickBatch& to) {
  for (std::size_t i = 0; i < part.rows.size(); ++i) {
    if (part.row_ticks[i] != tick) continue;
    fleet::Row row = part.rows[i];
    const auto values =
        part.values.subspan(row.value_begin, static_cast<std::size_t>(std::popcount(row.fields)));
    row.value_begin = static_cast<std::uint32_t>(to.values.size());
    to.values.insert(to.values.end(), values.begin(), values.end());
    to.rows.push_back(row);
  }
  for (std::size_t i = 0; i < part.figures.size(); ++i) {
    if (part.figure_ticks[i] != tick) continue;
    fleet::FiguresChange change = part.figures[i];
    const auto shares = part.shares.subspan(change.share_begin, change.share_count);
    change.share_begin = static_cast<std::uint32_t>(to.shares.size());
    to.shares.insert(to.shares.end(), shares.begin(), shares.end());
    to.figures.push_back(change);
  }
}

}  // namespace

fleet::Result<std::optional<PackHead>> PackSeeker::head_at(DayFile& file, PackTable& packs,
                                                           std::int64_t row) {
  auto head = packs.at_or_after(row);
  if (!head || !*head || (*head)->first_row < row) {
    if (head && *head) return std::optional<PackHead>();
    return head;
  }
  auto between = file.db.prepare("SELECT 1 FROM frames WHERE row >= ? AND row < ? LIMIT 1");
  if (!between) return between.error();
  between->bind(1, row).bind(2, (*head)->first_row);
  auto found = between->step();
  if (!found) return found.error();
  return *found ? std::optional<PackHead>() : *head;
}

void PackSeeker::begin(PackTable& packs, const PackHead& head, fleet::Time t) {
  const auto first = std::ranges::find(ahead_, head.first_row, &Ahead::first_row);
  ahead_.erase(ahead_.begin(), first);
  const std::vector<PackHead> wanted = packs.from(head, t, kMostAhead);
  for (std::size_t i = ahead_.size(); i < wanted.size(); ++i) {
    ahead_.push_back(
        {wanted[i].first_row,
         std::make_unique<PackBatches>(packs.part(wanted[i], PackPart::rows),
                                       packs.part(wanted[i], PackPart::figures), pool_, crew_)});
  }
}

/// Figures that are told of the machine come along.
fleet::Result<void> PackSeeker::apply_machine(PackBatches& pack, fleet::MachineSpan& part,
                                              const Until& until, fleet::FleetState& state) {
  figures_.changes.clear();
  figures_.ticks.clear();
  figures_.shares.clear();
  if (pack.figures().machine() == part.machine) {
    const bool known = part.machine < state.machine_count();
    const fleet::DayFigures before = known ? state.figures(part.machine) : fleet::DayFigures();
    auto read = pack.figures().read(before, figures_.changes, figures_.ticks, figures_.shares);
    if (!read) return read;
  }
  part.figures = figures_.changes;
  part.figure_ticks = figures_.ticks;
  part.shares = figures_.shares;
  if (until.cut) add_tick(part, static_cast<std::uint32_t>(until.ticks), *until.cut);
  return state.apply(part, std::span(pack.rest().ticks).first(until.ticks));
}

fleet::Result<void> PackSeeker::apply_machines(PackBatches& pack, const Until& until,
                                               fleet::FleetState& state) {
  const auto apply_figures_before = [&](fleet::Slot machine) -> fleet::Result<void> {
    while (pack.figures().machine() < machine) {
      fleet::MachineSpan part;
      part.machine = pack.figures().machine();
      if (auto applied = apply_machine(pack, part, until, state); !applied) return applied;
    }
    return {};
  };
  for (;;) {
    auto batch = pack.next();
    if (!batch) return batch.error();
    if (batch->machines.empty()) break;
    for (const PackBatch::Machine& machine : batch->machines) {
      if (auto applied = apply_figures_before(machine.slot); !applied) return applied;
      fleet::MachineSpan part;
      part.machine = machine.slot;
      part.rows = std::span(batch->rows).subspan(machine.row_begin, machine.row_count);
      part.row_ticks = std::span(batch->ticks).subspan(machine.row_begin, machine.row_count);
      part.values = batch->values;
      if (auto applied = apply_machine(pack, part, until, state); !applied) return applied;
    }
    pool_.put_back(std::move(*batch));
  }
  if (auto applied = apply_figures_before(EntryRuns::kNoMachine); !applied) return applied;
  if (auto finished = pack.figures().finish(); !finished) return finished;
  return state.finish_span(pack.rest(), until.ticks);
}

fleet::Result<PackSeeker::Reached> PackSeeker::apply(DayFile& file, PackTable& packs,
                                                     const PackHead& head, fleet::Time t,
                                                     fleet::FleetState& state, SeekEnd end) {
  const std::unique_ptr<PackBatches> pack = std::move(ahead_.front().pack);
  ahead_.pop_front();
  const auto damaged = [&](const std::string& what) { return packs.error(head, what); };
  if (auto opened = pack->opened(); !opened) return damaged(opened.error().what);
  const fleet::TickSpan& rest = pack->rest();
  if (auto checked = packs.check_rows(head, rest); !checked) return checked.error();
  auto places = packs.places(head);
  if (!places) return places.error();

  const auto whole = static_cast<std::size_t>(
      std::ranges::upper_bound(rest.ticks, t, {}, &fleet::TickSpan::Head::end) -
      rest.ticks.begin());
  const bool all = whole == rest.ticks.size();
  const bool part = !all && end == SeekEnd::instant && rest.ticks[whole].begin < t;
  Reached reached;
  reached.next_row = all ? head.last_row + 1 : (*places)[whole];
  reached.there = !all;
  if (auto applied = apply_rosters(file, head.first_row, reached.next_row, state); !applied)
    return damaged(applied.error().what);
  // Of the tick in which t lies: what is neither a machine's nor its figures is in the rest.
  fleet::TickBatch cut;
  if (part) cut = fleet::tick_of(rest, whole);
  if (auto applied = apply_machines(*pack, {whole, part ? &cut : nullptr}, state); !applied)
    return damaged(applied.error().what);
  reached.position = state.position();
  if (part) {
    if (auto applied = state.apply(cut, nullptr, nullptr, t); !applied)
      return damaged(applied.error().what);
  }
  return reached;
}

}  // namespace net
