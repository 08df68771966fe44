#include "net/store/pack_seek.hpp"

#include <algorithm>

#include "net/store/frame_rows.hpp"
#include "net/store/pack_apply.hpp"

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
  if (auto applied = apply_reports(*pack, whole, part ? &cut : nullptr, state, pool_, crew_);
      !applied)
    return damaged(applied.error().what);
  if (auto applied = state.finish_span(rest, whole); !applied) return damaged(applied.error().what);
  reached.position = state.position();
  if (part) {
    if (auto applied = state.apply(cut, nullptr, nullptr, t); !applied)
      return damaged(applied.error().what);
  }
  return reached;
}

}  // namespace net
