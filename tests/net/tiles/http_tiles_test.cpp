#include "net/tiles/http_tiles.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <atomic>
#include <future>
#include <thread>

#include "tests/support/temporary_folder.hpp"
#include "tests/support/tile_server.hpp"
#include "tests/support/tile_sets.hpp"

namespace net {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing_support::http_answer;
using testing_support::picture;
using testing_support::text_of;
using testing_support::TileRequest;
using testing_support::TileServer;

constexpr fleet::TileId kTile{5, 26, 12};

class HttpTiles : public ::testing::Test {
 protected:
  HttpTiles() { ::setenv("no_proxy", "127.0.0.1", 1); }

  std::unique_ptr<TileSource> open(const std::string& address, bool on_disk = true) {
    HttpTileOptions options;
    options.address = std::move(*UrlTemplate::parse(address));
    if (on_disk) options.cache_dir = folder.path / "cache";
    options.cache_bytes_max = 1 << 24;
    options.bounds = bounds;
    options.clock = [this] { return fleet::time_from_ms(now_ms); };
    options.log = [this](LogLevel, std::string_view text) {
      const std::lock_guard lock(log_mutex);
      log += std::string(text) + "\n";
    };
    auto opened = open_http_tiles(std::move(options));
    if (!opened) throw std::runtime_error(opened.error().what);
    return std::move(*opened);
  }
  void pass(std::chrono::milliseconds time) { now_ms += time.count(); }
  static TileServer::Answer always(const std::string& bytes) {
    return [bytes](const TileRequest&) { return bytes; };
  }
  static std::string loaded(TileSource& source, fleet::TileId tile = kTile) {
    const auto bytes = source.load(tile);
    return bytes ? text_of(bytes.value()) : "error: " + bytes.error().what;
  }

