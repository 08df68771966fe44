// DayShelf: what went on in recorded days, as far as somebody looks at them.
//
// Only days that are wanted are read: a day costs a look at each of its frames. It is read
// elsewhere (a thread of its own, a gateway); methods are for the one thread that shows it.
#pragma once

#include "net/recording/recorded_days.hpp"

namespace net {

class DayShelf {
 public:
  virtual ~DayShelf() = default;
  /// From now on these days are read, both included, those near to `middle` first.
  virtual void want(fleet::LocalDay first, fleet::LocalDay last, fleet::LocalDay middle) = 0;
  /// Takes in what was read since. True: `days` changed.
  virtual bool update() = 0;
  /// Valid until the next `update`.
  virtual const RecordedDays& days() const = 0;
  /// The wanted ones of these days, both included, were read and are in `days`.
  virtual bool complete(fleet::LocalDay first, fleet::LocalDay last) const = 0;
};

}  // namespace net
