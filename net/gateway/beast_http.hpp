// How every connection of the gateway begins. See beast_shared.hpp.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "net/codec/utf8.hpp"
#include "net/gateway/beast_feed.hpp"
#include "net/gateway/beast_ingest.hpp"
#include "net/gateway/beast_replay.hpp"
#include "net/gateway/origin.hpp"

namespace net::sockets {

/// Read at once of a body.
inline constexpr std::size_t kBodyPart = 64u << 10;
/// Read at once of what nobody wants to know any more.
inline constexpr std::size_t kLingerBytes = 16u << 10;

/// 16 bytes in base64.
inline constexpr std::size_t kWebSocketKeyBytes = 24;

/// Of a header that a stranger chose, named in the log: bytes.
inline constexpr std::size_t kMaxNamedHeaderBytes = 256;

/// Plain requests, one after the other, and the upgrade to a WebSocket.
template <class Stream>
class HttpConnection : public std::enable_shared_from_this<HttpConnection<Stream>> {
 public:
  HttpConnection(Hub& hub, Stream stream, Place place)
      : hub_(hub),
        place_(std::move(place)),
        share_(hub),
        stream_(std::move(stream)),
        buffer_(kMaxHeaderBytes + kBodyPart) {}

  Stream& stream() { return stream_; }

