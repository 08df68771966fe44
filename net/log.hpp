// Where programs and threads of `net` say what they do: one line, one event, to whoever listens.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace net {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// May be called from any thread; must not block for long.
using LogSink = std::function<void(LogLevel, std::string_view)>;

/// Most lines that one event may write in a second; the rest is counted and told with the next one.
inline constexpr std::uint32_t kLogLinesPerSecond = 5;

/// Longest line; beyond it a text is cut.
inline constexpr std::size_t kMaxLogLine = 2048;
/// What strangers say is in our lines: control characters, which could fake another line, become
/// '?'.
std::string one_line(std::string_view text);

/// Writes to stderr as "2026-10-16T06:32:07.000Z warning text".
/// name: "debug", "info", "warning" or "error"; lines below it are dropped.
LogSink stderr_log(LogLevel least);

/// Lets through kLogLinesPerSecond lines of one kind of event. One thread.
class LogGate {
 public:
  /// Writes, or counts; the next line let through names how many were left out.
  void write(const LogSink& log, LogLevel level, std::string_view text,
             std::chrono::steady_clock::time_point now);

 private:
  std::chrono::steady_clock::time_point second_{};
  std::uint32_t written_ = 0, left_out_ = 0;
};

}  // namespace net
