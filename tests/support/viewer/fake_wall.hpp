// A wall full of invented figures, for tests and previews of the panels.
#pragma once

#include "viewer/panels/models.hpp"
#include "viewer/ui/texts.hpp"

namespace testing_support {

/// A busy evening: every panel has something to show. The same in every run.
viewer::WallModel busy_wall(viewer::Lang lang);
/// The same fleet replayed at 14:32, paused or at x60, with a machine selected.
viewer::WallModel replay_wall(viewer::Lang lang);

}  // namespace testing_support
