// Session: one source of data and the wall that shows it. Recorded data can take its place while
// the window stays open. Main thread, with the GL context current.
#pragma once

#include <memory>
#include <string>

#include "viewer/app.hpp"

namespace viewer {

class Session {
 public:
  /// Throws when the picture cannot be set up, as App does.
  Session(AppConfig config, const fleet::Atlas& atlas, std::unique_ptr<Source> source,
          App::Steady now);
  ~Session();

  App& app() { return *app_; }
  Source& source() { return *source_; }

  /// Shows recorded data (a .fleetday file or a data directory) in place of what is shown now.
  /// Language, heat and panels stay as they are; the camera goes to the fleet. Measurements go on.
  /// Error: names the path and why; what is shown goes on, and the wall says so for a while.
  fleet::Result<void> open_recording(const std::string& path, App::Steady now);

 private:
  AppConfig config_;
  const fleet::Atlas& atlas_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<App> app_;
};

}  // namespace viewer
