#version 450 core
// Land, focus and lakes: triangles over grid points.
#include "basemap_view.glsl"

layout(location = 0) in uvec2 a_grid;

void main() { gl_Position = clip_from_px(px_from_grid(a_grid)); }
