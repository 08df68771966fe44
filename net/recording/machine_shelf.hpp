// MachineShelf: what a machine did in a recorded span, as far as somebody looks at it.
//
// The newest wish is what counts: an older one that is being read is given up. It is read elsewhere
// (a thread of its own, a gateway); methods are for the one thread that shows it.
#pragma once

#include <string>

#include "fleet/machine_history.hpp"

namespace net {

class MachineShelf {
 public:
  struct Wish {
    std::string machine;
    fleet::Time from = fleet::kNever, to = fleet::kNever;  ///< receive times
    bool operator==(const Wish&) const = default;
  };
  virtual ~MachineShelf() = default;
  /// What is to be read; nothing is done for what is there or under way already.
  virtual void want(Wish wish) = 0;
  /// Takes in what was read since. True: `history` is another.
  virtual bool update() = 0;
  /// What was read last that was wanted; null while it is being read.
  virtual const fleet::MachineHistory* history() const = 0;
  virtual bool reading() const = 0;
  /// Something of it could not be read.
  virtual bool damaged() const = 0;
};

}  // namespace net
