// The one place that names the GL header: everything in render that speaks GL includes this.
#pragma once

#include <epoxy/gl.h>