  testing_support::TemporaryFolder folder;
  HttpBounds bounds{};
  std::atomic<std::int64_t> now_ms = 1'792'130'400'000;
  std::mutex log_mutex;
  std::string log;
};

TEST_F(HttpTiles, AsksForATileAndSaysWhoAsks) {
  TileServer server(always(http_answer("200 OK", picture("x"))));
  const auto source = open(server.tiles());

  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_EQ(server.last().path, "/5/26/12.png");
  EXPECT_EQ(server.last().header("User-Agent"), "fleetwall/" FLEETWALL_VERSION);
  EXPECT_EQ(server.last().header("If-None-Match"), "");
}

TEST_F(HttpTiles, CountsRowsFromTheSouthWhereTheAddressDoes) {
  TileServer server(always(http_answer("200 OK", picture("x"))));
  const auto source = open(server.address() + "/tms/{z}/{x}/{-y}.png");

  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_EQ(server.last().path, "/tms/5/26/19.png");
}

TEST_F(HttpTiles, TakesAFreshTileFromTheDiskWithoutAsking) {
  TileServer server(always(http_answer("200 OK", picture("x"), {"Cache-Control: max-age=100"})));
  EXPECT_EQ(loaded(*open(server.tiles())), picture("x"));
  pass(99s);

  EXPECT_EQ(loaded(*open(server.tiles())), picture("x"));
  EXPECT_EQ(server.count(), 1u);
}

TEST_F(HttpTiles, AsksAgainByEtagWhenATileIsOutOfDate) {
  TileServer server(
      always(http_answer("200 OK", picture("x"), {"ETag: \"a1\"", "Cache-Control: max-age=100"})));
  const auto source = open(server.tiles());
  EXPECT_EQ(loaded(*source), picture("x"));
  server.answer_with(always(
      "HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=50\r\nConnection: close\r\n\r\n"));
  pass(100s);

  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_EQ(server.last().header("If-None-Match"), "\"a1\"");
  pass(49s);
  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_EQ(server.count(), 2u) << "fresh again for 50 s";
  pass(1s);
  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_EQ(server.last().header("If-None-Match"), "\"a1\"")
      << "the tag of the picture that is held";
}

TEST_F(HttpTiles, TakesTheNewPictureWhenThereIsOne) {
  TileServer server(always(http_answer("200 OK", picture("old"), {"Cache-Control: max-age=100"})));
  const auto source = open(server.tiles());
  EXPECT_EQ(loaded(*source), picture("old"));
  server.answer_with(always(http_answer("200 OK", picture("new"))));
  pass(100s);

  EXPECT_EQ(loaded(*source), picture("new"));
}

TEST_F(HttpTiles, KeepsNothingThatIsNotToBeStored) {
  TileServer server(always(http_answer("200 OK", picture("x"), {"Cache-Control: no-store"})));
  const auto source = open(server.tiles());

  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_EQ(server.count(), 2u);
}

TEST_F(HttpTiles, WorksWithoutADisk) {
  TileServer server(always(http_answer("200 OK", picture("x"))));
  const auto source = open(server.tiles(), false);

  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_EQ(server.count(), 2u);
  EXPECT_FALSE(std::filesystem::exists(folder.path / "cache"));
}

TEST_F(HttpTiles, ShowsOldTilesWhileTheServerIsDead) {
  std::string address;
  {
    TileServer server(always(http_answer("200 OK", picture("old"), {"Cache-Control: max-age=1"})));
    address = server.tiles();
    EXPECT_EQ(loaded(*open(address)), picture("old"));
  }
  pass(24h);
  const auto source = open(address);

  for (int i = 0; i < 3; ++i) EXPECT_EQ(loaded(*source), picture("old"));
  EXPECT_THAT(loaded(*source, {5, 0, 0}), HasSubstr("the server does not answer"));
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
  EXPECT_THAT(log, HasSubstr("no tiles from the server"));
}

TEST_F(HttpTiles, LeavesADeadServerAloneAndFindsItAgain) {
  TileServer server(always(""));  // takes the connection, and ends it
  const auto source = open(server.tiles());

  EXPECT_THAT(loaded(*source), StartsWith("error: " + server.address() + ": tile 5/26/12"));
  for (int i = 0; i < 5; ++i) EXPECT_THAT(loaded(*source), HasSubstr("does not answer"));
  EXPECT_EQ(server.count(), 1u);
  pass(1s);
  EXPECT_THAT(loaded(*source), StartsWith("error"));
  EXPECT_EQ(server.count(), 2u);
  pass(1s);
  EXPECT_THAT(loaded(*source), HasSubstr("does not answer"));
  EXPECT_EQ(server.count(), 2u) << "rests 2 s now";
  server.answer_with(always(http_answer("200 OK", picture("x"))));
  pass(1s);
  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_THAT(log, HasSubstr("answers again"));
}

TEST_F(HttpTiles, GivesUpASilentServerInItsTime) {
  bounds.whole = 50ms;
  TileServer server([](const TileRequest&) { return std::nullopt; });
  const auto source = open(server.tiles());

  EXPECT_THAT(loaded(*source), HasSubstr("timed out"));
  EXPECT_THAT(loaded(*source), HasSubstr("does not answer"));
  EXPECT_LE(server.count(), 1u);
}

TEST_F(HttpTiles, TakesPicturesUpToTheLimitAndNoLarger) {
  bounds.body_bytes_max = 64;
  TileServer server(always(http_answer("200 OK", picture(std::string(56, 'x')))));
  const auto source = open(server.tiles());
  EXPECT_EQ(loaded(*source, {1, 0, 0}).size(), 64u);

  // With its length said, and without.
  server.answer_with(always(http_answer("200 OK", picture(std::string(57, 'x')))));
  EXPECT_THAT(loaded(*source, {1, 0, 1}), HasSubstr("more than 64 bytes"));
  server.answer_with(
      always("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + picture(std::string(100'000, 'x'))));
  EXPECT_THAT(loaded(*source, {1, 1, 0}), HasSubstr("more than 64 bytes"));

  server.answer_with(always(http_answer("200 OK", picture("x"))));
  EXPECT_EQ(loaded(*source, {1, 1, 1}), picture("x")) << "it is no matter of the server";
}

TEST_F(HttpTiles, FollowsAFewRedirectsAndNoCircle) {
  TileServer server([](const TileRequest& request) {
    return request.path.starts_with("/there")
               ? http_answer("200 OK", picture("there"))
               : http_answer("302 Found", "", {"Location: /there" + request.path});
  });
  const auto source = open(server.tiles());
  EXPECT_EQ(loaded(*source), picture("there"));
  EXPECT_EQ(server.count(), 2u);

  server.answer_with(always(http_answer("302 Found", "", {"Location: /again"})));
  EXPECT_THAT(loaded(*source, {1, 0, 0}), HasSubstr("redirects"));
  EXPECT_EQ(server.count(), 2u + 1u + static_cast<unsigned>(kRedirectsMax));
  EXPECT_THAT(loaded(*source, {1, 0, 0}), HasSubstr("redirects"));
  EXPECT_EQ(server.count(), 3u + static_cast<unsigned>(kRedirectsMax)) << "not asked again so soon";
}

TEST_F(HttpTiles, IsNotLedToFiles) {
  testing_support::write_file(folder.path / "secret.png", picture("secret"));
  TileServer server(always(
      http_answer("302 Found", "", {"Location: file://" + (folder.path / "secret.png").string()})));
  const auto source = open(server.tiles());

  EXPECT_THAT(loaded(*source), StartsWith("error"));
}

TEST_F(HttpTiles, DoesNotTakeACutPicture) {
  const std::string whole = http_answer("200 OK", picture(std::string(1000, 'x')));
  TileServer server(always(whole.substr(0, whole.size() - 1)));
  const auto source = open(server.tiles());

  EXPECT_THAT(loaded(*source), StartsWith("error"));
  server.answer_with(always(whole));
  pass(1s);
  EXPECT_EQ(loaded(*source).size(), 1008u);
}

TEST_F(HttpTiles, RemembersForADayThatThereIsNoTile) {
  for (const char* const status : {"404 Not Found", "410 Gone", "204 No Content"}) {
    TileServer server(always(http_answer(status, "")));
    const auto source = open(server.tiles());

    EXPECT_EQ(loaded(*source), "") << status;
    EXPECT_EQ(loaded(*source), "") << status;
    pass(23h);
    EXPECT_EQ(loaded(*open(server.tiles())), "") << status;
    EXPECT_EQ(server.count(), 1u) << status;
    server.answer_with(always(http_answer("200 OK", picture("built since"))));
    pass(2h);
    EXPECT_EQ(loaded(*source), picture("built since")) << status;
  }
}

TEST_F(HttpTiles, RemembersEmptyTilesForAWhileWithoutADiskToo) {
  TileServer server(always(http_answer("404 Not Found", "")));
  const auto source = open(server.tiles(), false);

  EXPECT_EQ(loaded(*source), "");
  pass(59s);
  EXPECT_EQ(loaded(*source), "");
  EXPECT_EQ(server.count(), 1u);
}

TEST_F(HttpTiles, WaitsAsLongAsABusyServerAsks) {
  TileServer server(always(http_answer("503 Service Unavailable", "", {"Retry-After: 120"})));
  const auto source = open(server.tiles());
  EXPECT_THAT(loaded(*source, {1, 0, 0}), HasSubstr("503"));
  pass(119s);
  EXPECT_THAT(loaded(*source, {1, 0, 1}), HasSubstr("does not answer"));
  EXPECT_EQ(server.count(), 1u);

  server.answer_with(always(http_answer("200 OK", picture("x"))));
  pass(1s);
  EXPECT_EQ(loaded(*source, {1, 0, 1}), picture("x"));
}

TEST_F(HttpTiles, OneTileThatTheServerFailsAtDoesNotStarveTheOthers) {
  TileServer server([](const TileRequest& request) {
    return request.path == "/1/0/0.png" ? http_answer("500 Internal Server Error", "")
                                        : http_answer("200 OK", picture("x"));
  });
  const auto source = open(server.tiles());
  EXPECT_THAT(loaded(*source, {1, 0, 0}), HasSubstr("500"));
  pass(1s);

  EXPECT_THAT(loaded(*source, {1, 0, 0}), HasSubstr("500")) << "not asked";
  EXPECT_EQ(server.count(), 1u);
  EXPECT_EQ(loaded(*source, {1, 0, 1}), picture("x"));
}

TEST_F(HttpTiles, SaysNothingOfTheServerBecauseOfOneTileHoweverLongItFailsAtThat) {
  TileServer server([](const TileRequest& request) {
    return request.path == "/1/0/0.png" ? http_answer("500 Internal Server Error", "")
                                        : http_answer("200 OK", picture("x"));
  });
  const auto source = open(server.tiles(), false);

  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(loaded(*source, {1, 0, 0}), HasSubstr("500"));
    pass(1s);
    EXPECT_TRUE(source->reachable());
    EXPECT_EQ(loaded(*source, {1, 0, 1}), picture("x"));
    pass(60s);
  }

  EXPECT_EQ(log, "");
}

TEST_F(HttpTiles, SaysOnceThatTheServerIsGoneAndOnceThatItIsBack) {
  TileServer server(always(http_answer("503 Service Unavailable", "")));
  const auto source = open(server.tiles(), false);
  for (std::uint32_t y = 0; y < 10; ++y) {
    (void)loaded(*source, {4, 0, y});
    pass(60s);
  }
  EXPECT_FALSE(source->reachable());
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;

  server.answer_with(always(http_answer("200 OK", picture("x"))));
  for (std::uint32_t y = 0; y < 3; ++y) EXPECT_EQ(loaded(*source, {4, 1, y}), picture("x"));

  EXPECT_TRUE(source->reachable());
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 2) << log;
  EXPECT_THAT(log, HasSubstr("answers again"));
}

TEST_F(HttpTiles, DoesNotTakeAPageForAPicture) {
  TileServer server(
      always(http_answer("200 OK", "<html>log in</html>", {"Content-Type: text/html"})));
  const auto source = open(server.tiles());

  EXPECT_THAT(loaded(*source), HasSubstr("no picture (text/html)"));
  EXPECT_THAT(loaded(*source), HasSubstr("no picture (text/html)"));
  EXPECT_EQ(server.count(), 1u) << "held for a minute";
  server.answer_with(always(http_answer("200 OK", picture("x"))));
  pass(60s);
  EXPECT_EQ(loaded(*source), picture("x"));
}

TEST_F(HttpTiles, KeepsTheOldPictureWhenTheNewAnswerIsBad) {
  TileServer server(always(http_answer("200 OK", picture("old"), {"Cache-Control: max-age=1"})));
  const auto source = open(server.tiles());
  EXPECT_EQ(loaded(*source), picture("old"));

  for (const char* const status : {"403 Forbidden", "500 Internal Server Error", "200 OK"}) {
    server.answer_with(always(http_answer(status, "<html>")));
    pass(2h);
    EXPECT_EQ(loaded(*source), picture("old")) << status;
    EXPECT_EQ(loaded(*source), picture("old")) << status;
  }
  EXPECT_EQ(server.count(), 4u);
}

TEST_F(HttpTiles, FetchesAnewWhatIsBrokenOnTheDisk) {
  TileServer server(always(http_answer("200 OK", picture("x"))));
  const auto source = open(server.tiles());
  EXPECT_EQ(loaded(*source), picture("x"));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path / "cache"))
    if (entry.path().extension() == ".tile") std::filesystem::resize_file(entry.path(), 20);

  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_EQ(server.count(), 2u);
}

