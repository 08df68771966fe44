// Packs what a day file holds as single frames: reads it, and makes the packs that take its place.
#pragma once

#include <functional>
#include <vector>

#include "net/store/pack_table.hpp"

namespace net {

struct MadePack {
  PackHead head;
  PackParts parts;
};

/// Packs the frames behind the last pack of `file`, up to the last keyframe (all = false), or all
/// of them (a day that is over). go_on: asked now and then; false ends it early. What cannot be
/// read, and what comes behind it up to the next keyframe, stays as it is. `put` is called for each
/// pack, in order; false ends it. Error: the file cannot be read. One thread; another one may write
/// the file meanwhile.
fleet::Result<void> pack_hours(DayFile& file, bool all, const PackSizes& sizes,
                               const std::function<bool(MadePack&&)>& put,
                               const std::function<bool()>& go_on = {});

}  // namespace net
