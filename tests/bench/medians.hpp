// What benches print of work that is done again and again.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <vector>

namespace bench {

/// Prints the median, least and most of 31 calls in ms, and what the last one returned, which keeps
/// the work from being optimised away.
template <class Work>
void print_medians(const char* what, Work&& work) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> ms;
  std::size_t result = 0;
  for (int i = 0; i < 31; ++i) {
    const auto from = Clock::now();
    result = work();
    ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - from).count());
  }
  std::sort(ms.begin(), ms.end());
  std::printf("  %-44s %8.2f ms (least %.2f, most %.2f), result %zu\n", what, ms[15], ms.front(),
              ms.back(), result);
}

}  // namespace bench
