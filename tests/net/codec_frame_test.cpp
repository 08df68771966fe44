// Round trips of frames, what decoders refuse, and limits.
#include "net/codec/frame_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <cmath>

#include "net/codec/bodies.hpp"
#include "net/proto/feed.pb.h"
#include "tests/net/codec_samples.hpp"

namespace net {
namespace {

namespace v1 = ::fleetwall::v1;
using samples::bytes_of;
using samples::Fleet;
using testing::HasSubstr;

fleet::Update decoded(const EncodedFrame& frame) {
  FrameDecoder decoder;
  auto update = decoder.decode(bytes_of(frame));
  EXPECT_TRUE(update.ok()) << (update ? "" : update.error().what);
  return update ? std::move(*update) : fleet::Update(fleet::Heartbeat{});
}

std::string error_of(const std::string& bytes) {
  FrameDecoder decoder;
  auto update = decoder.decode(bytes_of(bytes));
  return update ? std::string("accepted") : update.error().what;
}

/// Applies whatever a decoder gave to a state; it must come back, whatever it says.
void apply_to(fleet::FleetState& state, const fleet::Update& update) {
  if (auto* tick = std::get_if<fleet::TickBatch>(&update)) (void)state.apply(*tick);
  if (auto* batch = std::get_if<fleet::StateBatch>(&update)) (void)state.apply(*batch);
  if (auto* roster = std::get_if<fleet::RosterBatch>(&update)) (void)state.apply(*roster);
}

TEST(FrameCodec, BringsReadersToTheStateOfTheGatewayThroughRandomTicks) {
  Fleet gateway(50);
  fleet::FleetState reader = gateway.state;
  FrameEncoder encoder;

  for (int k = 0; k < 60; ++k) {
    gateway.report_at_random(static_cast<std::size_t>(k % 7 * k));
    const auto update = decoded(encoder.encode(gateway.end_tick()));

    ASSERT_TRUE(reader.apply(std::get<fleet::TickBatch>(update)).ok());
    ASSERT_EQ(reader.hash(), gateway.state.hash()) << "tick " << k;
    ASSERT_EQ(reader.position(), gateway.state.position());
    for (fleet::Slot m = 0; m < 50; ++m) {
      ASSERT_EQ(reader.figures(m), gateway.state.figures(m));
      ASSERT_EQ(reader.head(m), gateway.state.head(m));
    }
  }
}

TEST(FrameCodec, KeepsEveryPartOfATick) {
  Fleet gateway(50);
  gateway.report_at_random(200);
  gateway.tick.activity = fleet::ActivitySample{20742, 287, 31};
  const fleet::TickBatch tick = gateway.end_tick();
  FrameEncoder encoder;

  const auto update = decoded(encoder.encode(tick));

  const auto& got = std::get<fleet::TickBatch>(update);
  EXPECT_EQ(got.position, tick.position);
  EXPECT_EQ(got.begin, tick.begin);
  EXPECT_EQ(got.end, tick.end);
  ASSERT_EQ(got.rows.size(), tick.rows.size());
  for (std::size_t i = 0; i < tick.rows.size(); ++i) {
    const fleet::Row &a = got.rows[i], &b = tick.rows[i];
    EXPECT_EQ(a.machine, b.machine);
    EXPECT_EQ(a.fields, b.fields);
    EXPECT_EQ(a.device_offset_ms, b.device_offset_ms);
    EXPECT_EQ(a.device_time, fleet::kNever);
    const auto count = static_cast<std::size_t>(std::popcount(b.fields));
    for (std::size_t k = 0; k < count; ++k) {
      ASSERT_EQ(got.values[a.value_begin + k], tick.values[b.value_begin + k]);
    }
  }
  ASSERT_EQ(got.periods.size(), 1u);
  EXPECT_EQ(got.periods[0].period_ms, tick.periods[0].period_ms);
  ASSERT_EQ(got.figures.size(), 1u);
  EXPECT_EQ(got.figures[0].figures, tick.figures[0].figures);
  ASSERT_EQ(got.alarms.size(), 1u);
  EXPECT_EQ(got.alarms[0].alarm, tick.alarms[0].alarm);
  EXPECT_EQ(got.activity, tick.activity);
  EXPECT_EQ(tick.lists.size(), 2u);
  EXPECT_EQ(samples::lists_of(got), samples::lists_of(tick));
}

TEST(FrameCodec, SendsReceiveTimesAsLagsWhenThatIsSmaller) {
  Fleet steady(200), batch(200);
  for (fleet::Slot m = 0; m < 200; ++m) {
    steady.report(m, m * 5, m * 5 + 100, {{fleet::kEngineOn, 1}});
    batch.report(m, m * 5, 1000, {{fleet::kEngineOn, 1}});
  }
  FrameEncoder encoder;

  const auto lags = decoded(encoder.encode(steady.end_tick()));
  const auto direct = decoded(encoder.encode(batch.end_tick()));

  EXPECT_TRUE(std::get<fleet::TickBatch>(lags).receive_is_lag);
  EXPECT_EQ(std::get<fleet::TickBatch>(lags).rows[7].receive_ms, 100);
  EXPECT_FALSE(std::get<fleet::TickBatch>(direct).receive_is_lag);
  EXPECT_EQ(std::get<fleet::TickBatch>(direct).rows[7].receive_ms, 1000);
}

TEST(FrameCodec, RebuildsAStateFromAKeyframe) {
  Fleet gateway(50);
  for (int k = 0; k < 5; ++k) gateway.report_at_random(40), (void)gateway.end_tick();
  gateway.state.note_activity({20742, 0, 0});
  gateway.state.note_activity({20742, 168, 42});
  FrameEncoder encoder;

  const auto update = decoded(encoder.encode(gateway.state.keyframe()));

  fleet::FleetState reader;
  ASSERT_TRUE(reader.apply(samples::roster(50)).ok());
  ASSERT_TRUE(reader.apply(std::get<fleet::StateBatch>(update)).ok());
  EXPECT_EQ(reader.hash(), gateway.state.hash());
  EXPECT_EQ(reader.time(), gateway.state.time());
  EXPECT_EQ(reader.activity(), gateway.state.activity());
  EXPECT_FALSE(gateway.state.heat().entries().empty());
  EXPECT_EQ(reader.heat().image(), gateway.state.heat().image());
  for (fleet::Slot m = 0; m < 50; ++m) {
    EXPECT_EQ(reader.figures(m), gateway.state.figures(m));
    EXPECT_EQ(reader.head(m), gateway.state.head(m));
  }
}

TEST(FrameCodec, CatchesUpTheMachinesThatChanged) {
  Fleet gateway(50);
  gateway.report_at_random(60);
  (void)gateway.end_tick();
  fleet::FleetState reader = gateway.state;
  for (const fleet::Slot m : {3u, 4u, 49u}) gateway.report(m, 100, 900, {{fleet::kRpm, 1600}});
  (void)gateway.end_tick();
  const fleet::Slot changed[] = {3, 4, 49};
  FrameEncoder encoder;

  const EncodedFrame frame = encoder.encode(gateway.state.catch_up(changed, 0));
  const auto update = decoded(frame);

  EXPECT_EQ(frame.kind, EncodedFrame::Kind::catch_up);
  ASSERT_TRUE(reader.apply(std::get<fleet::StateBatch>(update)).ok());
  EXPECT_EQ(reader.hash(), gateway.state.hash());
}

TEST(FrameCodec, KeepsRosters) {
  fleet::RosterBatch batch = samples::roster(3);
  batch.machines[1].second.serial = std::string(128, 'x');
  batch.machines[1].second.last_service_h = 1250.25;
  batch.extra_fields = {"bucket_kpa", "boom_deg"};
  FrameEncoder encoder;

  const auto update = decoded(encoder.encode(batch, {7, 3}, samples::kNoon));

  const auto& got = std::get<fleet::RosterBatch>(update);
  EXPECT_TRUE(got.complete);
  EXPECT_EQ(got.version, 3u);
  EXPECT_EQ(got.extra_fields, batch.extra_fields);
  ASSERT_EQ(got.machines.size(), 3u);
  EXPECT_EQ(got.machines[1].first, 1u);
  EXPECT_EQ(got.machines[1].second.serial, batch.machines[1].second.serial);
  EXPECT_EQ(got.machines[1].second.customer, "苏州某公司");
  EXPECT_EQ(got.machines[1].second.last_service_h, 1250.25);
  EXPECT_EQ(got.machines[1].second.fuel_per_h, 12.5);
  EXPECT_TRUE(std::isnan(got.machines[1].second.loan_monthly));
}

TEST(FrameCodec, SendsBrokenTextAsQuestionMarksAndCutsLongText) {
  fleet::RosterBatch batch = samples::roster(1);
  batch.machines[0].second.customer = "a\xFFz";
  batch.machines[0].second.maker = std::string(126, 'm') + "三一";
  FrameEncoder encoder;

  const auto update = decoded(encoder.encode(batch, {}, samples::kNoon));

  const auto& machine = std::get<fleet::RosterBatch>(update).machines[0].second;
  EXPECT_EQ(machine.customer, "a?z");
  EXPECT_EQ(machine.maker, std::string(126, 'm'));
}

TEST(FrameCodec, WritesWhatTheSchemaSays) {
  Fleet gateway(20);
  gateway.report_at_random(30);
  const fleet::TickBatch tick = gateway.end_tick();
  wire::MessageWriter tick_body, state_body;
  write_tick_body(tick, tick_body);
  write_state_body(gateway.state.keyframe(), state_body);

  v1::TickBody tick_message;
  v1::StateBody state_message;
  ASSERT_TRUE(tick_message.ParseFromString(tick_body.bytes()));
  ASSERT_TRUE(state_message.ParseFromString(state_body.bytes()));

  EXPECT_EQ(tick_message.row_count(), 30u);
  EXPECT_EQ(tick_message.machine_gaps_size(), 30);
  EXPECT_EQ(tick_message.alarms_size(), 1);
  EXPECT_EQ(state_message.machine_count(),
            static_cast<unsigned>(state_message.machine_gaps_size()));
  // And the other way round: what generated code writes is read alike.
  fleet::TickBatch again;
  const std::string bytes = tick_message.SerializeAsString();
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  ASSERT_TRUE(read_tick_body({data, bytes.size()}, again).ok());
  EXPECT_EQ(again.rows.size(), 30u);
  EXPECT_EQ(again.values.size(), tick.values.size());
}

// ---------------------------------------------------------------- damage

std::vector<EncodedFrame> sample_frames() {
  Fleet gateway = samples::golden_fleet();
  const auto tick = gateway.end_tick();
  FrameEncoder encoder;
  return {encoder.encode(tick), encoder.encode(gateway.state.keyframe()),
          encoder.encode(samples::roster(3), {7, 2}, samples::kNoon)};
}

TEST(FrameDecoder, RefusesEveryTruncation) {
  for (const EncodedFrame& frame : sample_frames()) {
    for (std::size_t size = 0; size < frame.bytes.size(); ++size) {
      EXPECT_NE(error_of(frame.bytes.substr(0, size)), "accepted") << size;
    }
  }
}

TEST(FrameDecoder, RefusesEveryFlippedBit) {
  for (const EncodedFrame& frame : sample_frames()) {
    for (std::size_t bit = 0; bit < frame.bytes.size() * 8; ++bit) {
      std::string damaged = frame.bytes;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
      EXPECT_NE(error_of(damaged), "accepted") << "bit " << bit;
    }
  }
}

/// Behind the checksum: bodies that a hostile gateway may send.
TEST(FrameDecoder, ReadsOrRefusesDamagedBodiesWithoutHarm) {
  Fleet gateway = samples::golden_fleet();
  const fleet::FleetState before = gateway.state;
  wire::MessageWriter tick, state, roster;
  write_tick_body(gateway.end_tick(), tick);
  write_state_body(gateway.state.keyframe(), state);
  write_roster_body(samples::roster(3), roster);
  std::mt19937 random(1);
  int refused = 0, read = 0;

  for (int k = 0; k < 60'000; ++k) {
    const int kind = k % 3;
    std::string body = (kind == 0 ? tick : kind == 1 ? state : roster).bytes();
    const std::size_t edits = 1 + random() % 3;
    for (std::size_t e = 0; e < edits; ++e) {
      const std::size_t at = random() % body.size();
      if (random() % 4 == 0)
        body.resize(std::max<std::size_t>(at, 1));
      else
        body[at] = static_cast<char>(random() % 3 ? body[at] ^ (1 << random() % 8) : random());
      if (body.size() == 1) break;
    }
    const wire::Bytes bytes(reinterpret_cast<const std::uint8_t*>(body.data()), body.size());
    fleet::TickBatch tick_batch;
    tick_batch.begin = samples::kNoon;
    tick_batch.end = samples::kNoon + fleet::Millis{1000};
    fleet::StateBatch state_batch;
    state_batch.time = samples::kNoon;
    fleet::RosterBatch roster_batch;
    const bool ok = kind == 0   ? read_tick_body(bytes, tick_batch).ok()
                    : kind == 1 ? read_state_body(bytes, state_batch).ok()
                                : read_roster_body(bytes, roster_batch).ok();
    ++(ok ? read : refused);
    if (!ok) continue;
    fleet::FleetState victim = before;
    if (kind == 0) apply_to(victim, tick_batch);
    if (kind == 1) apply_to(victim, state_batch);
    if (kind == 2) apply_to(victim, roster_batch);
    (void)victim.hash();
  }

  EXPECT_GT(refused, 1000);  // both ways were really tried
  EXPECT_GT(read, 1000);
}

// ---------------------------------------------------------------- limits

/// A tick frame around a body, with a header that fits.
std::string frame_around(const std::string& packed, std::size_t body_size) {
  Fleet gateway(1);
  FrameEncoder encoder;
  v1::Frame frame;
  EXPECT_TRUE(frame.ParseFromString(encoder.encode(gateway.end_tick()).bytes));
  frame.set_body(packed);
  frame.set_body_size(static_cast<std::uint32_t>(body_size));
  frame.set_check(frame_check(frame));
  return frame.SerializeAsString();
}

std::string packed(const std::string& body, bool checksum = true) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum);
  std::string out(ZSTD_compressBound(body.size()), '\0');
  out.resize(ZSTD_compress2(context, out.data(), out.size(), body.data(), body.size()));
  ZSTD_freeCCtx(context);
  return out;
}

