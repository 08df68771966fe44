// DayOverview: what went on in a day, by five minutes: for a time band, a calendar, a report.
//
// As it was known then: reports and alarms count where they were received, late ones included.
// It lies beside the frames of a closed day; else reading it costs a look at every frame
// (tests/bench/RESULTS.md): do it on a thread of its own. One thread per call; a gateway may be
// writing the same days.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "fleet/activity.hpp"
#include "fleet/alarms.hpp"
#include "fleet/result.hpp"
#include "fleet/time.hpp"
#include "fleet/update.hpp"

namespace net {

/// Shorter pauses are none: a gateway that is started anew is back sooner than the first; the
/// second is a step of the overview.
inline constexpr std::chrono::seconds kLeastGapOff{10};
inline constexpr std::chrono::minutes kLeastGapQuiet{5};

struct DayGap {
  enum class Why : std::uint8_t {
    off,        ///< nothing was recorded: another run of the gateway goes on behind it
    no_reports  ///< the gateway was there, but nobody reported
  };
  fleet::Time from = fleet::kNever, to = fleet::kNever;
  Why why = Why::off;
  bool operator==(const DayGap&) const = default;
};

struct DayOverview {
  static constexpr std::int32_t kNotKnown = -1;
  template <class T>
  using Steps = std::array<T, fleet::kActivitySteps>;

  fleet::LocalDay day{};
  fleet::Time midnight = fleet::kNever;  ///< when the local day begins
  /// First and last instant with data.
  fleet::Time begin = fleet::kNever, end = fleet::kNever;
  /// By steps of fleet::kActivityStep of the local time of day. Of a day of 25 hours the hour that
  /// comes twice holds the reports and alarms of both, and the machines of the later one.
  Steps<std::int32_t> working{};   ///< machines at work, kNotKnown where nobody looked
  Steps<std::uint32_t> reports{};  ///< received
  Steps<std::array<std::uint32_t, fleet::kSeverityCount>> raised{};  ///< alarms, by severity
  std::vector<DayGap> gaps;  ///< within the day, ascending; today's ends with its data
  bool damaged = false;      ///< frames could not be read: the numbers are too low
  /// Runs of the gateway that the first and the last tick are of.
  std::uint64_t first_epoch = 0, last_epoch = 0;
  bool operator==(const DayOverview&) const = default;
};

/// Adds up the frames of one day, in order.
class OverviewBuilder {
 public:
  OverviewBuilder(fleet::LocalDay day, const fleet::TimeZone& zone);
  void add(const fleet::TickBatch& tick);
  void add(const fleet::StateBatch& keyframe);
  void damage() { overview_.damaged = true; }
  /// Without the gaps before the first and behind the last tick (see add_edge_gaps).
  const DayOverview& overview() const { return overview_; }

 private:
  std::size_t step_of(fleet::Time end);

  fleet::TimeZone zone_;
  std::int32_t day_number_;
  DayOverview overview_;
  fleet::Time step_end_ = fleet::kNever;  ///< of the step asked for last
  std::size_t step_ = 0;
  bool begun_ = false;
};

/// days: ascending, as OverviewBuilder left them. Puts in what lacks between midnight and the first
/// tick, and between the last one and midnight but for the last day.
void add_edge_gaps(std::vector<DayOverview>& days, const fleet::TimeZone& zone);

/// Every day of a directory (or the one of a file), ascending. go_on: asked every few milliseconds;
/// false ends it early, with the days that were read whole. Error: as DayReader::open.
fleet::Result<std::vector<DayOverview>> read_overviews(const std::filesystem::path& path,
                                                       const std::function<bool()>& go_on = {});

}  // namespace net
