// What a line says of its machine's record in the roster.
#pragma once

#include <string_view>
#include <vector>

#include "fleet/roster.hpp"
#include "net/ingest/ndjson_keys.hpp"

namespace net {

/// True for keys of the roster that hold a text; its other keys hold a number.
bool is_roster_text(Key key);

class RosterChange {
 public:
  bool empty() const { return texts_.empty() && numbers_.empty(); }
  void clear();
  /// text: is kept as a view. False: it is too long or has control characters, and is left out.
  bool set(Key key, std::string_view text);
  void set(Key key, double number);
  void apply_to(fleet::Machine& machine) const;

 private:
  struct Text {
    Key key;
    std::string_view text;
  };
  struct Number {
    Key key;
    double value;
  };
  std::vector<Text> texts_;
  std::vector<Number> numbers_;
};

}  // namespace net