TEST(FrameDecoder, RefusesABodyThatWouldBeTooLargeBeforeUnpackingIt) {
  const std::string body = packed("");

  EXPECT_THAT(error_of(frame_around(body, kMaxFrameBodyBytes + 1)), HasSubstr("at most 268435456"));
  EXPECT_THAT(error_of(frame_around(body, kMaxFrameBodyBytes)), HasSubstr("not one zstd frame"));
}

TEST(FrameDecoder, RefusesBodiesThatAreNotOneCheckedZstdFrameOfTheSizeTold) {
  EXPECT_EQ(error_of(frame_around(packed(""), 0)), "accepted");
  EXPECT_THAT(error_of(frame_around(packed("", false), 0)), HasSubstr("no checksum"));
  EXPECT_THAT(error_of(frame_around(packed("\x08"), 2)), HasSubstr("not one zstd frame"));
  EXPECT_THAT(error_of(frame_around(packed("") + packed(""), 0)), HasSubstr("not one zstd frame"));
  EXPECT_THAT(error_of(frame_around("", 0)), HasSubstr("not one zstd frame"));
}

std::string body_error(const v1::TickBody& body) {
  fleet::TickBatch tick;
  const std::string bytes = body.SerializeAsString();
  const auto result =
      read_tick_body({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, tick);
  return result ? "accepted" : result.error().what;
}

std::string state_error(const v1::StateBody& body) {
  fleet::StateBatch state;
  const std::string bytes = body.SerializeAsString();
  const auto result =
      read_state_body({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, state);
  return result ? "accepted" : result.error().what;
}

v1::TickBody one_row() {
  v1::TickBody body;
  body.set_row_count(1);
  body.add_machine_gaps(0);
  body.add_shapes(1);
  return body;
}

TEST(TickBody, HoldsSlotsUpToTheLastOne) {
  v1::TickBody body = one_row();
  body.set_machine_gaps(0, fleet::kMaxMachines - 1);
  EXPECT_EQ(body_error(body), "accepted");

  body.set_machine_gaps(0, fleet::kMaxMachines);
  EXPECT_THAT(body_error(body), HasSubstr("slot over 2097151"));
}

TEST(TickBody, HoldsMovesOfHalfTheWorldAndNoMore) {
  v1::TickBody body = one_row();
  body.mutable_move_x()->add_dense(-(1 << 27));
  body.mutable_move_y()->add_dense((1 << 27) - 1);
  EXPECT_EQ(body_error(body), "accepted");

  body.mutable_move_y()->set_dense(0, 1 << 27);
  EXPECT_THAT(body_error(body), HasSubstr("half the world"));
}

TEST(TickBody, HoldsTimesWithinItsSpan) {
  v1::TickBody body = one_row();
  body.mutable_device_offset()->add_dense(kMaxTimeSpanMs);
  EXPECT_EQ(body_error(body), "accepted");

  body.mutable_device_offset()->set_dense(0, kMaxTimeSpanMs + 1);
  EXPECT_THAT(body_error(body), HasSubstr("2^46"));
}

TEST(TickBody, HoldsActivityOfEveryStepAndFleetAndNoMore) {
  v1::TickBody body = one_row();
  body.mutable_activity()->set_day(-20'000);
  body.mutable_activity()->set_step(fleet::kActivitySteps - 1);
  body.mutable_activity()->set_working(fleet::kMaxMachines);
  EXPECT_EQ(body_error(body), "accepted");

  body.mutable_activity()->set_step(fleet::kActivitySteps);
  EXPECT_THAT(body_error(body), HasSubstr("step 288"));
  body.mutable_activity()->set_step(0);
  body.mutable_activity()->set_working(fleet::kMaxMachines + 1);
  EXPECT_THAT(body_error(body), HasSubstr("at most 2097152 machines"));
  body.mutable_activity()->set_working(0);
  body.mutable_activity()->set_day(12'000'001);
  EXPECT_THAT(body_error(body), HasSubstr("days from 1970"));
}

TEST(StateBody, HoldsActivityOfOneWholeDayAndNoMore) {
  v1::StateBody body;
  for (int i = 0; i < fleet::kActivitySteps; ++i)
    body.mutable_activity()->mutable_working()->add_dense(i % 7 - 1);
  EXPECT_EQ(state_error(body), "accepted");

  body.mutable_activity()->mutable_working()->add_dense(1);
  EXPECT_THAT(state_error(body), HasSubstr("working does not hold 288"));
  body.mutable_activity()->mutable_working()->clear_dense();
  body.mutable_activity()->mutable_working()->set_base(-2);
  EXPECT_THAT(state_error(body), HasSubstr("working holds a number outside"));
}

TEST(TickBody, RefusesMoreRowsThanItHasMachinesFor) {
  v1::TickBody body = one_row();
  body.set_row_count(2);
  EXPECT_THAT(body_error(body), HasSubstr("2 rows, but machines in 1 bytes"));

  body.set_row_count(UINT32_MAX);
  EXPECT_THAT(body_error(body), HasSubstr("at most 4194304"));
}

TEST(TickBody, RefusesMoreRowsThanTheLimit) {
  v1::TickBody body;
  body.set_row_count(kMaxTickRows);
  body.add_shapes(0);
  for (std::size_t i = 0; i < kMaxTickRows; ++i) body.add_machine_gaps(0);
  EXPECT_EQ(body_error(body), "accepted");

  body.set_row_count(kMaxTickRows + 1);
  body.add_machine_gaps(0);
  EXPECT_THAT(body_error(body), HasSubstr("at most 4194304"));
}

TEST(TickBody, RefusesMoreValuesThanTheLimit) {
  v1::TickBody body;
  body.add_shapes(~std::uint64_t{0});
  const std::size_t rows = kMaxFrameValues / 64 + 1;
  body.set_row_count(static_cast<std::uint32_t>(rows));
  for (std::size_t i = 0; i < rows; ++i) body.add_machine_gaps(0);

  EXPECT_THAT(body_error(body), HasSubstr("more than 67108864 values"));
}

TEST(TickBody, RefusesColumnsOfTheWrongLength) {
  v1::TickBody body = one_row();
  body.mutable_move_x()->add_dense(1);
  body.mutable_move_x()->add_dense(1);
  EXPECT_THAT(body_error(body), HasSubstr("move_x does not hold 1"));

  body = one_row();
  body.mutable_device_offset()->add_gaps(1);
  body.mutable_device_offset()->add_values(1);
  EXPECT_THAT(body_error(body), HasSubstr("device_offset does not hold 1"));

  body = one_row();
  auto* column = body.add_fields();
  column->set_field(fleet::kRpm);
  column->mutable_column()->add_dense(5);
  EXPECT_THAT(body_error(body), HasSubstr("field 6 does not hold 0"));
}

TEST(TickBody, RefusesShapesOutsideItsTableAndFieldsOutOfOrder) {
  v1::TickBody body = one_row();
  body.add_machine_gaps(0);
  body.set_row_count(2);
  body.add_shapes(3);
  body.add_row_shapes(0);
  body.add_row_shapes(2);
  EXPECT_THAT(body_error(body), HasSubstr("shape outside the table"));

  body = one_row();
  for (const int field : {5, 5}) body.add_fields()->set_field(static_cast<std::uint32_t>(field));
  EXPECT_THAT(body_error(body), HasSubstr("column of field 5 after one of field 5"));
}

TEST(Column, IsDenseOrSparseWhicheverIsSmaller) {
  std::vector<std::int64_t> few(1000, 0), many(1000, 1);
  few[500] = 77;
  wire::MessageWriter writer;
  writer.column(1, few, wire::Base::zero);
  writer.column(2, many, wire::Base::zero);
  writer.column(3, many, wire::Base::median);
  wire::FieldReader reader(
      {reinterpret_cast<const std::uint8_t*>(writer.bytes().data()), writer.bytes().size()});
  std::vector<wire::Column> columns;
  for (wire::Field field; reader.next(field);) columns.push_back(*wire::read_column(field.bytes));

  ASSERT_EQ(columns.size(), 3u);
  EXPECT_TRUE(columns[0].dense.empty());
  EXPECT_EQ(columns[1].dense.size(), 1000u);
  EXPECT_TRUE(columns[2].dense.empty() && columns[2].gaps.empty());
  for (const auto& [column, numbers] : {std::pair{columns[0], few}, {columns[2], many}}) {
    std::vector<std::int64_t> got(1000, 0);
    EXPECT_TRUE(wire::expand(column, 1000, [&](std::size_t i, std::int64_t v) { got[i] = v; }));
    EXPECT_EQ(got, numbers);
  }
}

TEST(Column, HoldsEveryNumber) {
  const std::vector<std::int64_t> numbers = {INT64_MIN, -1, 0, 1, INT64_MAX, 63, 64, -64, -65};
  for (const wire::Base base : {wire::Base::zero, wire::Base::median}) {
    wire::MessageWriter writer;
    writer.column(1, numbers, base);
    wire::FieldReader reader(
        {reinterpret_cast<const std::uint8_t*>(writer.bytes().data()), writer.bytes().size()});
    wire::Field field;
    ASSERT_TRUE(reader.next(field));
    std::vector<std::int64_t> got(numbers.size(), 0);
    ASSERT_TRUE(wire::expand(*wire::read_column(field.bytes), got.size(),
                             [&](std::size_t i, std::int64_t v) { got[i] = v; }));
    EXPECT_EQ(got, numbers);
  }
}

}  // namespace
}  // namespace net
