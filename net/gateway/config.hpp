// The gateway's configuration file (TOML). Every key, its unit and default:
// assets/fleetwalld.example.toml.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "net/gateway/server.hpp"

namespace net {

struct ServeConfig {
  GatewayConfig gateway;
  LogLevel log_level = LogLevel::info;
};

/// text: contents of the file; name: its path, for messages.
/// Error: bad TOML, an unknown key, a wrong type or a value out of range; names line and remedy.
fleet::Result<ServeConfig> parse_config(std::string_view text, const std::string& name);
/// Error: as parse_config, or the file cannot be read.
fleet::Result<ServeConfig> load_config(const std::filesystem::path& path);

/// 1 to 64 letters, digits, '-' or '_', not beginning with kTokenPrefix: what a token may be
/// called.
bool is_token_name(std::string_view name);
/// "expected 1 to 64 letters, ...", for messages.
const char* token_name_rule();

/// "HOST:PORT", "[V6]:PORT" or ":PORT" (127.0.0.1). Port 0 = any free one.
fleet::Result<void> parse_listen(std::string_view text, GatewayConfig& config);

}  // namespace net
