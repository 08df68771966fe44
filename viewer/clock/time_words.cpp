#include "viewer/clock/time_words.hpp"

#include <array>
#include <cmath>
#include <optional>

#include "viewer/clock/time_scanner.hpp"

namespace viewer {
namespace {

using std::chrono::days;
using State = TimeReading::State;
using Local = std::chrono::local_time<fleet::Millis>;
using Words = std::span<const std::string_view>;

/// What was read so far. Each part at most once.
struct Parts {
  std::optional<fleet::LocalDay> day;
  std::optional<fleet::Millis> time;
  std::optional<std::chrono::minutes> offset;
  std::optional<bool> afternoon;  ///< "pm", 下午: hours up to 12 are of that half
  State wrong = State::understood;
};

std::optional<fleet::LocalDay> day_of(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (year < 1970 || year > 9999 || !date.ok()) return std::nullopt;
  return fleet::LocalDay{date};
}

class Reader {
 public:
  Reader(std::string_view text, const TimeContext& context)
      : scan_(text), context_(context), today_(context.zone.day_of(context.now)) {}

  TimeReading read();

 private:
  using Part = bool (Reader::*)();

  bool try_part(Part part);
  std::optional<TimeReading> relative();
  std::optional<fleet::Time> moved(fleet::Time t, double amount, std::size_t unit) const;
  bool filler();
  bool date();
  bool day_word();
  bool weekday();
  bool half_of_day();
  bool time();
  bool time_after(int hour, int digits);
  bool named_time();
  bool offset();
  bool set_date(std::optional<int> year, int month, int day);
  bool set_time(int hour, int minute, int second, int ms = 0);
  TimeReading combined() const;
  TimeReading on_wall_clock(Local local) const;

