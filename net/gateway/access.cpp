#include "net/gateway/access.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <stdexcept>

namespace net {

namespace {

constexpr std::array<std::string_view, 4> kRoleNames = {"ingest", "viewer", "operator", "admin"};
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHex = "0123456789abcdef";
/// Of RFC 6750, section 2.1: what a bearer token may consist of.
constexpr std::string_view kTokenCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// The token of "Bearer TOKEN"; empty if there is none of a possible form.
std::string_view token_of(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer";
  if (authorization.size() <= kScheme.size()) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i)
    if (lower(authorization[i]) != kScheme[i]) return {};
  authorization.remove_prefix(kScheme.size());
  const auto begin = authorization.find_first_not_of(' ');
  if (begin == 0 || begin == std::string_view::npos) return {};
  authorization.remove_prefix(begin);
  const bool possible = authorization.size() >= kMinTokenBytes &&
                        authorization.size() <= kMaxTokenBytes &&
                        authorization.find_first_not_of(kTokenCharacters) == std::string_view::npos;
  return possible ? authorization : std::string_view();
}

}  // namespace

std::string_view role_name(Role role) {
  return kRoleNames[static_cast<std::size_t>(role)];
}

std::optional<Role> role_from_name(std::string_view name) {
  const auto found = std::find(kRoleNames.begin(), kRoleNames.end(), name);
  if (found == kRoleNames.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleNames.begin());
}

bool may(Role role, Right right) {
  if (role == Role::admin) return true;
  return (role == Role::ingest) == (right == Right::send);
}

std::string make_token() {
  std::array<unsigned char, 32> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    throw std::runtime_error("The system has no random numbers to make a token of.");
  std::string token(kTokenPrefix);
  std::uint32_t bits = 0;
  int held = 0;
  for (const unsigned char byte : random) {
    bits = bits << 8 | byte;
    for (held += 8; held >= 6; held -= 6) token += kBase64Url[bits >> (held - 6) & 63];
  }
  return token += kBase64Url[bits << (6 - held) & 63];
}

TokenHash hash_of_token(std::string_view token) {
  TokenHash hash{};
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), hash.data());
  return hash;
}

std::string hex_of(const TokenHash& hash) {
  std::string text;
  for (const std::uint8_t byte : hash) {
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

std::optional<TokenHash> hash_from_hex(std::string_view hex) {
  TokenHash hash{};
  if (hex.size() != 2 * hash.size()) return std::nullopt;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const auto digit = kHex.find(lower(hex[i]));
    if (digit == std::string_view::npos) return std::nullopt;
    hash[i / 2] = static_cast<std::uint8_t>(hash[i / 2] << 4 | digit);
  }
  return hash;
}

const AccessToken* AccessList::holder(std::string_view authorization) const {
  const std::string_view token = token_of(authorization);
  if (token.empty()) return nullptr;
  const TokenHash hash = hash_of_token(token);
  const AccessToken* found = nullptr;
  for (const AccessToken& known : tokens_)
    if (CRYPTO_memcmp(known.hash.data(), hash.data(), hash.size()) == 0) found = &known;
  return found;
}

bool AccessList::still_has(const AccessToken& token) const {
  return std::find(tokens_.begin(), tokens_.end(), token) != tokens_.end();
}

std::optional<Role> AccessList::role_now(const AccessToken& token) const {
  for (const AccessToken& known : tokens_)
    if (known.hash == token.hash) return known.role;
  return std::nullopt;
}

}  // namespace net
