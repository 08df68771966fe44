#include "net/gateway/config.hpp"

#include <toml++/toml.h>

#include <charconv>
#include <functional>
#include <map>

#include "fleet/number.hpp"
#include "net/gateway/origin.hpp"
#include "net/read_file.hpp"
#include "net/zone.hpp"

namespace net {

namespace {

/// Thrown within this file only: the first thing wrong ends the reading.
struct Wrong {
  std::string what;
};

std::string place(const std::string& file, const toml::node& node) {
  return file + " line " + std::to_string(node.source().begin.line) + ": ";
}

/// A text of the file as errors quote it: never a token, which may have come to a wrong place.
std::string quoted(const std::string& text) {
  return text.starts_with(kTokenPrefix) ? "(what looks like a token)" : "'" + text + "'";
}

const char* kind_of(const toml::node& node) {
  if (node.is_string()) return "a text";
  if (node.is_number()) return "a number";
  if (node.is_boolean()) return "true or false";
  if (node.is_array()) return "a list";
  return node.is_table() ? "a section" : "a date or time";
}

class Reader {
 public:
  Reader(const std::string& file, ServeConfig& config) : file_(file), config_(config) {}

  void read(const toml::table& table) {
    const std::map<std::string_view, std::function<void(const toml::node&)>> keys = {
        {"listen", [&](auto& n) { check(n, parse_listen(text(n), config_.gateway)); }},
        {"data", [&](auto& n) { config_.gateway.data = text(n); }},
        {"name", [&](auto& n) { config_.gateway.name = text(n); }},
        {"day_zone", [&](auto& n) { read_zone(n); }},
        {"log", [&](auto& n) { read_log(n); }},
        {"feed", [&](auto& n) { read_feed(section(n)); }},
        {"store", [&](auto& n) { read_store(section(n)); }},
        {"quality", [&](auto& n) { read_quality(section(n)); }},
        {"tokens", [&](auto& n) { read_tokens(section(n)); }},
        {"access", [&](auto& n) { read_access(section(n)); }},
        {"tls", [&](auto& n) { read_tls(section(n)); }},
    };
    read_keys(table, "", keys);
  }

 private:
  using Keys = std::map<std::string_view, std::function<void(const toml::node&)>>;

  void read_keys(const toml::table& table, const std::string& section_name, const Keys& keys) {
    for (const auto& [key, node] : table) {
      const auto found = keys.find(key.str());
      if (found != keys.end()) {
        found->second(node);
        continue;
      }
      std::string known;
      for (const auto& [name, unused] : keys)
        known += (known.empty() ? "" : ", ") + std::string(name);
      throw Wrong{file_ + " line " + std::to_string(key.source().begin.line) + ": unknown key " +
                  (key.str().starts_with(kTokenPrefix)
                       ? quoted(std::string(key.str()))
                       : "'" + section_name + std::string(key.str()) + "'") +
                  "; expected one of " + known + "."};
    }
  }

