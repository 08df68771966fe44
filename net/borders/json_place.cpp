#include "net/borders/json_place.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace net {
namespace {

/// Takes everything, keeps nothing but the place of the first fault.
class FaultPlace : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::optional<std::size_t> byte;  ///< from 1

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception&) override {
    byte = at;
    return false;
  }
};

}  // namespace

std::string broken_json_place(std::string_view json) {
  FaultPlace fault;
  if (nlohmann::json::sax_parse(json, &fault) || !fault.byte) return {};
  const std::size_t byte = std::clamp<std::size_t>(*fault.byte, 1, json.size() + 1);
  const std::string_view before = json.substr(0, byte - 1);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto line_end = before.rfind('\n');
  const std::size_t column = line_end == std::string_view::npos ? byte : byte - 1 - line_end;
  return "at line " + std::to_string(line) + ", column " + std::to_string(column) + " (byte " +
         std::to_string(byte) + ")";
}

}  // namespace net
