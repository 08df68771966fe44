#include "net/ingest/ndjson_roster.hpp"

#include <algorithm>

namespace net {

namespace {

using fleet::Machine;

/// Null: a key that holds no text of the roster.
std::string Machine::*text_of(Key key) {
  switch (key) {
    case Key::serial:
      return &Machine::serial;
    case Key::maker:
      return &Machine::maker;
    case Key::model:
      return &Machine::model;
    case Key::machine_class:
      return &Machine::machine_class;
    case Key::customer:
      return &Machine::customer;
    case Key::branch:
      return &Machine::branch;
    case Key::delivered:
      return &Machine::delivered;
    case Key::last_service_time:
      return &Machine::last_service_time;
    default:
      return nullptr;
  }
}

/// Null: a key that holds no number of the roster.
double Machine::*number_of(Key key) {
  switch (key) {
    case Key::hours_offset_h:
      return &Machine::hours_offset_h;
    case Key::loan_monthly:
      return &Machine::loan_monthly;
    case Key::wage_monthly:
      return &Machine::wage_monthly;
    case Key::income_per_h:
      return &Machine::income_per_h;
    case Key::fuel_per_h:
      return &Machine::fuel_per_h;
    case Key::last_service_h:
      return &Machine::last_service_h;
    default:
      return nullptr;
  }
}

bool is_good(std::string_view text) {
  return text.size() <= fleet::kMaxRosterTextBytes && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

}  // namespace

bool is_roster_text(Key key) {
  return text_of(key) != nullptr;
}

void RosterChange::clear() {
  texts_.clear();
  numbers_.clear();
}

bool RosterChange::set(Key key, std::string_view text) {
  if (!is_good(text)) return false;
  texts_.push_back({key, text});
  return true;
}

void RosterChange::set(Key key, double number) {
  numbers_.push_back({key, number});
}

void RosterChange::apply_to(Machine& machine) const {
  for (const auto& [key, text] : texts_) machine.*text_of(key) = text;
  for (const auto& [key, value] : numbers_) machine.*number_of(key) = value;
}

}  // namespace net
