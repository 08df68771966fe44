#include "net/store/check_points.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "net/store/pack_table.hpp"

namespace net {
namespace {

fleet::Result<std::vector<PackHead>> all_packs(PackTable& packs) {
  std::vector<PackHead> heads;
  for (std::int64_t row = 0;;) {
    auto head = packs.at_or_after(row);
    if (!head) return head.error();
    if (!*head) return heads;
    heads.push_back(**head);
    row = (*head)->last_row + 1;
  }
}

/// By the first rows of their packs.
std::set<std::int64_t> needed(const std::vector<PackHead>& heads, const PackSizes& sizes,
                              std::int64_t rows_apart) {
  std::set<std::int64_t> rows;
  std::int64_t rows_since = 0;
  fleet::Time since = fleet::kNever;
  std::int64_t next_row = 0;
  for (const PackHead& head : heads) {
    // Behind what is no pack a keyframe stands, or this one's check-point instead of it.
    const bool first = head.first_row != std::exchange(next_row, head.last_row + 1);
    if (first) {
      rows_since = 0;
      since = head.begin;
    }
    const bool due = first || rows_since >= rows_apart || head.begin - since >= sizes.states_apart;
    if (head.has_state() && due) {
      rows.insert(head.first_row);
      if (head.base != 0) rows.insert(head.base);
      rows_since = 0;
      since = *head.state_time;
    }
    rows_since += head.reports;
  }
  return rows;
}

}  // namespace

PackSizes open_day_sizes(PackSizes closed) {
  closed.states_apart = std::chrono::minutes{0};
  return closed;
}

fleet::Result<void> thin_check_points(DayFile& file, const PackSizes& sizes) {
  auto packs = PackTable::open(file);
  if (!packs) return packs.error();
  auto heads = all_packs(*packs);
  if (!heads) return heads.error();
  const auto last = std::ranges::find_if(heads->rbegin(), heads->rend(), &PackHead::has_state);
  if (last == heads->rend()) return {};
  const auto state = packs->state(*last);
  if (!state) return state.error();
  const auto stay = needed(*heads, sizes, sizes.rows_between_states(state->machines.size()));
  if (auto begun = file.db.run("BEGIN IMMEDIATE"); !begun) return begun;
  fleet::Result<void> done;
  for (const PackHead& head : *heads)
    if (done && head.has_state() && !stay.contains(head.first_row))
      done = packs->remove_state(head);
  if (done) done = file.db.run("COMMIT");
  if (!done && file.db.in_transaction()) (void)file.db.run("ROLLBACK");
  return done;
}

}  // namespace net
