// What machines there are (models with their nature) and what owners are called.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fleet/sim/random.hpp"

namespace fleet::sim {

enum class Motion : std::uint8_t { digs, drives, stands };

struct Model {
  std::string_view name;
  std::string_view machine_class;  ///< mini, small, medium, large, loader, crane
  double share;                    ///< of machines in most of the country, any unit
  double share_suzhou;  ///< in Suzhou: three SY195C to one SY215C, as the dealer's story has it
  double share_mines;   ///< about mines and quarries
  double tank_l;
  double work_l_per_h, idle_l_per_h;
  double rpm_work, rpm_idle;
  double income_per_h;  ///< yuan
  Motion motion;
};

std::span<const Model> models();
int draw_model(Draws& draws, bool suzhou, bool mines);
int find_model(std::string_view name);

/// An invented owner: with one machine mostly a person, masked ("张*"), else a company of the city.
std::string customer_name(Draws& draws, std::string_view city, int machines);

}  // namespace fleet::sim
