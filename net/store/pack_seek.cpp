#include "net/store/pack_seek.hpp"

#include <algorithm>

#include "net/store/frame_rows.hpp"

namespace net {
namespace {

/// Packs that are unpacked at the same time: 40 MB each.
constexpr std::size_t kMostAhead = 4;

std::future<fleet::Result<fleet::TickSpan>> unpack_beside(PackTable& packs, const PackHead& head) {
  auto rows = packs.part(head, PackPart::rows);
  return std::async(std::launch::async,
                    [rows = std::move(rows)]() -> fleet::Result<fleet::TickSpan> {
                      if (!rows) return rows.error();
                      return unpack_rows(*rows);
                    });
}

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
  PackHead at = head;
  for (std::size_t i = 0; i < kMostAhead && at.begin < t; ++i) {
    if (i >= ahead_.size()) ahead_.push_back({at.first_row, unpack_beside(packs, at)});
    auto next = packs.at_or_after(at.last_row + 1);
    if (!next || !*next || (*next)->first.epoch != at.first.epoch) return;
    at = **next;
  }
}

fleet::Result<PackSeeker::Reached> PackSeeker::apply(DayFile& file, PackTable& packs,
                                                     const PackHead& head, fleet::Time t,
                                                     fleet::FleetState& state, SeekEnd end) {
  auto span = ahead_.front().span.get();
  ahead_.pop_front();
  const auto damaged = [&](const std::string& what) { return packs.error(head, what); };
  if (!span) return damaged(span.error().what);
  if (auto checked = packs.check_rows(head, *span); !checked) return checked.error();
  auto places = packs.places(head);
  if (!places) return places.error();
  std::vector<fleet::DayFigures> held(state.machine_count());
  for (fleet::Slot slot = 0; slot < held.size(); ++slot) held[slot] = state.figures(slot);
  if (auto put = packs.put_figures(head, held, *span); !put) return put.error();

  const auto whole = static_cast<std::size_t>(
      std::ranges::upper_bound(span->ticks, t, {}, &fleet::TickSpan::Head::end) -
      span->ticks.begin());
  const bool all = whole == span->ticks.size();
  const bool part = !all && end == SeekEnd::instant && span->ticks[whole].begin < t;
  Reached reached;
  reached.next_row = all ? head.last_row + 1 : (*places)[whole];
  reached.there = !all;
  if (auto applied = apply_rosters(file, head.first_row, reached.next_row, state); !applied)
    return damaged(applied.error().what);
  if (auto applied = state.apply(*span, whole); !applied) return damaged(applied.error().what);
  reached.position = state.position();
  if (part) {
    const fleet::TickBatch tick = fleet::tick_of(*span, whole);
    if (auto applied = state.apply(tick, nullptr, nullptr, t); !applied)
      return damaged(applied.error().what);
  }
  return reached;
}

}  // namespace net
