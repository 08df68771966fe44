// Who may do what: tokens, their roles, and what each role may.
//
// A token is a long random text that only its holder knows. The gateway keeps SHA-256 of it: 32
// random bytes cannot be guessed, so a slow password hash would add nothing. No Boost, no sockets.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/result.hpp"

namespace net {

enum class Role : std::uint8_t { ingest, viewer, operator_, admin };
/// What a request asks for: send samples, see the fleet, read the gateway's own figures.
enum class Right : std::uint8_t { send, watch, measure };

/// "ingest", "viewer", "operator", "admin": as in configuration and hello.
std::string_view role_name(Role role);
std::optional<Role> role_from_name(std::string_view name);
/// ingest: send. viewer and operator: watch, measure. admin: all.
bool may(Role role, Right right);

using TokenHash = std::array<std::uint8_t, 32>;

/// Shorter texts could be guessed (22 characters of base64 are 128 bits); longer ones are no tokens
/// of ours and are not worth hashing.
inline constexpr std::size_t kMinTokenBytes = 22, kMaxTokenBytes = 256;
/// Every request is compared with all of them.
inline constexpr std::size_t kMaxTokens = 256;

struct AccessToken {
  std::string name;  ///< for people and the log
  Role role = Role::viewer;
  TokenHash hash{};
  bool operator==(const AccessToken&) const = default;
};

/// What every token of ours begins with.
inline constexpr std::string_view kTokenPrefix = "fw_";
/// A new token: kTokenPrefix and 32 random bytes as base64url. Throws if the system has no
/// randomness.
std::string make_token();
TokenHash hash_of_token(std::string_view token);
/// 64 hexadecimal digits and back. Nothing: not that.
std::string hex_of(const TokenHash& hash);
std::optional<TokenHash> hash_from_hex(std::string_view hex);

/// The tokens a gateway knows. Immutable.
class AccessList {
 public:
  AccessList() = default;
  explicit AccessList(std::vector<AccessToken> tokens) : tokens_(std::move(tokens)) {}

  /// No tokens: everybody may do everything, which is why only loopback is served then.
  bool open() const { return tokens_.empty(); }
  /// authorization: the header's value. Null: no token, no good one, or an unknown one. Takes the
  /// same time whichever token it is and however much of it is right.
  const AccessToken* holder(std::string_view authorization) const;
  /// False: it was taken back or changed.
  bool still_has(const AccessToken& token) const;
  /// The role that its holder has now. Nothing: it was taken back.
  std::optional<Role> role_now(const AccessToken& token) const;

 private:
  std::vector<AccessToken> tokens_;
};

}  // namespace net
