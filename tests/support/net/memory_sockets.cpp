#include "tests/net/memory_sockets.hpp"

#include "net/feed/beast_client.hpp"
#include "net/gateway/beast_http.hpp"

namespace net::test {

namespace {

/// For BeastClient: connects to a MemoryGateway.
class MemoryDialer {
 public:
  using Stream = MemoryStream;

  MemoryDialer(asio::io_context& io, MemoryGateway& gateway, Faults faults)
      : io_(io), gateway_(gateway), client_(faults.client), server_(faults.server) {}
  /// The client's stream is gone: the gateway's end sees that, and goes before the io_context.
  ~MemoryDialer() { EXPECT_TRUE(gateway_.settles(io_)) << "a connection hangs"; }
  MemoryDialer(const MemoryDialer&) = delete;
  MemoryDialer& operator=(const MemoryDialer&) = delete;

  MemoryStream make_stream() { return MemoryStream(io_, client_); }
  template <class Handler>
  void dial(MemoryStream& stream, const WsUrl&, Handler handler) {
    beast::error_code error;
    if (!client_.fail(error)) gateway_.accept(io_, stream, server_);
    asio::post(io_, [handler, error] { handler(error); });
  }
  void cancel() {}
  sockets::Explained explain(MemoryStream&, beast::error_code) const { return {}; }

 private:
  asio::io_context& io_;
  MemoryGateway& gateway_;
  beast::test::fail_count client_, server_;
};

}  // namespace

void MemoryGateway::accept(asio::io_context& io, MemoryStream& client,
                           beast::test::fail_count& faults) {
  MemoryStream server(io, faults);
  client.connect(server);
  std::make_shared<sockets::HttpConnection<MemoryStream>>(hub_, std::move(server),
                                                          sockets::Place(hub_, "memory"))
      ->read_header();
  serve_posted_on(&io);
}

std::unique_ptr<WsTransport> memory_client(const WsClientConfig& config, MemoryGateway& gateway,
                                           Faults faults) {
  return std::make_unique<sockets::BeastClient<MemoryDialer>>(config, gateway, faults);
}

}  // namespace net::test
