#include <algorithm>
#include <string_view>
#include <utility>

#include "viewer/model/fill.hpp"

namespace viewer {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// ASCII case is ignored; Chinese has none.
bool contains(std::string_view text, std::string_view lowered_query) {
  return std::search(text.begin(), text.end(), lowered_query.begin(), lowered_query.end(),
                     [](char a, char b) { return lower(a) == b; }) != text.end();
}

bool begins_with(std::string_view text, std::string_view lowered_query) {
  return text.size() >= lowered_query.size() &&
         std::equal(lowered_query.begin(), lowered_query.end(), text.begin(),
                    [](char b, char a) { return lower(a) == b; });
}

SearchResult machine_result(const FleetView& view, fleet::Slot slot, bool english) {
  const fleet::Machine& machine = view.state().roster()[slot];
  SearchResult result;
  result.machine = slot;
  result.title = machine.name();
  result.status = view.statuses()[slot];
  for (const std::string& part :
       {machine.model, machine.customer, view.place_name(slot, english)}) {
    if (part.empty()) continue;
    if (!result.detail.empty()) result.detail += " · ";
    result.detail += part;
  }
  return result;
}

/// Slots in the order they are listed.
struct Matches {
  std::vector<fleet::Slot> first;  ///< their serial begins with the query
  std::vector<fleet::Slot> rest;
};

std::string lowered(const std::string& query) {
  std::string text = query;
  std::transform(text.begin(), text.end(), text.begin(), lower);
  return text;
}

Matches matches_of(const FleetView& view, const std::string& lowered_query) {
  Matches found;
  const fleet::Roster& roster = view.state().roster();
  for (fleet::Slot slot = 0; slot < view.statuses().size(); ++slot) {
    const fleet::Machine& machine = roster[slot];
    if (begins_with(machine.name(), lowered_query)) {
      found.first.push_back(slot);
    } else if (contains(machine.name(), lowered_query) || contains(machine.id, lowered_query) ||
               contains(machine.customer, lowered_query)) {
      found.rest.push_back(slot);
    }
  }
  return found;
}

}  // namespace

std::vector<fleet::Slot> machines_found(const FleetView& view, const std::string& query) {
  if (query.empty()) return {};
  Matches found = matches_of(view, lowered(query));
  found.first.insert(found.first.end(), found.rest.begin(), found.rest.end());
  return std::move(found.first);
}

void search(const FleetView& view, const std::string& query, bool english, std::size_t limit,
            SearchModel& model) {
  model.results.clear();
  model.total = 0;
  model.machines = 0;
  if (query.empty()) return;
  const std::string text = lowered(query);
  const Matches found = matches_of(view, text);
  model.machines = found.first.size() + found.rest.size();
  model.total = model.machines;
  const auto places = view.places().places();
  std::vector<SearchResult> found_places;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const fleet::Names& names = places[i].names;
    if (!begins_with(names.en, text) && !contains(names.zh, text)) continue;
    ++model.total;
    SearchResult result;
    result.is_place = true;
    result.machine = static_cast<std::uint32_t>(i);
    result.title = english ? names.en : names.zh;
    result.detail = english ? names.zh : names.en;
    found_places.push_back(std::move(result));
  }
  const auto full = [&] { return model.results.size() >= limit; };
  const auto list = [&](const std::vector<fleet::Slot>& slots) {
    for (std::size_t i = 0; i < slots.size() && !full(); ++i)
      model.results.push_back(machine_result(view, slots[i], english));
  };
  list(found.first);
  for (std::size_t i = 0; i < found_places.size() && !full(); ++i)
    model.results.push_back(std::move(found_places[i]));
  list(found.rest);
  model.selected = std::min(model.selected, model.results.empty() ? 0 : model.results.size() - 1);
}

}  // namespace viewer
