#include "fleet/sim/faults.hpp"

#include <algorithm>
#include <iterator>

namespace fleet::sim {
namespace {

using enum Symptom;

constexpr FaultKind kKinds[] = {
    // critical
    {100, 1, Lamp::red_stop, 0.9, 1.0, oil_pressure_falls},
    {110, 0, Lamp::red_stop, 1.0, 0.8, coolant_rises},
    {1638, 0, Lamp::red_stop, 0.8, 0.8, hydraulic_rises},
    {190, 0, Lamp::red_stop, 0.3, 0.3, none},
    {175, 0, Lamp::red_stop, 0.4, 0.8, none},
    // high
    {97, 0, Lamp::protect, 2.0, 2.0, none},
    {107, 0, Lamp::protect, 2.2, 2.5, none},
    {96, 1, Lamp::amber, 2.0, 1.5, fuel_low},
    {168, 1, Lamp::amber, 1.6, 1.5, battery_low},
    {1761, 1, Lamp::amber, 1.4, 2.0, def_low},
    {102, 0, Lamp::protect, 0.8, 1.5, none},
    // medium
    {3719, 16, Lamp::amber, 14, 2.5, none},
    {110, 16, Lamp::amber, 9, 1.2, coolant_rises},
    {100, 18, Lamp::amber, 4, 1.5, none},
    {1638, 16, Lamp::amber, 9, 1.5, hydraulic_rises},
    {107, 16, Lamp::amber, 10, 3.0, none},
    {97, 16, Lamp::amber, 5, 3.0, none},
    {3517, 18, Lamp::amber, 5, 2.5, def_low},
    {173, 16, Lamp::amber, 3, 1.0, none},
    {105, 16, Lamp::amber, 3, 1.0, none},
    // low
    {96, 17, Lamp::off, 60, 3.0, fuel_low},
    {1761, 17, Lamp::off, 35, 4.0, def_low},
    {168, 17, Lamp::off, 20, 4.0, battery_low},
    {110, 15, Lamp::off, 20, 1.5, coolant_rises},
    {175, 15, Lamp::off, 12, 1.5, none},
    {639, 9, Lamp::malfunction, 15, 5.0, none},
};

constexpr std::uint32_t hm(std::uint32_t h, std::uint32_t m, std::uint32_t s = 0) {
  return h * 3600 + m * 60 + s;
}

constexpr Story kStories[] = {
    {121, "苏州", "SY215C", 100, 1, hm(13, 29, 4), hm(17, 31), hm(7, 26, 40), hm(10, 4)},
    {3307, "郑州", "SY365H", 110, 0, hm(13, 53, 46), hm(15, 12), 0, 0},
    {877, "成都", "SY215C", 96, 1, hm(13, 41, 30), hm(16, 20), 0, 0},
    {2150, "徐州", "SY245H", 107, 0, hm(13, 48, 50), hm(16, 50), 0, 0},
    {1952, "西安", "SY195C", 97, 0, hm(13, 28, 20), hm(17, 5), 0, 0},
};

}  // namespace

std::span<const FaultKind> fault_kinds() {
  return kKinds;
}
std::span<const Story> stories() {
  return kStories;
}

std::uint8_t find_fault(std::uint32_t spn, std::uint8_t fmi) {
  const auto at = std::find_if(std::begin(kKinds), std::end(kKinds),
                               [&](const FaultKind& k) { return k.spn == spn && k.fmi == fmi; });
  return static_cast<std::uint8_t>(at - std::begin(kKinds));
}

}  // namespace fleet::sim
