#include "net/log.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "net/codec/utf8.hpp"

namespace net {

std::string one_line(std::string_view text) {
  std::string line = clean_text(text, kMaxLogLine);
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return text.size() > kMaxLogLine ? line + "..." : line;
}

LogSink stderr_log(LogLevel least) {
  const auto level_of = [](LogLevel level) {
    switch (level) {
      case LogLevel::debug:
        return spdlog::level::debug;
      case LogLevel::info:
        return spdlog::level::info;
      case LogLevel::warning:
        return spdlog::level::warn;
      default:
        return spdlog::level::err;
    }
  };
  // Not in spdlog's registry: two gateways in one process (tests) have a logger each.
  auto logger = std::make_shared<spdlog::logger>("fleetwall",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      "%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc));
  logger->set_level(level_of(least));
  logger->flush_on(spdlog::level::info);
  return [logger, level_of](LogLevel level, std::string_view text) {
    logger->log(level_of(level), "{}", one_line(text));
  };
}

void LogGate::write(const LogSink& log, LogLevel level, std::string_view text,
                    std::chrono::steady_clock::time_point now) {
  if (!log) return;
  if (now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    written_ = 0;
  }
  if (written_ == kLogLinesPerSecond) {
    ++left_out_;
    return;
  }
  ++written_;
  if (left_out_ == 0) return log(level, text);
  log(level, std::string(text) + " (" + std::to_string(left_out_) + " lines like this left out)");
  left_out_ = 0;
}

}  // namespace net
