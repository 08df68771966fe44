// The page of words that a window shows where the driver cannot draw the map. Needs no more than
// OpenGL 3.0. Main thread.
#pragma once

#include "viewer/options.hpp"
#include "viewer/window.hpp"

namespace viewer {

/// Shows the page in the window until it is closed, Esc or Q is pressed, `stop` becomes true, or
/// the run's --frames or --seconds are over. Writes --screenshot if the run asks for one. False:
/// not even a page of words can be drawn with this driver.
bool show_gl_page(Window& window, const Options& options, const volatile int& stop);

}  // namespace viewer
