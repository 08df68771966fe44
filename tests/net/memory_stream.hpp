// A stream in memory with what the product's connections ask of one. Instantiates Beast.
#pragma once

#include <utility>  // Asio 1.74 needs it and does not include it

#include <boost/asio/post.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <chrono>
#include <string>

namespace net::test {

namespace asio = boost::asio;
namespace beast = boost::beast;

/// Beast's stream for tests, with what the product's connections ask of a stream.
class MemoryStream : public beast::test::stream {
 public:
  using beast::test::stream::stream;
  void expires_after(std::chrono::nanoseconds) {}
  void expires_never() {}
};

inline std::string name_of(const MemoryStream&) {
  return "memory";
}
inline void bound_sending(MemoryStream&) {}
inline void cut(MemoryStream& stream) {
  stream.close();
}
template <class Done>
void end_writing(MemoryStream& stream, Done done) {
  stream.close();
  done(false);
}
inline void beast_close_socket(MemoryStream& stream) {
  stream.close();
}
inline void teardown(beast::role_type, MemoryStream& stream, beast::error_code& error) {
  stream.close();
  error = {};
}
template <class Handler>
void async_teardown(beast::role_type, MemoryStream& stream, Handler&& handler) {
  stream.close();
  asio::post(stream.get_executor(),
             beast::bind_front_handler(std::forward<Handler>(handler), beast::error_code()));
}

}  // namespace net::test
