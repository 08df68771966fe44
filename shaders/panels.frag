#version 450 core
// Copies a panel's texture texel by pixel; its colours are premultiplied.
layout(binding = 0) uniform sampler2D u_panel;
in vec2 v_texel;
layout(location = 0) out vec4 o_colour;

void main() { o_colour = texture(u_panel, v_texel); }
