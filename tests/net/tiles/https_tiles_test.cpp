// A server within TLS whose certificate nobody vouches for.
#include <gmock/gmock.h>
#include <stdlib.h>

#include <atomic>

#include "net/tiles/http_tiles.hpp"
#include "tests/net/certificates.hpp"
#include "tests/net/listener.hpp"
#include "tests/support/temporary_folder.hpp"

namespace net {
namespace {

TEST(HttpsTiles, AreNotTakenFromAServerThatNobodyVouchesFor) {
  ::setenv("no_proxy", "127.0.0.1", 1);
  const testing_support::TemporaryFolder folder;
  const auto files = test::make_certificate(folder.path, "own");
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  ASSERT_EQ(SSL_CTX_use_certificate_file(context, files.certificate.c_str(), SSL_FILETYPE_PEM), 1);
  ASSERT_EQ(SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM), 1);
  test::Listener listener;
  std::atomic<int> connections = 0, requests = 0;
  std::thread server([&] {
    for (int peer = listener.accept(); peer >= 0; peer = listener.accept()) {
      ++connections;
      SSL* const tls = SSL_new(context);
      SSL_set_fd(tls, peer);
      char block[256];
      if (SSL_accept(tls) == 1 && SSL_read(tls, block, sizeof block) > 0) ++requests;
      SSL_free(tls);
      ::close(peer);
    }
  });
  HttpTileOptions options;
  const std::string address = "https://127.0.0.1:" + std::to_string(listener.port());
  options.address = std::move(*UrlTemplate::parse(address + "/{z}/{x}/{y}.png"));
  options.clock = [] { return fleet::time_from_ms(1'792'130'400'000); };
  const auto source = open_http_tiles(std::move(options));

  const auto loaded = source.value()->load({0, 0, 0});

  listener.stop();
  server.join();
  SSL_CTX_free(context);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().what, ::testing::HasSubstr("certificate"));
  EXPECT_EQ(connections, 1);
  EXPECT_EQ(requests, 0) << "nothing was asked before that was clear";
}

}  // namespace
}  // namespace net
