// Where hours were worked, in tick and state bodies.
#include <algorithm>

#include "net/codec/body_parts.hpp"
#include "net/proto/feed.pb.h"

namespace net {
namespace {

using PbFigures = ::fleetwall::v1::MachineFigures;
using PbHeat = ::fleetwall::v1::DayHeat;
using wire::Base;
using wire::Bytes;
using wire::Column;

constexpr std::int64_t kCells = fleet::kHeatCells;

}  // namespace

void write_shares(std::span<const fleet::FiguresChange> changes,
                  std::span<const fleet::HeatShare> shares, wire::MessageWriter& out) {
  std::vector<std::int64_t> counts, dx, dy, hours, seconds;
  for (const fleet::FiguresChange& change : changes) {
    counts.push_back(change.share_count);
    for (const auto& share : shares.subspan(change.share_begin, change.share_count)) {
      dx.push_back(share.dx);
      dy.push_back(share.dy);
      hours.push_back(share.hour);
      seconds.push_back(share.seconds);
    }
    // The last one's is what is left.
    if (change.share_count > 0) seconds.back() = 0;
  }
  out.column(PbFigures::kShareCountFieldNumber, counts, Base::median);
  out.column(PbFigures::kShareDxFieldNumber, dx, Base::zero);
  out.column(PbFigures::kShareDyFieldNumber, dy, Base::zero);
  out.column(PbFigures::kShareHourFieldNumber, hours, Base::median);
  out.column(PbFigures::kShareSecondsFieldNumber, seconds, Base::zero);
}

fleet::Result<void> read_shares(Bytes message, std::span<fleet::FiguresChange> changes,
                                std::vector<fleet::HeatShare>& shares, const ShareLimits& limits) {
  constexpr int kFirst = PbFigures::kShareCountFieldNumber;
  Column columns[PbFigures::kShareSecondsFieldNumber - kFirst + 1];
  wire::FieldReader reader(message);
  for (wire::Field field; reader.next(field);) {
    if (field.number < kFirst || field.number > PbFigures::kShareSecondsFieldNumber) continue;
    if (auto taken = take_column(field.bytes, columns[field.number - kFirst]); !taken) return taken;
  }
  if (reader.damaged()) return fleet::Error{"the figures are damaged"};
  auto counts = read_numbers(columns[0], changes.size(), 0, limits.machine, "share_count");
  if (!counts) return counts.error();
  std::size_t n = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    changes[i].share_begin = static_cast<std::uint32_t>(n);
    changes[i].share_count = static_cast<std::uint32_t>((*counts)[i]);
    n += changes[i].share_count;
  }
  if (n > limits.frame) {
    return fleet::Error{std::to_string(n) + " shares of heat, at most " +
                        std::to_string(limits.frame) + " are allowed"};
  }
  auto dx = read_numbers(columns[1], n, -kCells, kCells, "share_dx");
  if (!dx) return dx.error();
  auto dy = read_numbers(columns[2], n, -kCells, kCells, "share_dy");
  if (!dy) return dy.error();
  auto hours = read_numbers(columns[3], n, 0, fleet::kUnknownHour, "share_hour");
  if (!hours) return hours.error();
  auto seconds = read_numbers(columns[4], n, INT32_MIN, INT32_MAX, "share_seconds");
  if (!seconds) return seconds.error();
  shares.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    shares[i] = {static_cast<std::int32_t>((*dx)[i]), static_cast<std::int32_t>((*dy)[i]),
                 static_cast<std::uint8_t>((*hours)[i]), static_cast<std::int32_t>((*seconds)[i])};
  }
  return {};
}

void write_heat(const fleet::HeatImage& image, wire::MessageWriter& out) {
  std::vector<std::int64_t> steps, seconds;
  steps.reserve(image.values.size());
  seconds.reserve(image.values.size());
  std::uint64_t before = 0;
  for (const fleet::HeatValue& value : image.values) {
    steps.push_back(static_cast<std::int64_t>(value.key.bits - before));
    seconds.push_back(value.seconds);
    before = value.key.bits;
  }
  out.sint(PbHeat::kDayFieldNumber, image.day);
  out.number(PbHeat::kCountFieldNumber, image.values.size());
  out.column(PbHeat::kStepFieldNumber, steps, Base::zero);
  out.column(PbHeat::kSecondsFieldNumber, seconds, Base::zero);
}

fleet::Result<fleet::HeatImage> read_heat(Bytes message) {
  fleet::HeatImage image;
  std::uint64_t count = 0;
  std::int64_t day = 0;
  Column step, seconds;
  wire::FieldReader reader(message);
  for (wire::Field field; reader.next(field);) {
    fleet::Result<void> taken;
    if (field.number == PbHeat::kDayFieldNumber) day = wire::unzigzag(field.value);
    if (field.number == PbHeat::kCountFieldNumber) count = field.value;
    if (field.number == PbHeat::kStepFieldNumber) taken = take_column(field.bytes, step);
    if (field.number == PbHeat::kSecondsFieldNumber) taken = take_column(field.bytes, seconds);
    if (!taken) return taken.error();
  }
  if (reader.damaged()) return fleet::Error{"the heat is damaged"};
  if (day < INT32_MIN || day > INT32_MAX) {
    return fleet::Error{"the heat is of day " + std::to_string(day)};
  }
  image.day = static_cast<std::int32_t>(day);
  // Every step but the first is at least 1: none is left out of the bytes.
  if (count > message.size()) {
    return fleet::Error{std::to_string(count) + " cells of heat in " +
                        std::to_string(message.size()) + " bytes"};
  }
  auto values = read_numbers(seconds, count, INT32_MIN, INT32_MAX, "seconds of the heat");
  if (!values) return values.error();
  image.values.resize(count);
  std::uint64_t key = 0;
  const bool fits = wire::expand(step, count, [&](std::size_t i, std::int64_t by) {
    key += static_cast<std::uint64_t>(by);
    image.values[i] = {{key}, static_cast<std::int32_t>((*values)[i])};
  });
  if (!fits) return column_error("step of the heat", count);
  if (auto checked = fleet::check_image(image); !checked) return checked.error();
  return image;
}

}  // namespace net
