// One line of an ingest message: its JSON is walked once, where it lies. For the ndjson*.cpp only,
// see ndjson_values.hpp.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "net/ingest/ndjson.hpp"
#include "net/ingest/ndjson_roster.hpp"
#include "net/ingest/ndjson_values.hpp"

namespace net {

class NdjsonLineReader {
 public:
  /// Bytes behind the end of a line that must be readable.
  static constexpr std::size_t kPadding = simdjson::SIMDJSON_PADDING;

  /// most_listed: rejections listed of one message.
  explicit NdjsonLineReader(std::size_t most_listed) : most_listed_(most_listed) {}

  /// Lines from here on are of a new message: they are received at this time, change this state,
  /// and their reports are appended to this batch.
  void begin(fleet::Time receive_time, fleet::FleetState& state, fleet::ReportBatch& batch);
  /// text: not blank. readable: bytes that may be read from text.data() on, at least kPadding more
  /// than text. number: of the line, from 1.
  void read(std::string_view text, std::size_t readable, std::uint32_t number);

  /// Of the lines read since `begin`.
  NdjsonOutcome& outcome() { return outcome_; }
  /// Those that are no JSON object.
  std::uint32_t no_json() const { return no_json_; }

 private:
  /// The line while it is read. Values and faults already stand in the batch.
  struct Line {
    fleet::Report report;
    std::string_view id;
    bool has_id = false, has_time = false, bad_time = false;
    bool has_lon = false, has_lat = false;
    std::uint64_t seen_fields = 0;
    std::uint64_t seen_keys = 0;
    std::size_t rejected_begin = 0;
    bool rejected = false;
    std::array<std::uint32_t, fleet::kReasonCount> rejected_count{};
  };
  /// A value of a field that the fleet does not have yet.
  struct NewField {
    std::string_view name;
    double value;
  };

  void open_line(std::uint32_t number);
  void reject(fleet::Reason reason, std::string_view field);
  void reject_line(fleet::Reason reason, std::string_view field = {});
  void count_rejected();
  void forget_values();

  bool read_object(std::string_view text, std::size_t readable);
  Fate read_field(std::string_view name, od::value& value);
  Fate read_known(const KeyInfo& info, od::value& value);
  Fate read_value(fleet::FieldId field, od::value& value, bool flag);
  Fate read_extra(std::string_view name, od::value& value);
  Fate read_roster(Key key, od::value& value);
  Fate read_coordinate(od::value& value, bool& has, double& out);
  void finish();
  void update_roster(fleet::Slot slot);
  void add_new_fields();

  od::parser parser_;
  Line line_;
  RosterChange roster_change_;
  std::vector<NewField> new_fields_;
  fleet::Time receive_time_;
  fleet::FleetState* state_ = nullptr;
  fleet::ReportBatch* batch_ = nullptr;
  NdjsonOutcome outcome_;
  std::size_t most_listed_;
  std::uint32_t no_json_ = 0;
};

}  // namespace net
