#include <algorithm>
#include <string_view>

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

}  // namespace

void search(const FleetView& view, const std::string& query, bool english, std::size_t limit,
            SearchModel& model) {
  model.results.clear();
  model.total = 0;
  std::string lowered = query;
  std::transform(lowered.begin(), lowered.end(), lowered.begin(), lower);
  if (lowered.empty()) return;

  std::vector<fleet::Slot> first, rest;
  const fleet::Roster& roster = view.state().roster();
  for (fleet::Slot slot = 0; slot < view.statuses().size(); ++slot) {
    const fleet::Machine& machine = roster[slot];
    if (begins_with(machine.name(), lowered)) {
      ++model.total;
      if (first.size() < limit) first.push_back(slot);
    } else if (contains(machine.name(), lowered) || contains(machine.id, lowered) ||
               contains(machine.customer, lowered)) {
      ++model.total;
      if (rest.size() < limit) rest.push_back(slot);
    }
  }
  const auto places = view.places().places();
  std::vector<SearchResult> found_places;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const fleet::Names& names = places[i].names;
    if (!begins_with(names.en, lowered) && !contains(names.zh, lowered)) continue;
    ++model.total;
    SearchResult result;
    result.is_place = true;
    result.machine = static_cast<std::uint32_t>(i);
    result.title = english ? names.en : names.zh;
    result.detail = english ? names.zh : names.en;
    found_places.push_back(std::move(result));
  }
  const auto take = [&](SearchResult&& result) {
    if (model.results.size() < limit) model.results.push_back(std::move(result));
  };
  for (const fleet::Slot slot : first) take(machine_result(view, slot, english));
  for (SearchResult& place : found_places) take(std::move(place));
  for (const fleet::Slot slot : rest) take(machine_result(view, slot, english));
  model.selected = std::min(model.selected, model.results.empty() ? 0 : model.results.size() - 1);
}

}  // namespace viewer
