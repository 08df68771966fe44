// Numbers, durations and dates as the wall prints them. Pure; NaN becomes a dash.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "viewer/panels/models.hpp"
#include "viewer/ui/texts.hpp"

namespace viewer {

/// What stands where a value is not known.
inline constexpr std::string_view kDash = "–";

/// "32,730"; negative numbers with a true minus sign "−1,206".
std::string grouped(std::int64_t n);
/// Fixed decimals with thousands separators: "4,120.5"; kDash for NaN or infinity.
std::string decimal(double value, int decimals);
/// 0.5702 -> "57.0" with one decimal (the sign is drawn smaller beside it).
std::string percent(double share, int decimals);
/// A length of time in at most two units: "0.8 s", "14 秒"/"14 s", "2 分 14 秒"/"2 min 14 s",
/// "3 小时 05 分"/"3 h 05 min", "2 天 4 小时"/"2 d 4 h". Negative counts as 0.
std::string duration(Lang lang, double seconds);
/// Every character of the units that durations are printed with.
std::string all_units(Lang lang);
/// The same in one unit, for narrow columns: "14 秒", "11 分", "3 小时", "2 天".
std::string short_duration(Lang lang, double seconds);
/// "0.8 s 前" / "0.8 s ago".
std::string ago(Lang lang, double seconds);
/// "14:32:07".
std::string clock_text(const LocalClock& clock);
/// "2026-10-16 周五" / "2026-10-16 Fri".
std::string date_text(Lang lang, const LocalClock& clock);
/// "×60", "×1", "×−60", "×0.5".
std::string speed_text(double speed);
/// "1.5 KB", "64 MB": powers of 1000.
std::string bytes_text(double bytes);
/// "800 m", "2 km", "2.4 km".
std::string length_text(double metres);
/// A figure for a panel: with one decimal below 100, else whole: "7.4", "43,120"; kDash for NaN.
std::string figure_text(double value);
/// Hours of a day, "7–9 时" / "07–09"; those over midnight are the two ends of the day:
/// "0–6、20–24 时" / "00–06, 20–24".
std::string hours_text(Lang lang, int from, int to);
/// A change as it is printed: `text`, which is of this value, with a plus sign where it is above
/// zero. Text that says zero gets none.
std::string with_sign(double value, std::string text);
/// The plain decimal number of a field, "12345.6", with its separators: "12,345.6"; text that is
/// none as it stands.
std::string grouped_number(std::string_view text);
/// Replaces "{key}" by value, everywhere.
std::string filled(std::string_view pattern, std::string_view key, std::string_view value);
/// `text` if it has at most `most` characters, else the first most - 1 of them and an ellipsis.
/// UTF-8; most >= 1.
std::string shortened(std::string_view text, std::size_t most);
/// A round length of at most max_m metres: 1, 2 or 5 times a power of ten. For the scale bar.
double round_length_m(double max_m);

}  // namespace viewer