  void read_header() {
    parser_.emplace();
    share_.release();
    parser_->header_limit(static_cast<std::uint32_t>(kMaxHeaderBytes));
    parser_->body_limit(kMaxIngestBytes);
    stream_.expires_after(hub_.timeouts().header);
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = this->shared_from_this()](Error error, std::size_t) { self->on_header(error); });
  }

 private:
  void on_header(Error error) {
    if (error) return on_bad_request(error);
    ++hub_.counters.http_requests;
    // Before the body: strangers do not get to send us one.
    if (!is_clear() || !is_from_here() || !is_allowed()) return;
    const bool wanted =
        parser_->get().method() == http::verb::post && path_of(parser_->get()) == "/ingest";
    if (wanted && !is_plain()) return;
    if (!wanted || parser_->is_done() || websocket::is_upgrade(parser_->get()))
      return answer_request();
    stream_.expires_after(hub_.timeouts().body);
    if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) return say_continue();
    read_body();
  }
  void say_continue() {
    auto go_on = std::make_shared<http::response<http::empty_body>>(http::status::continue_, 11);
    http::async_write(stream_, *go_on,
                      [self = this->shared_from_this(), go_on](Error error, std::size_t) {
                        if (!error) self->read_body();
                      });
  }
  void read_body() {
    parser_->eager(true);
    http::async_read_some(stream_, buffer_, *parser_,
                          [self = this->shared_from_this()](Error error, std::size_t) {
                            if (error) return self->on_bad_request(error);
                            self->on_body();
                          });
  }
  void on_body() {
    if (!share_.hold(parser_->get().body().size()))
      return refuse(http::status::too_many_requests,
                    "Too much is being received at once; nothing was accepted, send it again.");
    if (!parser_->is_done()) return read_body();
    answer_request();
  }

  void on_bad_request(Error error) {
    if (error == http::error::body_limit)
      return refuse(http::status::payload_too_large,
                    "A message is at most " + std::to_string(kMaxIngestBytes) + " bytes.");
    if (error == http::error::header_limit)
      return refuse(http::status::request_header_fields_too_large, "The header is too large.");
    if (error.category() == make_error_code(http::error::bad_method).category() &&
        error != http::error::end_of_stream && error != http::error::partial_message)
      return refuse(http::status::bad_request, "Not an HTTP request: " + error.message() + ".");
    end();
  }
  /// An answer after which the connection is closed: what follows on it cannot be trusted.
  void refuse(http::status status, const std::string& why) {
    reply(status, "application/json",
          "{\"status\":" + std::to_string(static_cast<unsigned>(status)) + ",\"error\":\"" + why +
              "\"}\n",
          false);
  }

  std::string_view header(http::field field) const {
    const beast::string_view value = parser_->get()[field];
    return {value.data(), value.size()};
  }
  /// False: it could be read in two ways, and was refused. Beast takes a body in an encoding that
  /// it does not know for none: then it would be the next request.
  bool is_clear() {
    const auto& request = parser_->get();
    const std::size_t hosts = request.count(http::field::host);
    const std::size_t encodings = request.count(http::field::transfer_encoding);
    const bool chunked = beast::iequals(request[http::field::transfer_encoding], "chunked");
    if (hosts > 1 || (hosts == 0 && request.version() > 10))
      refuse(http::status::bad_request, "A request names one Host.");
    else if (encodings > 1 || (encodings == 1 && (!chunked || request.version() < 11)))
      refuse(http::status::bad_request, "The one Transfer-Encoding is chunked, in HTTP/1.1.");
    else if (request.count(http::field::origin) > 1 ||
             request.count(http::field::authorization) > 1)
      refuse(http::status::bad_request, "Origin and Authorization stand once.");
    else if (websocket::is_upgrade(request) && !parser_->is_done())
      refuse(http::status::bad_request, "An upgrade has no body.");
    else
      return true;
    return false;
  }
  /// False: it comes from a page in a browser that has no business here, and was told so. The name
  /// a page got here by matters only while no token is asked for, which a page cannot send by
  /// itself.
  bool is_from_here() {
    if (origin_allowed(header(http::field::origin), hub_.access.origins) &&
        (!hub_.tokens.open() ||
         host_allowed(header(http::field::host), hub_.engine->config().listen_host)))
      return true;
    hub_.log(hub_.refusals, LogLevel::warning,
             "Refused a request from " + name_of(stream_) + " with Origin '" +
                 clean_text(header(http::field::origin), kMaxNamedHeaderBytes) + "' and Host '" +
                 clean_text(header(http::field::host), kMaxNamedHeaderBytes) + "'.");
    refuse(http::status::forbidden, "Pages from elsewhere may not talk to this gateway.");
    return false;
  }
  /// False: what it brings is compressed, and it was told that nobody here unpacks it.
  bool is_plain() {
    const auto [first, last] = parser_->get().equal_range(http::field::content_encoding);
    if (std::all_of(first, last, [](const auto& field) {
          return field.value().empty() || beast::iequals(field.value(), "identity");
        }))
      return true;
    refuse(http::status::unsupported_media_type,
           "A message is not compressed, its Content-Encoding is identity or missing; nothing was "
           "accepted.");
    return false;
  }
  /// False: Beast would refuse it in plain text; it was told in JSON.
  bool is_good_upgrade() {
    const std::string_view version = header(http::field::sec_websocket_version);
    if (header(http::field::sec_websocket_key).size() != kWebSocketKeyBytes)
      refuse(http::status::bad_request,
             "An upgrade has a Sec-WebSocket-Key of 16 bytes in base64.");
    else if (version.empty())
      refuse(http::status::bad_request, "An upgrade has a Sec-WebSocket-Version: 13.");
    else if (version != "13")
      refuse(http::status::upgrade_required, "The Sec-WebSocket-Version is 13.");
    else
      return true;
    return false;
  }
  static std::optional<Right> right_for(beast::string_view path) {
    if (path == "/ingest") return Right::send;
    if (path == "/feed" || path == "/replay") return Right::watch;
    if (path == "/metrics") return Right::measure;
    return std::nullopt;
  }
  /// False: it has no token for this, and was told so.
  bool is_allowed() {
    const AccessToken* token = hub_.tokens.holder(header(http::field::authorization));
    const beast::string_view path = path_of(parser_->get());
    const auto right = right_for(path);
    peer_ = {name_of(stream_)};
    if (token) peer_.token = *token;
    known_ = hub_.tokens.open() || token;
    if (!right || hub_.tokens.open() || (token && may(token->role, *right))) return true;
    ++(token ? hub_.counters.forbidden : hub_.counters.unauthorised);
    const std::string where(path.data(), path.size());  // one of those of right_for
    hub_.log(hub_.refusals, LogLevel::warning,
             "Refused a request for " + where + " from " + peer_.text() + ": " +
                 (token ? "its role '" + std::string(role_name(token->role)) + "' may not."
                        : "no token, or an unknown one."));
    if (token)
      refuse(http::status::forbidden,
             "The role '" + std::string(role_name(token->role)) + "' may not use " + where + ".");
    else
      refuse(http::status::unauthorized,
             "Expected the header 'Authorization: Bearer TOKEN' with a token of this gateway.");
    return false;
  }

  void answer_request() {
    if (!websocket::is_upgrade(parser_->get())) return route(parser_->get());
    if (buffer_.size() > 0)
      return refuse(http::status::bad_request, "A WebSocket speaks once it is answered.");
    if (is_good_upgrade()) upgrade();
  }

  void upgrade() {
    const Request request = parser_->release();
    const beast::string_view target = path_of(request);
    if (target == "/feed") {
      if (hub_.viewers.size() >= kMaxViewers)
        return refuse(http::status::service_unavailable, "Too many viewers.");
      std::make_shared<FeedConnection<Stream>>(hub_, std::move(stream_), std::move(place_),
                                               std::move(peer_))
          ->accept(request);
    } else if (target == "/replay") {
      if (hub_.engine->config().data.empty())
        return refuse(http::status::not_found, "This gateway records nothing: it has no past.");
      if (hub_.replays.size() + hub_.left_replays.size() >= kMaxReplays)
        return refuse(http::status::service_unavailable, "Too many viewers are in the past.");
      std::make_shared<ReplayConnection<Stream>>(hub_, std::move(stream_), std::move(place_),
                                                 std::move(peer_))
          ->accept(request);
    } else if (target == "/ingest") {
      std::make_shared<IngestConnection<Stream>>(hub_, std::move(stream_), std::move(place_),
                                                 std::move(peer_))
          ->accept(request);
    } else {
      refuse(http::status::not_found, "There is /feed, /replay and /ingest.");
    }
  }

  void route(const Request& request) {
    // A body that nobody asked for is not read: after it there is no next request.
    keep_alive_ = request.keep_alive() && parser_->is_done();
    const beast::string_view target = path_of(request);
    const bool get = request.method() == http::verb::get;
    if (target == "/ingest") {
      if (request.method() != http::verb::post) return wrong_method("POST");
      return ingest(parser_->release());
    }
    if (target == "/healthz" || target == "/metrics") {
      head_ = request.method() == http::verb::head;
      if (!get && !head_) return wrong_method("GET, HEAD");
      return page(target == "/healthz");
    }
    if (target == "/feed" || target == "/replay")
      return refuse(http::status::upgrade_required, "This is a WebSocket: ask for an upgrade.");
    reply(
        http::status::not_found, "application/json",
        "{\"status\":404,\"error\":\"There is /ingest, /healthz, /metrics, /feed and /replay.\"}\n",
        keep_alive_);
  }
  void wrong_method(const char* right) {
    reply(http::status::method_not_allowed, "application/json",
          std::string("{\"status\":405,\"error\":\"Use ") + right + ".\"}\n", keep_alive_, right);
  }
  void page(bool health) {
    if (health) {
      int status = 200;
      std::string body = hub_.engine->healthz(read_clocks(), hub_.counters, !known_, status);
      return reply(http::int_to_status(static_cast<unsigned>(status)), "application/json",
                   std::move(body), keep_alive_);
    }
    reply(http::status::ok, "text/plain; version=0.0.4; charset=utf-8",
          hub_.engine->metrics(read_clocks(), hub_.counters), keep_alive_);
  }
  void ingest(Request request) {
    stream_.expires_never();  // the commit takes as long as it takes
    const auto owed = std::make_shared<OwedAnswer<HttpConnection>>(this->shared_from_this());
    ++hub_.owed_answers;
    owes_answer_ = true;
    hub_.engine->ingest(std::move(request.body()), read_clocks(),
                        [owed](IngestAnswer answer) { owed->give(std::move(answer)); });
    share_.release();
  }
  friend class OwedAnswer<HttpConnection>;
  void take_answer(std::uint64_t, IngestAnswer answer) {
    reply(http::int_to_status(static_cast<unsigned>(answer.status)), "application/json",
          answer.body + "\n", keep_alive_);
  }
  void lose_answer() {
    if (std::exchange(owes_answer_, false)) --hub_.owed_answers;
    stream_.close();
  }

  void reply(http::status status, const char* type, std::string body, bool keep_alive,
             const char* allow = nullptr) {
    auto response = std::make_shared<Response>(status, 11);
    response->set(http::field::server, "fleetwalld/" FLEETWALL_VERSION);
    response->set(http::field::content_type, type);
    if (allow) response->set(http::field::allow, allow);
    if (status == http::status::service_unavailable || status == http::status::too_many_requests)
      response->set(http::field::retry_after, "1");
    if (status == http::status::unauthorized)
      response->set(http::field::www_authenticate, "Bearer realm=\"fleetwall\"");
    if (status == http::status::upgrade_required) {
      response->set(http::field::upgrade, "websocket");
      response->set(http::field::connection, "upgrade");
      response->set(http::field::sec_websocket_version, "13");
    }
    if (status == http::status::unsupported_media_type)
      response->set(http::field::accept_encoding, "identity");
    response->keep_alive(keep_alive && !hub_.stopping);
    response->body() = std::move(body);
    response->prepare_payload();
    if (std::exchange(head_, false)) response->body().clear();  // its length was asked for only
    stream_.expires_after(hub_.timeouts().write);
    http::async_write(stream_, *response,
                      [self = this->shared_from_this(), response](Error error, std::size_t) {
                        if (std::exchange(self->owes_answer_, false)) --self->hub_.owed_answers;
                        if (error) return;
                        if (response->keep_alive()) return self->read_header();
                        self->end();
                      });
  }
  /// Says that no more is written, and waits a while for the peer to have read it: closed at once,
  /// with bytes of its unread, it might never see the answer.
  void end() {
    stream_.expires_after(hub_.timeouts().linger);
    end_writing(stream_, [self = this->shared_from_this()](bool peer_may_write) {
      if (peer_may_write) self->linger();
    });
  }
  void linger() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kLingerBytes),
                            [self = this->shared_from_this()](Error error, std::size_t) {
                              if (!error) self->linger();
                            });
  }

  Hub& hub_;
  Place place_;
  ReadShare share_;
  Stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  Peer peer_;
  bool known_ = false;  ///< may see more than the bare minimum
  bool keep_alive_ = true, owes_answer_ = false, head_ = false;
};

}  // namespace net::sockets
