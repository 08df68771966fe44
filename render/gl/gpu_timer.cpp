#include "render/gl/gpu_timer.hpp"

#include <cassert>

namespace render {

GpuTimer::GpuTimer(const char* label) {
  for (Query& query : ring_) query = Query(label, GL_TIME_ELAPSED);
}

void GpuTimer::begin() {
  assert(!running_);
  collect();
  // All four still in flight: this frame goes unmeasured rather than waiting.
  if (waiting_ == kRing) return;
  glBeginQuery(GL_TIME_ELAPSED, ring_[static_cast<std::size_t>(next_)].id());
  running_ = true;
}

void GpuTimer::end() {
  if (!running_) return;
  glEndQuery(GL_TIME_ELAPSED);
  running_ = false;
  next_ = (next_ + 1) % kRing;
  ++waiting_;
}

double GpuTimer::last_ms() {
  if (!running_) collect();
  return last_ms_;
}

void GpuTimer::collect() {
  while (waiting_ > 0) {
    const auto oldest = static_cast<std::size_t>((next_ + kRing - waiting_) % kRing);
    GLuint available = 0;
    glGetQueryObjectuiv(ring_[oldest].id(), GL_QUERY_RESULT_AVAILABLE, &available);
    if (!available) return;
    GLuint64 elapsed_ns = 0;
    glGetQueryObjectui64v(ring_[oldest].id(), GL_QUERY_RESULT, &elapsed_ns);
    last_ms_ = static_cast<double>(elapsed_ns) / 1e6;
    --waiting_;
  }
}

}  // namespace render