  void read_feed(const toml::table& table) {
    GatewayConfig& g = config_.gateway;
    read_keys(
        table, "feed.",
        {{"tick_ms", [&](auto& n) { g.core.tick = fleet::Millis(whole(n, 100, 60'000)); }},
         {"figures_every_ticks",
          [&](auto& n) { g.core.figures_every_ticks = static_cast<int>(whole(n, 1, 3600)); }},
         {"ring_seconds",
          [&](auto& n) { g.ring_seconds = static_cast<double>(whole(n, 1, 3600)); }},
         {"track_mib",
          [&](auto& n) { g.track_bytes = static_cast<std::size_t>(whole(n, 0, 65'536)) << 20; }},
         {"ring_mib",
          [&](auto& n) { g.ring_bytes = static_cast<std::size_t>(whole(n, 1, 4096)) << 20; }}});
  }
  void read_store(const toml::table& table) {
    GatewayConfig& g = config_.gateway;
    const auto gib = [&](const toml::node& n) {
      return static_cast<std::uint64_t>(number(n, 0, 1e6) * (1 << 30));
    };
    read_keys(table, "store.",
              {{"commit_every_ms",
                [&](auto& n) { g.commit_every = std::chrono::milliseconds(whole(n, 1, 1000)); }},
               {"keep_days",
                [&](auto& n) { g.retention.keep_days = static_cast<int>(whole(n, 0, 100'000)); }},
               {"keep_gib", [&](auto& n) { g.retention.keep_bytes = gib(n); }},
               {"min_free_gib", [&](auto& n) { g.retention.min_free_bytes = gib(n); }}});
  }
  void read_quality(const toml::table& table) {
    fleet::QualityRules& q = config_.gateway.core.quality;
    read_keys(table, "quality.",
              {{"future_min", [&](auto& n) { q.future = std::chrono::minutes(whole(n, 0, 1440)); }},
               {"zero_island_deg", [&](auto& n) { q.zero_island_deg = number(n, 0, 1); }},
               {"max_speed_kmh", [&](auto& n) { q.max_speed_kmh = number(n, 1, 100'000); }},
               {"jump_agreeing_fixes",
                [&](auto& n) { q.jump_agreeing_fixes = static_cast<int>(whole(n, 2, 10)); }},
               {"counter_reset_samples",
                [&](auto& n) { q.counter_reset_samples = static_cast<int>(whole(n, 2, 10)); }}});
  }

  void read_zone(const toml::node& node) {
    auto zone = load_zone(text(node));
    if (!zone) throw Wrong{place(file_, node) + zone.error().what};
    config_.gateway.core.zone = zone.value();
  }
  void read_log(const toml::node& node) {
    static const std::map<std::string, LogLevel> levels = {{"debug", LogLevel::debug},
                                                           {"info", LogLevel::info},
                                                           {"warning", LogLevel::warning},
                                                           {"error", LogLevel::error}};
    const auto found = levels.find(text(node));
    if (found == levels.end())
      throw Wrong{place(file_, node) + "log is '" + text(node) +
                  "', expected debug, info, warning or error."};
    config_.log_level = found->second;
  }
  void read_tokens(const toml::table& table) {
    auto& tokens = config_.gateway.access.tokens;
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (!is_token_name(name))
        throw Wrong{place(file_, node) + "token " + quoted(name) + ": " + token_name_rule() + "."};
      if (tokens.size() == kMaxTokens)
        throw Wrong{place(file_, node) + "more than " + std::to_string(kMaxTokens) + " tokens."};
      tokens.push_back(read_token(name, node));
      for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
        if (tokens[i].hash == tokens.back().hash)
          throw Wrong{place(file_, node) + "tokens '" + tokens[i].name + "' and '" + name +
                      "' are the same."};
    }
  }
  AccessToken read_token(const std::string& name, const toml::node& node) {
    AccessToken token;
    token.name = name;
    bool role = false, hash = false;
    const auto* table = node.as_table();
    // Never what stands there: it may be the token itself.
    if (!table)
      throw Wrong{place(file_, node) + "token " + quoted(name) +
                  ": expected { role = \"...\", sha256 = \"...\" }, as `fleetwalld token` "
                  "prints it, got " +
                  kind_of(node) + "."};
    read_keys(*table, "tokens." + name + ".",
              {{"role",
                [&](auto& n) {
                  const auto named = role_from_name(text(n));
                  if (!named)
                    throw Wrong{place(file_, n) + "role is " + quoted(text(n)) +
                                ", expected ingest, viewer, operator or admin."};
                  token.role = *named;
                  role = true;
                }},
               {"sha256", [&](auto& n) {
                  const auto known = hash_from_hex(text(n));
                  if (!known)
                    throw Wrong{place(file_, n) +
                                "expected 64 hexadecimal digits, the SHA-256 of the token, as "
                                "`fleetwalld token` prints it; never the token itself."};
                  token.hash = *known;
                  hash = true;
                }}});
    if (!role || !hash)
      throw Wrong{place(file_, node) + "token " + quoted(name) + " needs a role and a sha256."};
    return token;
  }
  void read_access(const toml::table& table) {
    AccessConfig& access = config_.gateway.access;
    read_keys(table, "access.",
              {{"origins", [&](auto& n) { read_origins(n); }},
               {"connections",
                [&](auto& n) {
                  access.connections = static_cast<std::size_t>(whole(n, 1, kMaxConnections));
                }},
               {"connections_per_address", [&](auto& n) {
                  access.connections_per_address =
                      static_cast<std::size_t>(whole(n, 1, kMaxConnections));
                }}});
  }
  void read_origins(const toml::node& node) {
    const auto* list = node.as_array();
    if (!list) throw Wrong{place(file_, node) + "expected a list of origins in [brackets]."};
    if (list->size() > kMaxOrigins)
      throw Wrong{place(file_, node) + "expected at most " + std::to_string(kMaxOrigins) +
                  " origins, got " + std::to_string(list->size()) + "."};
    for (const toml::node& origin : *list) {
      if (!is_origin(text(origin)))
        throw Wrong{place(file_, origin) + "'" + text(origin) +
                    "' is no origin; expected http(s)://HOST[:PORT] and nothing behind."};
      config_.gateway.access.origins.push_back(text(origin));
    }
  }
  void read_tls(const toml::table& table) {
    TlsFiles& tls = config_.gateway.access.tls;
    read_keys(table, "tls.",
              {{"certificate", [&](auto& n) { tls.certificate = text(n); }},
               {"key", [&](auto& n) { tls.key = text(n); }}});
  }

  const toml::table& section(const toml::node& node) {
    if (const auto* table = node.as_table()) return *table;
    throw Wrong{place(file_, node) + "expected a section in [brackets]."};
  }
  std::string text(const toml::node& node) {
    if (const auto value = node.value_exact<std::string>()) return *value;
    throw Wrong{place(file_, node) + "expected a text in quotes."};
  }
  std::int64_t whole(const toml::node& node, std::int64_t least, std::int64_t most) {
    const auto value = node.value_exact<std::int64_t>();
    if (value && *value >= least && *value <= most) return *value;
    throw Wrong{place(file_, node) + "expected a whole number from " + std::to_string(least) +
                " to " + std::to_string(most) + "."};
  }
  double number(const toml::node& node, double least, double most) {
    const auto value = node.is_number() ? node.value<double>() : std::nullopt;
    if (value && fleet::within(*value, least, most)) return *value;
    throw Wrong{place(file_, node) + "expected a number from " + fleet::number_text(least) +
                " to " + fleet::number_text(most) + "."};
  }
  void check(const toml::node& node, const fleet::Result<void>& result) {
    if (!result) throw Wrong{place(file_, node) + result.error().what};
  }

  const std::string& file_;
  ServeConfig& config_;
};

}  // namespace

bool is_token_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && !name.starts_with(kTokenPrefix) &&
         name.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == name.npos;
}

const char* token_name_rule() {
  return "expected 1 to 64 letters, digits, '-' or '_', not beginning as a token does";
}

fleet::Result<void> parse_listen(std::string_view text, GatewayConfig& config) {
  const auto colon = text.rfind(':');
  std::string_view host = text.substr(0, colon == std::string_view::npos ? 0 : colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string_view port = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (port.empty() || error != std::errc() || end != port.data() + port.size() || number > 65535)
    return fleet::Error{"'" + std::string(text) +
                        "' is no address to listen on; expected HOST:PORT, for example "
                        "127.0.0.1:8686."};
  if (!host.empty()) config.listen_host = host;
  config.port = static_cast<std::uint16_t>(number);
  return {};
}

fleet::Result<ServeConfig> parse_config(std::string_view text, const std::string& name) {
  ServeConfig config;
  try {
    Reader(name, config).read(toml::parse(text, name));
  } catch (const toml::parse_error& error) {
    return fleet::Error{name + " line " + std::to_string(error.source().begin.line) + ": " +
                        std::string(error.description()) + "."};
  } catch (const Wrong& wrong) {
    return fleet::Error{wrong.what};
  }
  return config;
}

fleet::Result<ServeConfig> load_config(const std::filesystem::path& path) {
  const auto text = read_file(path);
  if (!text) return fleet::Error{"Cannot read the configuration file " + text.error().what + "."};
  return parse_config(text.value(), path.string());
}

}  // namespace net