TEST_F(HttpTiles, GoesOnWithoutADiskThatFailsAndSaysSoOnce) {
  TileServer server(always(http_answer("200 OK", picture("x"))));
  const auto source = open(server.tiles());
  std::filesystem::remove_all(folder.path / "cache");
  testing_support::write_file(folder.path / "cache", "a file");

  for (int i = 0; i < 3; ++i) EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
  std::filesystem::remove(folder.path / "cache");
  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_THAT(log, HasSubstr("again"));
  EXPECT_EQ(loaded(*source), picture("x"));
  EXPECT_EQ(server.count(), 4u);
}

TEST_F(HttpTiles, AnswersSeveralThreadsAtOnce) {
  TileServer server(
      [](const TileRequest& request) { return http_answer("200 OK", picture(request.path)); });
  const auto source = open(server.tiles());
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;

  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (const fleet::TileId tile : testing_support::pyramid(3)) {
        if (loaded(*source, tile) != picture("/" + tile_name(tile) + ".png")) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(wrong, 0);
  EXPECT_LE(server.count(), 4 * testing_support::pyramid(3).size());
}

TEST_F(HttpTiles, StopsWhatIsUnderWay) {
  bounds.whole = 60s;  // and not because it gave up by itself
  std::promise<void> asked;
  TileServer server([&](const TileRequest&) {
    asked.set_value();
    return std::nullopt;
  });
  const auto source = open(server.tiles());
  auto loading = std::async(std::launch::async, [&] { return loaded(*source); });
  asked.get_future().wait();

  source->stop();

  ASSERT_EQ(loading.wait_for(10s), std::future_status::ready);
  EXPECT_THAT(loading.get(), HasSubstr("stopped"));
  EXPECT_THAT(loaded(*source), HasSubstr("stopped"));
  EXPECT_EQ(server.count(), 1u);
  EXPECT_EQ(log, "");
}

TEST_F(HttpTiles, HidesKeysAndPasswordsInWhatItSays) {
  TileServer server(always(""));
  std::string address = server.address();
  address.insert(address.find("//") + 2, "user:secret@");
  const auto source = open(address + "/{z}/{x}/{y}.png?key=secret");

  EXPECT_EQ(loaded(*source).find("secret"), std::string::npos);
  EXPECT_EQ(log.find("secret"), std::string::npos);
  EXPECT_EQ(source->about().name, server.address());
}

}  // namespace
}  // namespace net
