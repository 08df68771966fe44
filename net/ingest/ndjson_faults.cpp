#include "net/ingest/ndjson_faults.hpp"

#include <algorithm>
#include <iterator>

#include "net/ingest/ndjson.hpp"

namespace net {

namespace {

/// In the order of fleet::Lamp.
constexpr const char* kLampNames[] = {"red_stop", "protect", "amber", "malfunction", "off"};

bool read_lamp(od::value& value, fleet::Lamp& out) {
  std::string_view text;
  if (value.get_string().get(text)) return false;
  const auto found = std::find(std::begin(kLampNames), std::end(kLampNames), text);
  if (found == std::end(kLampNames)) return false;
  out = static_cast<fleet::Lamp>(found - std::begin(kLampNames));
  return true;
}

/// A whole number in 0..max.
template <class Number>
bool read_whole(od::value& value, std::uint64_t max, Number& out) {
  std::uint64_t number = 0;
  if (value.get_uint64().get(number) || number > max) return false;
  out = static_cast<Number>(number);
  return true;
}

struct ReadFault {
  fleet::Fault fault;
  bool has_spn = false, has_fmi = false;
};

/// False: not what stands under this name. Other names are read over.
bool read_item(std::string_view name, od::value& item, ReadFault& into) {
  fleet::Fault& fault = into.fault;
  if (name == "spn") return into.has_spn = read_whole(item, 524'287, fault.spn);
  if (name == "fmi") return into.has_fmi = read_whole(item, 31, fault.fmi);
  if (name == "sa") return read_whole(item, 255, fault.source);
  if (name == "count") return read_whole(item, 126, fault.count);
  if (name == "lamp") return read_lamp(item, fault.lamp);
  return true;
}

/// To the end of the object, whatever is wrong in it: what is broken costs the line.
Fate read_fault(od::object& object, fleet::Fault& out) {
  ReadFault read;
  bool good = true;
  for (auto field : object) {
    std::string_view name;
    od::value item;
    if (field.unescaped_key().get(name) || field.value().get(item)) return Fate::broken;
    good = good && read_item(name, item, read);
  }
  out = read.fault;
  return good && read.has_spn && read.has_fmi ? Fate::good : Fate::malformed;
}

}  // namespace

const char* lamp_name(fleet::Lamp lamp) {
  return kLampNames[static_cast<std::size_t>(lamp)];
}

Fate read_faults(od::value& value, std::vector<fleet::Fault>& out) {
  od::array array;
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  if (type != od::json_type::array) return Fate::malformed;
  if (value.get_array().get(array)) return Fate::broken;
  const std::size_t begin = out.size();
  bool good = true;
  for (auto element : array) {
    od::object object;
    if (element.error()) return Fate::broken;
    if (!good || element.get_object().get(object)) {
      good = false;
      continue;
    }
    fleet::Fault fault;
    const Fate fate = read_fault(object, fault);
    if (fate == Fate::broken) return fate;
    good = fate == Fate::good && out.size() - begin < kMaxFaultsPerReport;
    if (good) out.push_back(fault);
  }
  if (!good) out.resize(begin);
  return good ? Fate::good : Fate::malformed;
}

}  // namespace net
