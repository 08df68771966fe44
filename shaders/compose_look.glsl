// How machines and heat look: the formulas of render/compose/look.hpp, word for word, and the
// numbers of a frame as gpu_frame.hpp lays them out.

const float kHeatScaleK = 600.0;
const int kHeatRampSteps = 255;
const float kSubPixels = 4.0;
const float kTickFrom = 1.45;
const float kTickTo = 2.6;
const uint kStatusCount = 5u;

const uint kHidden = 1u << 3;
const uint kDimmed = 1u << 4;
const uint kHasHeading = 1u << 17;

layout(std140, binding = 0) uniform Frame {
  uvec2 u_centre;        // whole units of the 32-bit world
  vec2 u_offset_px;      // where that centre is on the screen
  vec2 u_screen_px;
  float u_px_per_unit;
  float u_playhead_s;
  float u_glide_s;
  float u_exposure;
  float u_softness;      // px
  float u_glow_radius;   // px
  vec4 u_tick;           // light, radius px, half width px, -
  vec4 u_core_ring[5];   // per status: core radius, core light, ring radius, ring width
  vec4 u_ring_glow[5];   // per status: ring light, glow light, -, -
  vec4 u_light[10];      // colour by status, then by status when dimmed
};

// struct PointInstance, 24 bytes.
struct Point {
  uint x, y, from_x, from_y;
  float moved_at_s;
  uint style;
};

layout(std430, binding = 0) readonly buffer Points { Point points[]; };

float glide_rest(Point point) {
  if (!(u_glide_s > 0.0)) return 0.0;
  float k = clamp((u_playhead_s - point.moved_at_s) / u_glide_s, 0.0, 1.0);
  return 1.0 - k * k * (3.0 - 2.0 * k);
}

// A place on the screen: px from the left and the top. Integers first: exact at any zoom.
vec2 pixel_of_place(uvec2 at) {
  float dx = float(int(at.x - u_centre.x));
  float dy = at.y >= u_centre.y ? float(at.y - u_centre.y) : -float(u_centre.y - at.y);
  return vec2(dx, dy) * u_px_per_unit + u_offset_px;
}

vec2 pixel_of(Point point) {
  uvec2 at = uvec2(point.x, point.y);
  float rest = glide_rest(point);
  if (rest > 0.0) {
    ivec2 way = ivec2(at - uvec2(point.from_x, point.from_y));
    at -= uvec2(ivec2(vec2(way) * rest));
  }
  return pixel_of_place(at);
}

float point_light(uint status, float distance) {
  vec4 shape = u_core_ring[status];
  vec4 extra = u_ring_glow[status];
  float edge = u_softness * 0.5;
  float light = shape.y * (1.0 - smoothstep(shape.x - edge, shape.x + edge, distance));
  float off_ring = abs(distance - shape.z) / shape.w;
  if (off_ring < 1.0) light += extra.x * (1.0 - off_ring * off_ring);
  float u = 1.0 - (distance * distance) / (u_glow_radius * u_glow_radius);
  return u > 0.0 ? light + extra.y * (u * u) * (u * u) : 0.0;
}

float tick_light(vec2 delta, vec2 heading) {
  float along = clamp(dot(delta, heading), kTickFrom * u_tick.y, kTickTo * u_tick.y);
  float d = length(delta - heading * along);
  return u_tick.x * (1.0 - smoothstep(u_tick.z - 0.5, u_tick.z + 0.5, d));
}

float heat_scale(float share) {
  float place = log(1.0 + kHeatScaleK * min(abs(share), 1.0)) / log(1.0 + kHeatScaleK);
  return share < 0.0 ? -place : place;
}

int heat_ramp_index(float place) {
  return kHeatRampSteps + int(place * float(kHeatRampSteps) + (place < 0.0 ? -0.5 : 0.5));
}
