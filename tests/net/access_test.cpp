// Tokens, roles and certificates, without a socket.
#include "net/gateway/access.hpp"

#include <set>

#include "net/feed/ws_client.hpp"
#include "net/gateway/config.hpp"
#include "net/gateway/origin.hpp"
#include "net/sockets/certificate_watch.hpp"
#include "tests/net/certificates.hpp"

namespace net::test {
namespace {

AccessToken token(const std::string& text, Role role = Role::viewer) {
  return {"holder", role, hash_of_token(text)};
}

TEST(Access, MakesTokensThatNobodyGuesses) {
  std::set<std::string> made;
  for (int i = 0; i < 100; ++i) made.insert(make_token());

  EXPECT_EQ(made.size(), 100u);
  for (const std::string& text : made) {
    EXPECT_EQ(text.size(), 3u + 43u) << "256 bits, six a character";
    EXPECT_TRUE(AccessList({token(text)}).holder("Bearer " + text)) << text;
  }
}

TEST(Access, HashesAsSha256Does) {
  EXPECT_EQ(hex_of(hash_of_token("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hash_from_hex(hex_of(hash_of_token("abc"))), hash_of_token("abc"));
  EXPECT_EQ(hash_from_hex("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"),
            hash_of_token("abc"));
  EXPECT_FALSE(hash_from_hex(std::string(63, '0')));
  EXPECT_FALSE(hash_from_hex(std::string(65, '0')));
  EXPECT_FALSE(hash_from_hex(std::string(63, '0') + "g"));
}

TEST(Access, TakesTokensOfTheSmallestAndTheLargestSizeOnly) {
  for (const std::size_t size :
       {kMinTokenBytes - 1, kMinTokenBytes, kMaxTokenBytes, kMaxTokenBytes + 1}) {
    const std::string text(size, 'x');
    const AccessList list({token(text)});

    EXPECT_EQ(list.holder("Bearer " + text) != nullptr,
              size >= kMinTokenBytes && size <= kMaxTokenBytes)
        << size;
  }
}

TEST(Access, GivesEachRoleItsRightsAndNoOthers) {
  using enum Right;
  const auto rights = [](Role role) {
    return std::vector<bool>{may(role, send), may(role, watch), may(role, measure)};
  };
  EXPECT_EQ(rights(Role::ingest), (std::vector<bool>{true, false, false}));
  EXPECT_EQ(rights(Role::viewer), (std::vector<bool>{false, true, true}));
  EXPECT_EQ(rights(Role::operator_), (std::vector<bool>{false, true, true}));
  EXPECT_EQ(rights(Role::admin), (std::vector<bool>{true, true, true}));
  for (const Role role : {Role::ingest, Role::viewer, Role::operator_, Role::admin})
    EXPECT_EQ(role_from_name(role_name(role)), role);
  EXPECT_FALSE(role_from_name("root"));
}

TEST(Access, AllowsFurtherOriginsWhateverTheirCase) {
  const std::vector<std::string> more = {"https://Fleet.example.com"};
  EXPECT_TRUE(origin_allowed("https://fleet.example.com", more));
  EXPECT_FALSE(origin_allowed("http://fleet.example.com", more));
  EXPECT_FALSE(origin_allowed("https://fleet.example.com:8443", more));
  EXPECT_FALSE(origin_allowed("https://fleet.example.com.evil.example", more));
  EXPECT_TRUE(origin_allowed("http://localhost:3000", more));
  for (const char* good : {"https://a", "http://a.example:8080", "https://[::1]:3000"})
    EXPECT_TRUE(is_origin(good)) << good;
  for (const char* bad : {"a.example", "ftp://a", "https://", "https://a/", "https://a/b", "*",
                          "https://*.example", "https://u@a", "null"})
    EXPECT_FALSE(is_origin(bad)) << bad;
}

std::string hash(const std::string& text) {
  return hex_of(hash_of_token(text));
}

TEST(AccessConfig, ReadsTokensOriginsCapsAndCertificates) {
  const auto config =
      parse_config("[tokens]\nwall-1 = { role = \"viewer\", sha256 = \"" + hash("a") +
                       "\" }\nbox = { role = \"ingest\", sha256 = \"" + hash("b") +
                       "\" }\n[access]\norigins = [\"https://fleet.example\"]\n"
                       "connections = 100\nconnections_per_address = 5\n"
                       "[tls]\ncertificate = \"/c.pem\"\nkey = \"/k.pem\"\n",
                   "f");

  ASSERT_TRUE(config.ok()) << config.error().what;
  const AccessConfig& access = config.value().gateway.access;
  ASSERT_EQ(access.tokens.size(), 2u);
  EXPECT_EQ(access.tokens[0], (AccessToken{"box", Role::ingest, hash_of_token("b")}));
  EXPECT_EQ(access.tokens[1], (AccessToken{"wall-1", Role::viewer, hash_of_token("a")}));
  EXPECT_EQ(access.origins, std::vector<std::string>{"https://fleet.example"});
  EXPECT_EQ(access.connections, 100u);
  EXPECT_EQ(access.connections_per_address, 5u);
  EXPECT_EQ(access.tls.certificate, "/c.pem");
  EXPECT_EQ(access.tls.key, "/k.pem");
}

TEST(AccessConfig, NamesLineAndRemedyOfWhatIsWrong) {
  const std::string good = "role = \"viewer\", sha256 = \"" + hash("a") + "\"";
  const std::pair<std::string, const char*> table[] = {
      {"[tokens]\na = \"secret\"", "line 2: token 'a': expected { role = "},
      {"[tokens]\na = \"fw_itself\"", "got a text."},
      {"[tokens]\na = 7", "got a number."},
      {"[tokens]\na = true", "got true or false."},
      {"[tokens]\na = [\"viewer\"]", "got a list."},
      {"[tokens]\na = 2026-10-16", "got a date or time."},
      {"[tokens]\na = { role = \"viewer\" }", "needs a role and a sha256"},
      {"[tokens]\na = { sha256 = \"" + hash("a") + "\" }", "needs a role and a sha256"},
      {"[tokens]\na = { role = \"root\", sha256 = \"" + hash("a") + "\" }", "role is 'root'"},
      {"[tokens]\na = { role = \"viewer\", sha256 = \"fw_itself\" }", "64 hexadecimal digits"},
      {"[tokens]\na = { " + good + ", view = \"masked\" }", "unknown key 'tokens.a.view'"},
      {"[tokens]\na = { role = \"fw_itself\", sha256 = \"\" }",
       "role is (what looks like a token)"},
      {"[tokens]\nfw_itself = { " + good + " }", "token (what looks like a token): "},
      {"[feed]\nfw_itself = 1", "unknown key (what looks like a token)"},
      {"[tokens]\n\"a b\" = { " + good + " }", "letters, digits"},
      {"[tokens]\na = { " + good + " }\nb = { " + good + " }", "'a' and 'b' are the same"},
      {"[access]\norigins = \"https://a\"", "expected a list"},
      {"[access]\norigins = [\"https://a/\"]", "is no origin"},
      {"[access]\norigins = [1]", "expected a text"},
      {"[access]\nconnections_per_address = 0", "from 1 to 1024"},
      {"[access]\nconnections_per_address = 1025", "from 1 to 1024"},
      {"[access]\nconnections = 0", "from 1 to 1024"},
      {"[tls]\nciphers = \"all\"", "unknown key 'tls.ciphers'"},
  };
  for (const auto& [text, part] : table) {
    const auto config = parse_config(text, "f");
    ASSERT_FALSE(config.ok()) << text;
    EXPECT_NE(config.error().what.find(part), std::string::npos) << config.error().what;
    EXPECT_EQ(config.error().what.find("fw_itself"), std::string::npos) << "never the token";
  }
}

TEST(AccessConfig, TakesAsManyOriginsAsItMay) {
  const auto config_of = [](std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list += "\"https://a" + std::to_string(i) + "\",";
    return parse_config("[access]\norigins = [" + list + "]", "f");
  };

  EXPECT_EQ(config_of(kMaxOrigins - 1)->gateway.access.origins.size(), kMaxOrigins - 1);
  EXPECT_EQ(config_of(kMaxOrigins)->gateway.access.origins.size(), kMaxOrigins);
  const auto above = config_of(kMaxOrigins + 1);
  ASSERT_FALSE(above.ok());
  EXPECT_EQ(above.error().what, "f line 2: expected at most 64 origins, got 65.");
}

TEST(AccessConfig, TakesAsManyTokensAsItMay) {
  std::string text = "[tokens]\n";
  for (std::size_t i = 0; i < kMaxTokens; ++i)
    text += "t" + std::to_string(i) + " = { role = \"viewer\", sha256 = \"" +
            hash(std::to_string(i)) + "\" }\n";

  EXPECT_TRUE(parse_config(text, "f").ok());
  EXPECT_FALSE(
      parse_config(text + "one-more = { role = \"viewer\", sha256 = \"" + hash("x") + "\" }\n", "f")
          .ok());
}

TEST(TokenFile, GivesItsFirstLineOrSaysWhatIsWrong) {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& text) {
    std::ofstream(folder.path / "token", std::ios::binary) << text;
    return read_token_file(folder.path / "token");
  };
  const std::string token = make_token();
  for (const char* end : {"", "\n", "\r\n", " \n", "\nsecond line\n"})
    EXPECT_EQ(read(token + end).value(), token) << end;
  for (const std::string& bad :
       {std::string(), std::string("\n"), "\n" + token, token + " x", std::string(2000, 'x')}) {
    const auto got = read(bad);
    ASSERT_FALSE(got.ok());
    EXPECT_EQ(got.error().what.find(token), std::string::npos) << "never the token itself";
  }
  EXPECT_FALSE(read_token_file(folder.path).ok()) << "a folder";
  EXPECT_FALSE(read_token_file(folder.path / "none").ok());
  EXPECT_FALSE(read_token_file("/dev/zero").ok()) << "without end";
  EXPECT_EQ(read_token_file("").value(), "");
}

fleet::Time now() {
  return std::chrono::time_point_cast<fleet::Millis>(std::chrono::system_clock::now());
}

TEST(Tls, SaysWhatIsWrongWithACertificate) {
  const TemporaryFolder folder;
  const TlsFiles good = make_certificate(folder.path, "good");
  const TlsFiles other = make_certificate(folder.path, "other");
  const TlsFiles over = make_certificate(
      folder.path, "over", {.names = "DNS:a", .begin_s = -7200, .end_s = -3600, .serial = 1});
  std::ofstream(folder.path / "text") << "no certificate";
  const std::tuple<TlsFiles, const char*> table[] = {
      {{good.certificate, ""}, "both a certificate and a key"},
      {{folder.path / "none", good.key}, "No such file"},
      {{good.certificate, folder.path / "none"}, "No such file"},
      {{folder.path / "text", good.key}, "expected a certificate in PEM form"},
      {{good.certificate, folder.path / "text"}, "expected the key of"},
      {{good.certificate, other.key}, "key values mismatch"},
      {over, "the certificate ended at"},
  };
  ASSERT_TRUE(server_tls(good, now()).ok());
  for (const auto& [files, part] : table) {
    const auto made = server_tls(files, now());
    ASSERT_FALSE(made.ok()) << part;
    EXPECT_NE(made.error().what.find(part), std::string::npos) << made.error().what;
  }
  EXPECT_FALSE(client_tls(folder.path / "text").ok());
  EXPECT_FALSE(client_tls(folder.path / "none").ok());
  EXPECT_TRUE(client_tls(good.certificate).ok());
  const auto left = certificate_end(*server_tls(good, now()).value()) - now();
  EXPECT_NEAR(std::chrono::duration<double>(left).count(), 3600, 60);
}

TEST(CertificateWatch, TellsOnceThatFilesChangedAndWhetherTheyAreGood) {
  const TemporaryFolder folder;
  const TlsFiles files = make_certificate(folder.path, "own");
  CertificateWatch watch(files);
  EXPECT_FALSE(watch.changed(now())) << "nothing happened";

  std::ofstream(files.certificate) << "half a certific";
  const auto half = watch.changed(now());
  ASSERT_TRUE(half);
  EXPECT_FALSE(half->ok());
  EXPECT_FALSE(watch.changed(now())) << "told once";

  make_certificate(folder.path, "own", {.serial = 2});
  const auto whole = watch.changed(now());
  ASSERT_TRUE(whole);
  EXPECT_TRUE(whole->ok());
  EXPECT_FALSE(CertificateWatch().changed(now())) << "nothing to watch";
}

TEST(CertificateWatch, LooksAtTheFilesOnceAMinute) {
  const TemporaryFolder folder;
  const TlsFiles files = make_certificate(folder.path, "own");
  CertificateWatch watch(files);
  const std::chrono::steady_clock::time_point begin{1h};
  EXPECT_FALSE(watch.changed_lately(begin, now()));
  std::ofstream(files.certificate) << "half a certific";

  EXPECT_FALSE(watch.changed_lately(begin + kCertificateCheck - 1ms, now()));
  EXPECT_TRUE(watch.changed_lately(begin + kCertificateCheck, now()));
  std::ofstream(files.certificate) << "half";
  EXPECT_FALSE(watch.changed_lately(begin + 2 * kCertificateCheck - 1ms, now()));
  EXPECT_TRUE(watch.changed_lately(begin + 2 * kCertificateCheck + 1ms, now()));
}

}  // namespace
}  // namespace net::test
