#include "net/store/held_roster.hpp"

#include <algorithm>
#include <utility>

namespace net {
namespace {

/// The names of a state's fields.
std::vector<std::string> field_names(const fleet::FleetState& state) {
  std::vector<std::string> names;
  for (std::size_t f = 0; f < state.fields().size(); ++f)
    names.push_back(state.fields()[static_cast<fleet::FieldId>(f)].name);
  return names;
}

}  // namespace

HeldRoster::HeldRoster(std::filesystem::path file, std::vector<std::int64_t> rows,
                       const fleet::FleetState& state)
    : file_(std::move(file)),
      rows_(std::move(rows)),
      content_(state.roster().content()),
      machines_(state.roster().size()),
      fields_(field_names(state)) {}

bool HeldRoster::given_by(const std::filesystem::path& file, const std::vector<std::int64_t>& rows,
                          const fleet::FleetState& state) const {
  return file_ == file && rows_.size() <= rows.size() &&
         std::equal(rows_.begin(), rows_.end(), rows.begin()) &&
         content_ == state.roster().content() && machines_ == state.roster().size() &&
         fields_ == field_names(state);
}

}  // namespace net
