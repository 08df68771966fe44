// HeatShelf: where hours had been worked at an instant of a recorded day, as far as somebody looks
// at it.
//
// The newest wish is what counts; what an older one finds is left out. It is read elsewhere (a
// thread of its own, a gateway); methods are for the one thread that shows it.
#pragma once

#include "fleet/heat_cells.hpp"

namespace net {

class HeatShelf {
 public:
  struct Wish {
    fleet::Time at = fleet::kNever;  ///< what was received until then
    fleet::LocalDay day{};           ///< worked on this day
    fleet::HourBits hours = fleet::kEveryHour;
    bool operator==(const Wish&) const = default;
  };
  struct Heat {
    Wish wish;
    fleet::HeatCells cells;
    bool damaged = false;  ///< it could not be read: there are no cells
  };

  virtual ~HeatShelf() = default;
  /// What is to be read; nothing is done for what is there or under way already.
  virtual void want(const Wish& wish) = 0;
  /// Nothing is wanted any more; what is held for the next wish is let go of.
  virtual void rest() = 0;
  /// Takes in what was read since. True: `heat` is another.
  virtual bool update() = 0;
  /// What was read last that was wanted, while the next one is being read too; null: nothing yet.
  virtual const Heat* heat() const = 0;
  virtual bool reading() const = 0;
};

}  // namespace net