  TimeScanner scan_;
  const TimeContext& context_;
  fleet::LocalDay today_;
  Parts parts_;
};

constexpr std::array<std::string_view, 6> kNow{"now", "live", "现在", "此刻", "当前", "实时"};

constexpr std::array<std::string_view, 31> kUnits{
    "seconds", "second", "secs", "sec", "s",  "秒钟",   "秒",              //
    "minutes", "minute", "mins", "min", "m",  "分钟",   "分",              //
    "hours",   "hour",   "hrs",  "hr",  "h",  "个小时", "小时", "个钟头",  //
    "days",    "day",    "d",    "天",  "日",                              //
    "weeks",   "week",   "w",    "周"};
/// First of the words of minutes, hours, days, weeks.
constexpr std::size_t kMinutes = 7, kHours = 14, kDays = 22, kWeeks = 27;

/// "-2h", "1h30m ago", 三天前. Nothing: it is none.
std::optional<TimeReading> Reader::relative() {
  TimeScanner before = scan_;
  int sign = scan_.take_sign('+') ? 1 : scan_.take_sign('-') ? -1 : 0;
  scan_.skip_spaces();
  std::array<double, kUnits.size()> amounts{};
  bool any = false;
  while (const auto amount = scan_.amount()) {
    const auto unit = scan_.take_one(kUnits);
    // "1h30m" goes on at once: a unit of one letter ends at a digit as well as at a space.
    if (!unit) {
      any = false;
      break;
    }
    amounts[*unit] += *amount;
    any = true;
  }
  if (any && sign == 0) {
    if (scan_.take("ago") || scan_.take("前") || scan_.take("以前") || scan_.take("之前"))
      sign = -1;
    if (scan_.take("later") || scan_.take("后") || scan_.take("以后") || scan_.take("之后"))
      sign = 1;
  }
  if (!any || sign == 0 || !scan_.done()) {
    scan_ = before;
    return std::nullopt;
  }
  TimeReading reading{State::understood, context_.playhead};
  for (std::size_t unit = kUnits.size(); unit-- > 0;) {  // days before hours
    if (amounts[unit] == 0) continue;
    const auto to = moved(reading.at, sign * amounts[unit], unit);
    if (!to) return TimeReading{State::no_such_time};
    reading.at = *to;
  }
  return reading;
}

/// Whole days keep the time on the wall clock. Nothing: no date has that many digits.
std::optional<fleet::Time> Reader::moved(fleet::Time t, double amount, std::size_t unit) const {
  const double seconds = unit < kMinutes ? 1 : unit < kHours ? 60 : unit < kDays ? 3600 : 86'400;
  if (unit >= kWeeks) amount *= 7;
  constexpr double kMostSeconds = 1e10;  // three centuries
  if (std::abs(amount) * seconds > kMostSeconds) return std::nullopt;
  if (unit < kDays || amount != std::floor(amount)) {
    return t + fleet::Millis(std::llround(amount * seconds * 1000));
  }
  const fleet::TimeZone& zone = context_.zone;
  return zone.from_local(Local(zone.day_of(t)) + zone.time_of_day(t) +
                         days{static_cast<int>(amount)});
}

bool Reader::filler() {
  constexpr std::array<std::string_view, 4> kFillers{"at", "on", "the", "的"};
  return scan_.take_one(kFillers).has_value();
}

bool Reader::set_date(std::optional<int> year, int month, int day) {
  if (month < 1 || month > 12 || day < 1) {
    parts_.wrong = State::no_such_day;
    return true;
  }
  if (year) {
    parts_.day = day_of(*year, month, day);
  } else {
    // The last one there was; 29 February may be eight years ago.
    const std::chrono::year_month_day now{today_};
    const int this_year = static_cast<int>(now.year());
    for (int y = this_year; y >= this_year - 8 && !parts_.day; --y) {
      const auto found = day_of(y, month, day);
      if (found && *found <= today_) parts_.day = found;
    }
  }
  if (!parts_.day) parts_.wrong = State::no_such_day;
  return true;
}

constexpr std::array<std::string_view, 24> kMonths{
    "january",   "jan", "february", "feb", "march",    "mar", "april",    "apr",
    "may",       "may", "june",     "jun", "july",     "jul", "august",   "aug",
    "september", "sep", "october",  "oct", "november", "nov", "december", "dec"};

bool Reader::date() {
  if (parts_.day) return false;
  if (const auto month = scan_.take_one(kMonths)) {  // "oct 16", "oct 16 2026"
    const auto day = scan_.number();
    if (!day) return false;
    scan_.skip_spaces();
    const TimeScanner before = scan_;
    int digits = 0;
    const auto year = scan_.number(&digits);
    const bool is_year = digits == 4 && *year >= 1970 && !scan_.rest().starts_with(":");
    if (!is_year) scan_ = before;
    return set_date(is_year ? year : std::nullopt, static_cast<int>(*month / 2) + 1, *day);
  }
  int digits = 0;
  const auto first = scan_.number(&digits);
  if (!first) return false;
  if (digits == 8) return set_date(*first / 10'000, *first / 100 % 100, *first % 100);
  if (scan_.take("年")) {
    const auto month = scan_.number();
    if (!month || !scan_.take("月")) return false;
    const auto day = scan_.number();
    if (!day) return false;
    return (scan_.take("日") || scan_.take("号") || true) && set_date(*first, *month, *day);
  }
  if (scan_.take("月")) {
    const auto day = scan_.number();
    if (!day) return false;
    return (scan_.take("日") || scan_.take("号") || true) && set_date({}, *first, *day);
  }
  if (scan_.take("日") || scan_.take("号")) {  // of the month shown
    const std::chrono::year_month_day shown{context_.zone.day_of(context_.playhead)};
    return set_date(static_cast<int>(shown.year()),
                    static_cast<int>(static_cast<unsigned>(shown.month())), *first);
  }
  scan_.skip_spaces();
  if (const auto month = scan_.take_one(kMonths)) {  // "16 oct"
    return set_date({}, static_cast<int>(*month / 2) + 1, *first);
  }
  for (const char sign : {'-', '/', '.'}) {
    if (!scan_.take_sign(sign)) continue;
    const auto second = scan_.number();
    if (!second) return false;
    if (scan_.take_sign(sign)) {
      const auto third = scan_.number();
      return third && digits == 4 && set_date(*first, *second, *third);
    }
    return sign != '.' && digits <= 2 && set_date({}, *first, *second);
  }
  return false;
}

bool Reader::day_word() {
  struct Word {
    std::string_view word;
    int days;
    std::optional<bool> afternoon;
  };
  static constexpr std::array<Word, 15> kWords{{{"today", 0, {}},
                                                {"yesterday", -1, {}},
                                                {"tomorrow", 1, {}},
                                                {"大前天", -3, {}},
                                                {"前天", -2, {}},
                                                {"前日", -2, {}},
                                                {"昨天", -1, {}},
                                                {"昨日", -1, {}},
                                                {"昨晚", -1, true},
                                                {"今天", 0, {}},
                                                {"今日", 0, {}},
                                                {"今早", 0, false},
                                                {"今晚", 0, true},
                                                {"明天", 1, {}},
                                                {"明日", 1, {}}}};
  if (parts_.day) return false;
  for (const Word& word : kWords) {
    if (!scan_.take(word.word)) continue;
    parts_.day = today_ + days{word.days};
    if (word.afternoon) parts_.afternoon = word.afternoon;
    return true;
  }
  return false;
}

bool Reader::weekday() {
  constexpr std::array<std::string_view, 28> kNames{
      "monday", "mon",       "一",     "一",     "tuesday", "tue",      "二",
      "tues",   "wednesday", "wed",    "三",     "三",      "thursday", "thu",
      "四",     "thurs",     "friday", "fri",    "五",      "五",       "saturday",
      "sat",    "六",        "六",     "sunday", "sun",     "日",       "天"};
  if (parts_.day) return false;
  const bool last = scan_.take("last");
  const bool last_week = scan_.take("上个") || scan_.take("上");
  if (!last_week) (void)(scan_.take("本") || scan_.take("这个") || scan_.take("这"));
  const bool in_chinese = scan_.take("星期") || scan_.take("礼拜") || scan_.take("周");
  const auto name = scan_.take_one(kNames);
  if (!name || in_chinese != (static_cast<unsigned char>(kNames[*name][0]) >= 0x80)) return false;
  const auto from_monday = days{static_cast<int>(*name / 4)};
  const auto into_week = std::chrono::weekday{today_} - std::chrono::Monday;
  const fleet::LocalDay this_week = today_ - into_week + from_monday;
  if (last_week) {
    parts_.day = this_week - days{7};
  } else {
    const bool is_over = last ? this_week < today_ : this_week <= today_;
    parts_.day = is_over ? this_week : this_week - days{7};
  }
  return true;
}

bool Reader::half_of_day() {
  constexpr std::array<std::string_view, 13> kHalves{"am",   "a.m.", "上午", "早上", "凌晨",
                                                     "早晨", "清晨", "pm",   "p.m.", "下午",
                                                     "晚上", "傍晚", "中午"};
  if (parts_.afternoon) return false;
  const auto half = scan_.take_one(kHalves);
  if (!half) return false;
  parts_.afternoon = *half >= 7;
  return true;
}

bool Reader::set_time(int hour, int minute, int second, int ms) {
  const bool end_of_day = hour == 24 && minute == 0 && second == 0 && ms == 0;
  if ((hour > 23 && !end_of_day) || minute > 59 || second > 59) {
    parts_.wrong = State::no_such_time;
  }
  parts_.time = std::chrono::hours{hour} + std::chrono::minutes{minute} +
                std::chrono::seconds{second} + fleet::Millis{ms};
  return true;
}

bool Reader::named_time() {
  if (scan_.take("noon") || scan_.take("正午")) return set_time(12, 0, 0);
  if (scan_.take("midnight") || scan_.take("午夜") || scan_.take("零时")) return set_time(0, 0, 0);
  return false;
}

bool Reader::time() {
  if (parts_.time) return false;
  if (named_time()) return true;
  if (parts_.day) (void)scan_.take_sign('t');  // between the two of ISO 8601
  int digits = 0;
  const auto hour = scan_.number(&digits);
  return hour && time_after(*hour, digits);
}

bool Reader::time_after(int hour, int digits) {
  if (scan_.take("点钟") || scan_.take("点整") || scan_.take("时整")) return set_time(hour, 0, 0);
  if (scan_.take("点") || scan_.take("时")) {
    if (scan_.take("半")) return set_time(hour, 30, 0);
    if (scan_.take("一刻")) return set_time(hour, 15, 0);
    if (scan_.take("三刻")) return set_time(hour, 45, 0);
    const int minute = scan_.number().value_or(0);
    (void)scan_.take("分");
    const int second = scan_.number().value_or(0);
    (void)scan_.take("秒");
    return set_time(hour, minute, second);
  }
  if (scan_.take_sign(':')) {
    const auto minute = scan_.number();
    if (!minute) return false;
    int second = 0, ms = 0, places = 0;
    if (scan_.take_sign(':')) {
      const auto read = scan_.number();
      if (!read) return false;
      second = *read;
    }
    if (scan_.take_sign('.')) {
      ms = scan_.number(&places).value_or(0);
      for (; places < 3; ++places) ms *= 10;
      for (; places > 3; --places) ms /= 10;
    }
    return set_time(hour, *minute, second, ms);
  }
  if (digits == 6) return set_time(hour / 10'000, hour / 100 % 100, hour % 100);
  if (digits == 3 || digits == 4) return set_time(hour / 100, hour % 100, 0);
  return digits >= 1 && digits <= 2 && set_time(hour, 0, 0);
}

bool Reader::offset() {
  if (!parts_.time || parts_.offset) return false;
  const bool named = scan_.take("utc") || scan_.take("gmt");
  if (named || scan_.take("z")) parts_.offset = std::chrono::minutes{0};
  const int sign = scan_.take_sign('+') ? 1 : scan_.take_sign('-') ? -1 : 0;
  if (sign == 0) return parts_.offset.has_value();
  int digits = 0;
  const auto hours = scan_.number(&digits);
  if (!hours || digits == 0) return false;
  int minutes = *hours * 60;
  if (digits == 4) minutes = *hours / 100 * 60 + *hours % 100;
  if (scan_.take_sign(':')) {
    const auto more = scan_.number();
    if (!more || *more > 59) return false;
    minutes += *more;
  }
  constexpr int kWidest = 14 * 60;  // of any place on earth
  parts_.offset = std::chrono::minutes{sign * minutes};
  return minutes <= kWidest;
}

/// What a part that does not fit took is given back.
bool Reader::try_part(Part part) {
  const TimeScanner before = scan_;
  const Parts parts = parts_;
  if (!(this->*part)()) {
    scan_ = before;
    parts_ = parts;
    return false;
  }
  scan_.skip_spaces();
  return true;
}

TimeReading Reader::read() {
  if (scan_.done()) return {State::empty};
  for (const std::string_view now : kNow) {
    if (scan_.rest() == now) return {State::understood, context_.now};
  }
  if (const auto reading = relative()) return *reading;
  constexpr std::array<Part, 7> kParts{&Reader::offset,      &Reader::date,    &Reader::day_word,
                                       &Reader::half_of_day, &Reader::weekday, &Reader::time,
                                       &Reader::filler};
  while (!scan_.done()) {
    bool any = false;
    for (const Part part : kParts) {
      any = try_part(part);
      if (any) break;
    }
    if (!any) return {State::not_understood};
  }
  if (parts_.wrong != State::understood) return {parts_.wrong};
  if (!parts_.day && !parts_.time) return {State::not_understood};
  return combined();
}

TimeReading Reader::combined() const {
  const fleet::TimeZone& zone = context_.zone;
  const auto offset = parts_.offset;
  // Of a time with an offset alone the day is the one that the playhead has there.
  const fleet::LocalDay shown = offset ? fleet::LocalDay{std::chrono::floor<days>(
                                             (context_.playhead + *offset).time_since_epoch())}
                                       : zone.day_of(context_.playhead);
  fleet::Millis time = parts_.time.value_or(zone.time_of_day(context_.playhead));
  if (parts_.time && parts_.afternoon) {
    constexpr std::chrono::hours kHalf{12};
    const auto hour = std::chrono::floor<std::chrono::hours>(time);
    if (*parts_.afternoon && hour < kHalf) time += kHalf;
    if (!*parts_.afternoon && hour == kHalf) time -= kHalf;
  }
  const Local local = Local(parts_.day.value_or(shown)) + time;
  if (!offset) return on_wall_clock(local);
  return {State::understood, fleet::Time{local.time_since_epoch() - *offset}};
}

TimeReading Reader::on_wall_clock(Local local) const {
  const fleet::TimeZone& zone = context_.zone;
  TimeReading reading{State::understood, zone.from_local(local)};
  const auto reads = [&](fleet::Time t) { return Local(t.time_since_epoch() + zone.offset_at(t)); };
  reading.skipped = reads(reading.at) != local;
  for (const auto& change : zone.transitions()) {
    if (change.from <= reading.at || change.from - reading.at > days{1}) continue;
    const auto back = zone.offset_at(reading.at) - change.offset;
    const fleet::Time again = reading.at + back;
    reading.twice = back.count() > 0 && again >= change.from && reads(again) == local;
    break;
  }
  return reading;
}

}  // namespace

TimeReading read_time(std::string_view text, const TimeContext& context) {
  const std::string plain = plain_text(text);
  return Reader(plain, context).read();
}

}  // namespace viewer
