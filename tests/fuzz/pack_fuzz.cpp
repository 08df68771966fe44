// Parts of packed hours, behind their checks: straight into their decoders.
// Input: kind u8, then a part without its check.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "net/pack/heat_pack.hpp"
#include "net/pack/history_pack.hpp"
#include "net/pack/span_pack.hpp"
#include "net/pack/state_pack.hpp"
#include "net/store/pack_table.hpp"
#include "tests/fuzz/fuzz_frames.hpp"

namespace fuzz {
namespace {

constexpr int kLevel = 1;
/// A few bytes may say millions of equal numbers, which take their time and prove nothing.
constexpr std::size_t kMostNumbers = std::size_t{1} << 20;

std::string with_check(std::string_view content) {
  const std::uint64_t check = XXH64(content.data(), content.size(), 0);
  std::string part(content);
  for (int i = 0; i < 8; ++i) part.push_back(static_cast<char>(check >> (8 * i)));
  return part;
}

/// What a state makes of a span: all of it, or nothing.
void apply(const fleet::TickSpan& span) {
  fleet::FleetState state = wall();
  const Before before(state);
  if (!state.apply(span, span.ticks.size())) FUZZ_CHECK(before == Before(state));
}

void run_rows(const std::string& part) {
  auto span = net::unpack_rows(part, kMostNumbers);
  if (!span) return;
  // Written again it says the same.
  const net::PackedSpan again = net::pack_span(*span, {}, kLevel);
  auto same = net::unpack_rows(again.rows);
  FUZZ_CHECK(same.ok());
  check_same(span->all, same->all);
  FUZZ_CHECK(span->row_ticks == same->row_ticks && span->alarm_ticks == same->alarm_ticks);
  const fleet::SpanTicks ticks(*span);
  for (std::size_t i = 0; i < ticks.size() && i < 16; ++i)
    check_same(ticks.tick(i), fleet::tick_of(*span, i));
  apply(*span);
}

void run_figures(const std::string& part) {
  fleet::TickSpan span;
  span.all.receive_is_lag = true;
  span.ticks.resize(4);
  for (std::size_t i = 0; i < span.ticks.size(); ++i) {
    const fleet::Time begin = wall().time() + std::chrono::seconds(i);
    span.ticks[i] = {{7, 4 + i}, begin, begin + std::chrono::seconds(1)};
  }
  std::vector<fleet::DayFigures> held;
  if (net::unpack_figures(part, held, span, kMostNumbers)) apply(span);
}

void run_state(const std::string& part, const fleet::StateBatch* base) {
  auto state = net::unpack_state(part, base, {}, kMostNumbers);
  if (!state) return;
  const fleet::StateBatch empty;
  auto same = net::unpack_state(net::pack_state(*state, base ? *base : empty, kLevel), base);
  FUZZ_CHECK(same.ok());
  check_same(*state, *same);
  FUZZ_CHECK(state->heat == same->heat);
  fleet::FleetState wall_state = wall();
  const Before before(wall_state);
  if (!wall_state.apply(*state)) FUZZ_CHECK(before == Before(wall_state));
}

void run_head(const std::string& part) {
  const auto head = net::unpack_head(part, 1000);
  if (!head) return;
  const auto same = net::unpack_head(net::pack_head(head->head, head->places), 1000);
  FUZZ_CHECK(same.ok() && same->head == head->head && same->places == head->places);
}

void run_history(const std::string& part) {
  const auto history = net::unpack_history(part, kMostNumbers);
  if (!history) return;
  FUZZ_CHECK(history->reports.size() <= net::kMaxHistoryReports);
  for (std::size_t field = 0; field < history->fields.size(); ++field)
    FUZZ_CHECK(fleet::values_of(*history, field).size() <= history->reports.size());
  const auto packed = net::pack_history(*history);
  if (!packed) return;  // told in few bytes, it would be many
  const auto same = net::unpack_history(*packed);
  FUZZ_CHECK(same.ok() && same->values == history->values && same->statuses == history->statuses);
  FUZZ_CHECK(net::pack_history(*same).value() == *packed);
}

void run_heat(const std::string& part) {
  const auto heat = net::unpack_heat(part, kMostNumbers);
  if (!heat) return;
  const auto same = net::unpack_heat(net::pack_heat(*heat));
  FUZZ_CHECK(same.ok() && *same == *heat);
}

}  // namespace
}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string part = fuzz::with_check({reinterpret_cast<const char*>(data) + 1, size - 1});
  static const fleet::StateBatch base = fuzz::wall().keyframe();
  switch (data[0] % 7) {
    case 0:
      fuzz::run_rows(part);
      break;
    case 1:
      fuzz::run_figures(part);
      break;
    case 2:
      fuzz::run_state(part, &base);
      break;
    case 3:
      fuzz::run_state(part, nullptr);
      break;
    case 5:
      fuzz::run_history(part);
      break;
    case 6:
      fuzz::run_heat(part);
      break;
    default:
      fuzz::run_head(part);
  }
  return 0;
}
