// What the gateway makes of bytes that no honest peer sends: a table of HTTP and WebSocket abuse.
// Every row is refused or closed as net/gateway/README.md says, the gateway serves on, and its
// memory does not grow.
#include <fstream>

#include "net/codec/messages.hpp"
#include "net/gateway/socket_server.hpp"
#include "net/ingest/ndjson.hpp"
#include "tests/net/abuse_support.hpp"
#include "tests/net/sanitized.hpp"

namespace net::test {
namespace {

using Table = std::vector<Abuse>;

const std::string kLine = "{\"machine\":\"A1\",\"time\":1792130400}\n";
/// Below every time-out of a connection: what took longer was not refused, but given up.
constexpr std::chrono::seconds kAtOnce{9};
const std::string kGoodbye = close_frame(1000);
constexpr const char* kAccepted = "\"accepted\":";

std::string get(const std::string& path, const std::string& more = "Host: localhost\r\n") {
  return "GET " + path + " HTTP/1.1\r\n" + more + "Connection: close\r\n\r\n";
}
std::string post(const std::string& headers, const std::string& body) {
  return "POST /ingest HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n" +
         body;
}

// ---------------------------------------------------------------------------- WebSocket

void add_lengths(Table& table) {
  constexpr std::uint64_t kMost = kMaxClientMessageBytes;
  const auto announce = [&](const char* name, Where where, std::uint64_t length, int form,
                            int number) {
    table.push_back({name, where, frame_head(kFin | kBinary, length, form), code(number)});
  };
  table.push_back({"feed: a message of 4096 bytes", Where::feed,
                   frame(kFin | kBinary, std::string(kMost, '\xFF')), code(1008)});
  announce("feed: 4097 bytes announced", Where::feed, kMost + 1, 2, 1009);
  announce("feed: 64 KiB + 1 announced", Where::feed, 65'537, 8, 1009);
  announce("feed: 2^31 announced", Where::feed, std::uint64_t{1} << 31, 8, 1009);
  announce("feed: 2^32 announced", Where::feed, std::uint64_t{1} << 32, 8, 1009);
  announce("feed: 2^62 announced", Where::feed, std::uint64_t{1} << 62, 8, 1009);
  announce("feed: 2^63 - 1 announced", Where::feed, INT64_MAX, 8, 1009);
  announce("feed: 2^63 announced", Where::feed, std::uint64_t{1} << 63, 8, 1009);
  announce("feed: 2^64 - 1 announced", Where::feed, UINT64_MAX, 8, 1009);
  announce("ingest: 16 MiB + 1 announced", Where::ingest, kMaxIngestBytes + 1, 8, 1009);
  announce("ingest: 2^63 - 1 announced", Where::ingest, INT64_MAX, 8, 1009);
  announce("ingest: 2^63 announced", Where::ingest, std::uint64_t{1} << 63, 8, 1009);
  announce("two bytes for a length of 125", Where::ingest, 125, 2, 1002);
  announce("two bytes for a length of 0", Where::ingest, 0, 2, 1002);
  announce("eight bytes for a length of 65535", Where::ingest, 65'535, 8, 1002);
  announce("eight bytes for a length of 0", Where::feed, 0, 8, 1002);
}

void add_heads(Table& table) {
  const auto one = [&](const std::string& name, std::uint8_t first, int number) {
    table.push_back({name, Where::ingest, frame(first, "x"), code(number)});
    table.push_back({name + " (feed)", Where::feed, frame(first, "x"), code(number)});
  };
  one("reserved bit 1, as of compression that was never agreed on", kFin | 0x40 | kText, 1002);
  one("reserved bit 2", kFin | 0x20 | kText, 1002);
  one("reserved bit 3", kFin | 0x10 | kText, 1002);
  one("a ping with reserved bit 1", kFin | 0x40 | kPing, 1002);
  for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    one("opcode " + std::to_string(opcode), static_cast<std::uint8_t>(kFin | opcode), 1002);
  one("a continuation of nothing", kFin, 1002);
  one("a first fragment of opcode 0", 0, 1002);
  one("a ping in fragments", kPing, 1002);
  one("a pong in fragments", kPong, 1002);
  one("a close in fragments", kClose, 1002);
  table.push_back({"a frame without a mask", Where::ingest,
                   frame_head(kFin | kText, 1, 0, false) + "x", code(1002)});
  table.push_back(
      {"a ping without a mask", Where::feed, frame_head(kFin | kPing, 0, 0, false), code(1002)});
  table.push_back({"a ping of 126 bytes", Where::ingest, frame(kFin | kPing, std::string(126, 'x')),
                   code(1002)});
  table.push_back({"a close of 126 bytes", Where::ingest,
                   frame(kFin | kClose, std::string(126, 'x')), code(1002)});
  table.push_back({"a pong that announces 2^63 - 1", Where::feed,
                   frame_head(kFin | kPong, INT64_MAX, 8), code(1002)});
}

void add_fragments(Table& table) {
  table.push_back({"a new message within one in fragments", Where::ingest,
                   frame(kText, "{") + frame(kFin | kText, "}"), code(1002)});
  table.push_back(
      {"fragments that sum over 4096 bytes", Where::feed,
       frame(kBinary, std::string(1000, 'x')) + times(4, frame(0, std::string(1000, 'x'))),
       code(1009)});
  table.push_back({"fragments that sum over 16 MiB", Where::ingest,
                   frame(kText, std::string(1000, ' ')) + frame_head(0, kMaxIngestBytes - 999, 8),
                   code(1009)});
  table.push_back({"20,000 empty fragments, then the rest", Where::ingest,
                   frame(kText, kLine.substr(0, 5)) + times(20'000, frame(0, "")) +
                       frame(kFin, kLine.substr(5)) + kGoodbye,
                   code(1000, kAccepted)});
  table.push_back({"a ping between fragments", Where::ingest,
                   frame(kText, kLine.substr(0, 5)) + frame(kFin | kPing, "x") +
                       frame(kFin, kLine.substr(5)) + kGoodbye,
                   code(1000, kAccepted)});
  table.push_back({"a message that never ends, then the peer is gone", Where::ingest,
                   frame(kText, "{"), silence(), 0, true});
  table.push_back({"half a frame's head, then the peer is gone", Where::feed,
                   frame_head(kFin | kBinary, 1000).substr(0, 3), silence(), 0, true});
  table.push_back({"half a frame, then the peer is gone", Where::ingest,
                   frame(kFin | kText, kLine).substr(0, 20), silence(), 0, true});
}

void add_texts(Table& table) {
  const auto one = [&](const std::string& name, const std::string& text, int number) {
    table.push_back({name, Where::ingest, frame(kFin | kText, text) + kGoodbye, code(number)});
  };
  one("text that is no UTF-8", "{\"a\":\"\xFF\"}", 1007);
  one("text with a surrogate", "{\"a\":\"\xED\xA0\x80\"}", 1007);
  one("text with a character in too long a form", "{\"a\":\"\xC0\x80\"}", 1007);
  one("text with a character beyond U+10FFFF", "{\"a\":\"\xF4\x90\x80\x80\"}", 1007);
  one("text that ends within a character", "{\"a\":\"\xE8\x8B", 1007);
  one("a lone continuation byte", "\x80", 1007);
  table.push_back({"bad UTF-8 across fragments", Where::ingest,
                   frame(kText, "{\"a\":\"\xE8") + frame(kFin, "\xFF\x8F\"}"), code(1007)});
  table.push_back({"a good character cut across fragments", Where::ingest,
                   frame(kText, "{\"machine\":\"A1\",\"model\":\"\xE8") +
                       frame(kFin, "\x8B\x8F\"}\n") + kGoodbye,
                   code(1000, kAccepted)});
  table.push_back({"text to /feed", Where::feed, frame(kFin | kText, "hello"), code(1008)});
  table.push_back(
      {"an empty message to /feed", Where::feed, frame(kFin | kBinary, ""), code(1008)});
  table.push_back({"lines as a binary message", Where::ingest,
                   frame(kFin | kBinary, kLine) + kGoodbye, code(1000, kAccepted)});
  table.push_back({"no JSON at all", Where::ingest, frame(kFin | kText, "hello") + kGoodbye,
                   code(1000, "\"status\":400")});
  table.push_back({"an empty message to /ingest", Where::ingest, frame(kFin | kText, "") + kGoodbye,
                   code(1000, kAccepted)});
}

void add_closes(Table& table) {
  for (const int number : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999})
    table.push_back(
        {"close code " + std::to_string(number), Where::ingest, close_frame(number), code(1002)});
  for (const int number : {1000, 1001, 3000, 4999, 5000, 65'535})
    table.push_back(
        {"close code " + std::to_string(number), Where::feed, close_frame(number), code(number)});
  table.push_back({"a close without a code", Where::ingest, frame(kFin | kClose, ""), code(1000)});
  table.push_back({"a close of one byte", Where::ingest, frame(kFin | kClose, "\x03"), code(1002)});
  table.push_back({"a close whose reason is no UTF-8", Where::ingest, close_frame(1000, "\xFF\xFE"),
                   code(1002)});
  table.push_back(
      {"frames behind a close", Where::ingest, kGoodbye + frame(kFin | kText, kLine), code(1000)});
}

void add_floods(Table& table) {
  table.push_back({"20,000 pings", Where::ingest, times(20'000, frame(kFin | kPing, "")) + kGoodbye,
                   code(1000)});
  table.push_back({"20,000 pongs that nobody asked for", Where::feed,
                   times(20'000, frame(kFin | kPong, "x")) + kGoodbye, code(1000)});
  table.push_back({"2,000 messages before the first answer is read", Where::ingest,
                   times(2'000, frame(kFin | kText, "{\"x\":1}")) + kGoodbye, code(1000)});
  table.push_back({"frames byte by byte", Where::ingest, frame(kFin | kText, kLine) + kGoodbye,
                   code(1000, kAccepted), 1});
}

/// Messages that a viewer may send, in the wrong way.
void add_tracks(Table& table) {
  const auto said = [](const ClientMessage& message) {
    return frame(kFin | kBinary, encode(message));
  };
  TrackRequest good;
  good.machines = {0};
  good.from = good.to = fleet::time_from_ms(1'792'130'400'000);
  const std::string subscribe = said(Subscribe{});
  const auto one = [&](const char* name, const TrackRequest& request, const char* holds) {
    table.push_back({name, Where::feed, subscribe + said(request), code(1008, holds)});
  };
  table.push_back(
      {"tracks before it subscribed", Where::feed, said(good), code(1008, "before it")});
  table.push_back({"a second subscription behind tracks", Where::feed,
                   subscribe + said(good) + subscribe, code(1008, "Subscribed twice")});
  // An odd slot is no offence: a roster may have changed.
  TrackRequest foreign = good;
  foreign.machines = {fleet::kMaxMachines - 1};
  table.push_back({"tracks of a slot that nobody has", Where::feed,
                   subscribe + said(foreign) + kGoodbye, code(1000)});
  TrackRequest bad = good;
  bad.machines = {fleet::kMaxMachines};
  one("tracks of a slot beyond all", bad, "names slot");
  bad.machines.clear();
  one("tracks of nobody", bad, "0 machines");
  bad.machines.assign(1000, 0);
  one("tracks of a thousand machines", bad, "1000 machines");
  bad = good;
  bad.to -= fleet::Millis(1);
  one("tracks that end before they begin", bad, "before it begins");
  bad.from -= fleet::Millis(INT64_C(1) << 40);
  one("tracks of decades", bad, "spans");
}

void add_upgrades(Table& table) {
  const auto without = [](const std::string& header) {
    std::string request = upgrade_request("/feed");
    const auto at = request.find(header);
    return request.erase(at, request.find("\r\n", at) + 2 - at);
  };
  const auto with = [](const std::string& what, const std::string& instead) {
    std::string request = upgrade_request("/feed");
    return request.replace(request.find(what), what.size(), instead);
  };
  const auto one = [&](const char* name, std::string request, int number) {
    table.push_back({name, Where::http, std::move(request), status(number)});
  };
  one("an upgrade without a key", without("Sec-WebSocket-Key"), 400);
  one("an upgrade with a key too long", with("dGhl", std::string(100, 'a')), 400);
  one("an upgrade with a key one byte too long", with("dGhl", "dGhlx"), 400);
  one("an upgrade with a key one byte too short", with("dGhl", "dGh"), 400);
  one("an upgrade without a version", without("Sec-WebSocket-Version"), 400);
  one("an upgrade to version 8", with("Version: 13", "Version: 8"), 426);
  one("an upgrade by POST", with("GET", "POST"), 426);
  one("an upgrade in HTTP/1.0", with("HTTP/1.1", "HTTP/1.0"), 426);
  one("an upgrade to somewhere else", with("/feed", "/other"), 404);
  one("an upgrade to another protocol", with("websocket\r\nSec", "h2c\r\nSec"), 426);
  one("frames sent along with the upgrade", upgrade_request("/ingest") + frame(kFin | kText, kLine),
      400);
}

// --------------------------------------------------------------------------------- HTTP

void add_requests(Table& table) {
  const auto one = [&](const std::string& name, std::string bytes, int number,
                       const char* holds = "") {
    table.push_back({name, Where::http, std::move(bytes), status(number, holds)});
  };
  one("TLS to a port without TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
      400);
  one("bytes of no protocol", "\xFF\xFE\xFD\r\n\r\n", 400);
  one("HTTP/2 with prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400);
  one("HTTP/0.9", "GET /healthz\r\n\r\n", 400);
  one("HTTP/3.7", "GET /healthz HTTP/3.7\r\n\r\n", 400);
  one("a method of no letters", "G\x01T /healthz HTTP/1.1\r\n\r\n", 400);
  one("an unknown method", "BREW /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      405);
  one("DELETE of ingest", "DELETE /ingest HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      405);
  one("TRACE", "TRACE /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 405);
  one("CONNECT", "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      404);
  one("a target with control characters",
      "GET /a\x01"
      "b HTTP/1.1\r\nHost: localhost\r\n\r\n",
      400);
  one("a path out of the root", get("/../../etc/passwd"), 404);
  one("a request line of 1 MiB", "GET /" + std::string(1 << 20, 'a'), 431);
  one("a header of 16 KiB + 1",
      get("/healthz", "Host: localhost\r\nA: " + std::string(kMaxHeaderBytes, 'a') + "\r\n"), 431);
  one("a thousand headers", get("/healthz", "Host: localhost\r\n" + times(2000, "Abcde: f\r\n")),
      431);
  one("NUL in a header", get("/healthz", std::string("Host: localhost\r\nA: b\0c\r\n", 24)), 400);
  one("a control character in a header", get("/healthz", "Host: localhost\r\nA: b\x02\r\n"), 400);
  one("a bare line feed in a header", get("/healthz", "Host: localhost\r\nA: b\nC: d\r\n"), 400);
  one("a blank before the colon", get("/healthz", "Host : localhost\r\n"), 400);
  one("a header without a name", get("/healthz", ": x\r\n"), 400);
  one("a header without a colon", get("/healthz", "Host localhost\r\n"), 400);
  one("no Host", get("/healthz", ""), 400);
  one("two Hosts", get("/healthz", "Host: localhost\r\nHost: evil.example\r\n"), 400);
  one("a Host from elsewhere", get("/healthz", "Host: evil.example\r\n"), 403);
  one("an Origin from elsewhere",
      get("/healthz", "Host: localhost\r\nOrigin: http://evil.example\r\n"), 403);
  one("a folded header", get("/healthz", "Host: localhost\r\nA: b\r\n c\r\n"), 200);
  one("GET with a body", get("/healthz", "Host: localhost\r\nContent-Length: 2\r\n") + "{}", 200);
  one("two requests at once", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/metrics"),
      200, "fleetwall_received_total");
  table.push_back({"a request byte by byte", Where::http,
                   post("Content-Length: " + std::to_string(kLine.size()) + "\r\n", kLine),
                   status(200, kAccepted), 1});
}

void add_bodies(Table& table) {
  const auto one = [&](const std::string& name, const std::string& headers, const std::string& body,
                       int number) {
    table.push_back({name, Where::http, post(headers, body), status(number)});
  };
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  one("Content-Length and Transfer-Encoding", "Content-Length: 5\r\n" + chunked, "0\r\n\r\n", 400);
  one("Transfer-Encoding and Content-Length", chunked + "Content-Length: 5\r\n", "0\r\n\r\n", 400);
  one("two Content-Lengths", "Content-Length: 2\r\nContent-Length: 3\r\n", "{}", 400);
  one("a Content-Length of two numbers", "Content-Length: 2, 3\r\n", "{}", 400);
  one("a Content-Length below zero", "Content-Length: -1\r\n", "", 400);
  one("a Content-Length with a plus", "Content-Length: +2\r\n", "{}", 400);
  one("a Content-Length in hex", "Content-Length: 0x2\r\n", "{}", 400);
  one("a Content-Length of no number", "Content-Length: many\r\n", "", 400);
  one("a Content-Length of 2^64", "Content-Length: 18446744073709551616\r\n", "", 400);
  one("a Content-Length of 2^64 - 1", "Content-Length: 18446744073709551615\r\n", "", 413);
  one("a Content-Length of 16 MiB + 1",
      "Content-Length: " + std::to_string(kMaxIngestBytes + 1) + "\r\n", "{}", 413);
  one("the same, and it waits to be told to go on",
      "Expect: 100-continue\r\nContent-Length: " + std::to_string(kMaxIngestBytes + 1) + "\r\n", "",
      413);
  one("17 MiB of a body too large", "Content-Length: " + std::to_string(17 << 20) + "\r\n",
      std::string(17 << 20, ' '), 413);
  one("a chunk size of no number", chunked, "xyz\r\n{}\r\n0\r\n\r\n", 400);
  one("a chunk size below zero", chunked, "-2\r\n{}\r\n0\r\n\r\n", 400);
  one("a chunk of 2^63", chunked, "8000000000000000\r\n", 413);
  one("a chunk size over 64 bits", chunked, "1ffffffffffffffff\r\n", 400);
  one("a chunk of 16 MiB + 1", chunked, "1000001\r\n", 413);
  one("chunks that sum over 16 MiB", chunked,
      times(17, "100000\r\n" + std::string(1 << 20, ' ') + "\r\n") + "0\r\n\r\n", 413);
  one("a chunk without its line break", chunked, "2\r\n{}2\r\n{}0\r\n\r\n", 400);
  one("a flood of chunk extensions", chunked, "2" + times(40'000, ";a=b") + "\r\n{}\r\n0\r\n\r\n",
      400);
  one("a flood of trailers", chunked, "2\r\n{}\r\n0\r\n" + times(20'000, "A: b\r\n") + "\r\n", 400);
  one("an encoding that nobody knows", "Transfer-Encoding: gzip\r\n", "", 400);
  one("chunked, but not last", "Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n", 400);
  one("chunked twice", chunked + chunked, "0\r\n\r\n", 400);
  one("POST without a body", "", "", 200);
  const std::string length = "Content-Length: " + std::to_string(kLine.size()) + "\r\n";
  one("a body in gzip", "Content-Encoding: gzip\r\nContent-Length: 3\r\n", "\x1f\x8b\x08", 415);
  one("a body in gzip that waits to be told to go on",
      "Expect: 100-continue\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n", "", 415);
  one("gzip behind identity", "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n" + length,
      kLine, 415);
  one("a body said to be itself", "Content-Encoding: Identity\r\n" + length, kLine, 200);
}

void add_cuts(Table& table) {
  const std::string request =
      post("Content-Length: " + std::to_string(kLine.size()) + "\r\n", kLine);
  const auto cut = [&](const char* name, std::size_t bytes) {
    table.push_back({name, Where::http, request.substr(0, bytes), silence(), 0, true});
  };
  cut("connected, and gone", 0);
  cut("gone in the request line", 6);
  cut("gone in the header", 40);
  cut("gone before the body", request.find("\r\n\r\n") + 4);
  cut("gone in the body", request.size() - 3);
  table.push_back({"nothing more to send after a whole request", Where::http, request,
                   status(200, kAccepted), 0, true});
}

Table whole_table() {
  Table table;
  for (const auto add : {add_lengths, add_heads, add_fragments, add_texts, add_closes, add_floods,
                         add_tracks, add_upgrades, add_requests, add_bodies, add_cuts})
    add(table);
  return table;
}

/// What the kernel counts as this process's memory, bytes.
std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0, resident = 0;
  statm >> pages >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void expect_served(std::uint16_t port) {
  EXPECT_EQ(http(port, "GET", "/healthz").status, 200);
  const HttpAnswer answer = http(port, "POST", "/ingest", kLine);
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find(kAccepted), std::string::npos) << answer.body;
}

TEST(Abuse, IsRefusedAsDocumentedAndEverybodyElseIsServedOn) {
  TestGateway gateway;
  const Table table = whole_table();
  ASSERT_GE(table.size(), 60u);
  RecordProperty("rows", static_cast<int>(table.size()));

  for (const Abuse& row : table) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(differs(gateway.port(), row), "") << row.name;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, kAtOnce) << row.name;
    expect_served(gateway.port());
  }
}

TEST(Abuse, DoesNotMakeMemoryGrow) {
  if (kSanitized) GTEST_SKIP() << "sanitizers keep what was freed";
  constexpr int kWarmUp = 10, kRounds = 20;
  constexpr std::size_t kMostGrowth = 2u << 20;
  TestGateway gateway;
  const Table table = whole_table();
  const auto round = [&] {
    for (const Abuse& row : table) EXPECT_EQ(differs(gateway.port(), row), "") << row.name;
  };
  // The allocator keeps some 45 MB of bodies once and for all, at times not before the third round.
  for (int i = 0; i < kWarmUp; ++i) round();
  const std::size_t before = resident_bytes();

  for (int i = 0; i < kRounds; ++i) round();

  const std::size_t after = resident_bytes();
  RecordProperty("grown_bytes",
                 std::to_string(static_cast<long>(after) - static_cast<long>(before)));
  EXPECT_LE(after, before + kMostGrowth);
  expect_served(gateway.port());
}

TEST(Abuse, BySlownessIsEndedByTheTimeOuts) {
  GatewayConfig config;
  config.timeouts.header = config.timeouts.body = config.timeouts.handshake = 200ms;
  config.timeouts.idle = 600ms;
  config.timeouts.subscribe = 400ms;
  TestGateway gateway(config);
  const Abuse slow[] = {
      {"nothing at all", Where::http, "", silence()},
      {"a header that never ends", Where::http, "GET /healthz HTTP/1.1\r\nHost: loc", silence()},
      {"a body that never ends", Where::http, post("Content-Length: 100\r\n", "{"), silence()},
      {"a chunk that never ends", Where::http, post("Transfer-Encoding: chunked\r\n", "64\r\n{"),
       silence()},
      {"a viewer that never subscribes", Where::feed, "", silence()},
      {"a sender that says nothing, pongs included", Where::ingest, "", silence()},
      {"a message that never ends", Where::ingest, frame(kText, "{"), silence()},
  };

  for (const Abuse& row : slow) {
    EXPECT_EQ(differs(gateway.port(), row), "") << row.name;
    expect_served(gateway.port());
  }
}

TEST(Abuse, OfAViewerThatIsSentAwayAndPingsOnLeavesNoConnectionBehind) {
  TestGateway gateway;
  for (int i = 0; i < 8; ++i) {
    TcpClient client(gateway.port());
    client.send(upgrade_request("/feed"));
    ASSERT_TRUE(client.read_some().starts_with("HTTP/1.1 101 "));
    client.send(frame(kFin | kBinary, "\x89\x89\x99\x88\x89\x89") +
                times(3, frame(kFin | kPing, "123456789")) + frame_head(kFin | kPing, 9));
  }

  EXPECT_TRUE(eventually([&] {
    const std::string text = http(gateway.port(), "GET", "/metrics").body;
    return metric(text, "fleetwall_viewers") == 0 && metric(text, "fleetwall_connections") == 1;
  }));
}

TEST(Abuse, CompressionIsOfferedAndNotTaken) {
  TestGateway gateway;
  TcpClient client(gateway.port());

  client.send(upgrade_request(
      "/ingest", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"));
  std::string head;
  while (head.find("\r\n\r\n") == head.npos) head += client.read_some();

  EXPECT_TRUE(head.starts_with("HTTP/1.1 101 ")) << head;
  EXPECT_EQ(head.find("Sec-WebSocket-Extensions"), head.npos) << head;
  client.send(frame(kFin | 0x40 | kText, "x"));
  EXPECT_EQ(read_frames(client.read_all()).code, 1002);
}

}  // namespace
}  // namespace net::test
