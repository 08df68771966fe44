#include "net/codec/utf8.hpp"
#include "net/feed/ws_client.hpp"

namespace net {

HttpRefusal http_refusal(int status, std::string_view body) {
  const std::string head = "{\"status\":" + std::to_string(status) + ",\"error\":\"";
  if (body.substr(0, head.size()) != head) return {status, ""};
  body.remove_prefix(head.size());
  const std::size_t end = body.find('"');  // a gateway's reasons hold none
  if (end == body.npos) return {status, ""};
  return {status, clean_text(body.substr(0, end), kMaxRefusalWords)};
}

}  // namespace net
