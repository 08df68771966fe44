#include "net/export/region_choice.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <vector>

namespace net {
namespace {

constexpr std::size_t kNearNames = 5;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// Levenshtein's: bytes to be put in, taken out or exchanged.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t exchanged = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, exchanged});
    }
  }
  return row[b.size()];
}

/// How far the name is from the nearest one of a region; one that holds it is near.
std::size_t distance(const fleet::Region& region, const std::string& wanted) {
  std::size_t least = ~std::size_t{0};
  for (const std::string* name : {&region.code, &region.names.zh, &region.names.en}) {
    if (name->empty()) continue;
    const std::string text = lower(*name);
    const bool holds = !wanted.empty() && text.find(wanted) != text.npos;
    least = std::min(least, holds ? std::size_t{1} : distance(text, wanted));
  }
  return least;
}

/// Full names end in what the region is: 湖南省, 长沙市, 广西壮族自治区.
bool is_full_name_of(const std::string& zh, std::string_view wanted) {
  if (zh.empty() || wanted.size() <= zh.size() || !wanted.starts_with(zh)) return false;
  return std::ranges::any_of(std::array<std::string_view, 5>{"省", "市", "区", "州", "盟"},
                             [&](std::string_view kind) { return wanted.ends_with(kind); });
}

bool is_called(const fleet::Region& region, const std::string& wanted) {
  for (const std::string* name : {&region.code, &region.names.zh, &region.names.en})
    if (!name->empty() && lower(*name) == wanted) return true;
  return is_full_name_of(region.names.zh, wanted);
}

std::string called(const fleet::Region& region) {
  std::string text = region.code;
  for (const std::string* name : {&region.names.en, &region.names.zh})
    if (!name->empty()) text += (text.empty() ? "" : " ") + *name;
  return text;
}

std::string list_of(std::span<const fleet::Region* const> regions) {
  std::string text;
  for (const fleet::Region* region : regions) text += (text.empty() ? "" : "; ") + called(*region);
  return text;
}

std::string nearest(const fleet::Atlas& atlas, const std::string& wanted) {
  std::vector<std::pair<std::size_t, const fleet::Region*>> found;
  for (const auto* level : {&atlas.provinces, &atlas.prefectures})
    for (const fleet::Region& region : *level)
      found.emplace_back(distance(region, wanted), &region);
  std::ranges::stable_sort(found, {}, &std::pair<std::size_t, const fleet::Region*>::first);
  std::vector<const fleet::Region*> near;
  for (std::size_t i = 0; i < std::min(found.size(), kNearNames); ++i)
    near.push_back(found[i].second);
  return list_of(near);
}

}  // namespace

fleet::Result<RegionChoice> RegionChoice::find(const fleet::Atlas& atlas, std::string_view name) {
  const std::string wanted = lower(name);
  for (const auto* level : {&atlas.provinces, &atlas.prefectures}) {
    std::vector<const fleet::Region*> found;
    for (const fleet::Region& region : *level)
      if (is_called(region, wanted)) found.push_back(&region);
    if (found.size() == 1) return RegionChoice(*found.front());
    if (found.size() > 1)
      return fleet::Error{"Several regions are called '" + std::string(name) +
                          "': " + list_of(found) + ". Give the code."};
  }
  return fleet::Error{"No region is called '" + std::string(name) +
                      "'. Near: " + nearest(atlas, wanted) + "."};
}

}  // namespace net
