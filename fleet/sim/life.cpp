#include "fleet/sim/life.hpp"

#include <algorithm>

namespace fleet::sim {
namespace {

/// One bout: idling from idle_begin to idle_end within a cycle that begins at `begin`.
struct Bout {
  std::uint32_t begin, idle_before, idle_begin, idle_end;
};

/// Cycles come in pairs whose idle times differ but sum to a constant, so that the idle time
/// before any cycle is known without adding up the ones before it.
Bout bout_at(const Life& life, const Span& span, std::uint64_t number, std::uint32_t x) {
  const std::uint32_t cycle = span.cycle_s, k = x / cycle;
  const std::uint32_t mean = cycle * span.idle_permille / 1000;
  const std::uint64_t pair = hash_of(life.key, kForBouts, number * 256 + k / 2);
  const std::uint32_t room = std::min(mean, cycle - mean);
  const std::uint32_t spread = below(pair, room * 9 / 10 + 1);
  const bool odd = k & 1;
  const std::uint32_t idle = (((pair >> 33) & 1) != 0) == odd ? mean + spread : mean - spread;
  const std::uint32_t first = ((pair >> 33) & 1) ? mean - spread : mean + spread;
  const std::uint32_t begin = k * cycle;
  const std::uint32_t offset = below(pair >> (odd ? 12 : 24), cycle - idle + 1);
  return {begin, (k & ~1u) * mean + (odd ? first : 0), begin + offset, begin + offset + idle};
}

}  // namespace

std::uint32_t idle_seconds(const Life& life, const Span& span, std::uint64_t number,
                           std::uint32_t x) {
  const Bout b = bout_at(life, span, number, x);
  const std::uint32_t inside = x <= b.idle_begin ? 0 : std::min(x, b.idle_end) - b.idle_begin;
  return b.idle_before + inside;
}

bool works_at(const Life& life, const Span& span, std::uint64_t number, std::uint32_t x) {
  const Bout b = bout_at(life, span, number, x);
  return x < b.idle_begin || x >= b.idle_end;
}

Counters counters_until(const Life& life, const DayPlan& plan, std::int64_t day,
                        std::uint32_t t_s) {
  Counters sum;
  for (int i = 0; i < plan.span_count && plan.spans[i].begin_s < t_s; ++i) {
    const Span& span = plan.spans[i];
    const std::uint32_t x = std::min(t_s, span.end_s) - span.begin_s;
    sum.engine_s += x;
    sum.idle_s += idle_seconds(life, span, static_cast<std::uint64_t>(day * kMaxSpans + i), x);
  }
  return sum;
}

}  // namespace fleet::sim
