// GpuTimer: GPU time of one pass, without ever waiting for the GPU. Main thread.
#pragma once

#include <array>

#include "render/gl/gl_objects.hpp"

namespace render {

class GpuTimer {
 public:
  explicit GpuTimer(const char* label);
  /// begin and end must pair; only one timer may run at a time (GL_TIME_ELAPSED does not nest).
  void begin();
  void end();
  /// The newest measurement that has arrived, usually two or three frames old. 0 = none yet.
  double last_ms();

 private:
  // 4: a driver queues up to 3 frames; the oldest of 4 is done by the time it is needed again.
  static constexpr int kRing = 4;

  void collect();

  std::array<Query, kRing> ring_;
  int next_ = 0;     // the query the next begin takes
  int waiting_ = 0;  // queries issued and not read, ending before next_
  bool running_ = false;
  double last_ms_ = 0;
};

}  // namespace render
