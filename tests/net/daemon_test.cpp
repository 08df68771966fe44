// The program fleetwalld itself: started, signalled, read from.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <fstream>
#include <tuple>

#include "net/gateway/socket_server.hpp"
#include "tests/net/loopback_support.hpp"

namespace net::test {
namespace {

std::string program() {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "fleetwalld").string();
}

/// A started fleetwalld with its stdout on a pipe and its stderr in a file.
class Daemon {
 public:
  explicit Daemon(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), program());
    std::vector<char*> argv;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int out[2];
    EXPECT_EQ(::pipe(out), 0);
    const std::string log = (folder_.path / "stderr").string();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(out[1], 1);
      ::close(out[0]);
      ::close(out[1]);
      const int fd = ::open(log.c_str(), O_CREAT | O_WRONLY, 0600);
      ::dup2(fd, 2);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(out[1]);
    stdout_ = ::fdopen(out[0], "r");
  }
  ~Daemon() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      wait();
    }
    ::fclose(stdout_);
  }
  std::string read_line() {
    char text[512];
    if (!::fgets(text, sizeof text, stdout_)) return "";
    std::string line(text);
    if (line.ends_with('\n')) line.pop_back();
    return line;
  }
  std::string read_rest() {
    std::string all;
    char part[65536];
    for (std::size_t n = 0; (n = ::fread(part, 1, sizeof part, stdout_)) > 0;) all.append(part, n);
    return all;
  }
  void signal(int number) { ::kill(pid_, number); }
  /// Lets no file of it grow beyond so many bytes.
  void limit_files(rlim_t bytes) {
    const rlimit limit{bytes, RLIM_INFINITY};
    EXPECT_EQ(::prlimit(pid_, RLIMIT_FSIZE, &limit, nullptr), 0);
  }
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }
  std::string log() {
    std::ifstream file(folder_.path / "stderr");
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  TemporaryFolder folder_;
  pid_t pid_ = -1;
  FILE* stdout_ = nullptr;
};

class DaemonTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(program())) GTEST_SKIP() << program() << " is not built";
  }
};

std::uint16_t port_of(const std::string& line) {
  return static_cast<std::uint16_t>(std::atoi(line.substr(line.rfind(':') + 1).c_str()));
}

TEST_F(DaemonTest, SaysWhereItListensAndEndsCleanlyOnASignal) {
  for (const int number : {SIGTERM, SIGINT}) {
    Daemon daemon({"serve", "--listen", "127.0.0.1:0"});
    const std::string first = daemon.read_line();
    ASSERT_EQ(first.rfind("listening 127.0.0.1:", 0), 0u) << first;
    EXPECT_EQ(http(port_of(first), "GET", "/healthz").status, 200);
    TestWall wall("ws://127.0.0.1:" + std::to_string(port_of(first)));
    ASSERT_TRUE(
        wall.until([&] { return wall.feed->health().state == FeedHealth::State::receiving; }));

    daemon.signal(number);

    EXPECT_EQ(daemon.wait(), 0) << daemon.log();
    EXPECT_TRUE(wall.until([&] {
      return wall.feed->health().detail.find("shut down") != std::string::npos ||
             wall.feed->health().state == FeedHealth::State::lost;
    }));
  }
}

TEST_F(DaemonTest, ExplainsWhatIsWrongWithTheCall) {
  TemporaryFolder folder;
  std::ofstream(folder.path / "bad.toml") << "\nlisten_on = 3\n";
  const std::string bad = (folder.path / "bad.toml").string();
  std::ofstream(folder.path / "tls.toml")
      << "[tls]\ncertificate = \"/nowhere.pem\"\nkey = \"/nowhere.key\"\n";
  const std::string no_tls = (folder.path / "tls.toml").string();
  using Words = std::vector<std::string>;
  const auto simulate = [](Words more) {
    more.insert(more.begin(), {"simulate", "--machines", "5", "--seed", "1", "--stdout"});
    return more;
  };
  const auto to = [](Words more) {
    more.insert(more.begin(), {"simulate", "--machines", "5", "--seed", "1", "--to", "wss://x"});
    return more;
  };
  const auto import = [&](Words more) {
    more.insert(more.begin(), {"import", "--data", (folder.path / "days").string()});
    more.push_back(bad);
    return more;
  };
  const std::string zoneless = (folder.path / "zoneless.csv").string();
  std::ofstream(zoneless) << "machine,time,speed_kmh\nA,2026-10-16 10:00:00,5\n";
  const std::string days = (folder.path / "days").string();
  const std::tuple<Words, int, std::string> cases[] = {
      {{"import", "--data", days, zoneless}, 1, "Not one row could be used"},
      {{"import", "--data", days, "--time-zone", "Asia/Shanghai", zoneless}, 0, ""},
      {{"import", "--data", days, "--time-zone", "Asia/Shanghai", zoneless}, 0, ""},
      {{}, 2, "subcommand"},
      {{"dance"}, 2, "subcommand"},
      {{"serve", "--config", bad}, 2, "line 2: unknown key 'listen_on'"},
      {{"serve", "--config", "/nowhere.toml"}, 2, "/nowhere.toml"},
      {{"serve", "--config", folder.path.string()}, 2, "Is a directory"},
      {{"serve", "--data", ""}, 2, "--data: expected a name or path"},
      {{"serve", "--listen", "here"}, 2, "HOST:PORT"},
      {{"serve", "--listen", "0.0.0.0:0"}, 2, "without tokens"},
      {{"serve", "--listen", "127.0.0.1:0", "--config", no_tls}, 2, "/nowhere.pem"},
      {{"export", "--data", "x", "--from", "noon", "--to", "2026-10-17T00:00Z"},
       2,
       "--from 'noon'"},
      {{"export", "--data", "x", "--from", "2026-10-17T00:00Z", "--to", "2026-10-17T08:00+08:00"},
       2,
       "--to must be later than --from"},
      {{"export", "--data", "/nowhere", "--from", "2026-10-16T00:00Z", "--to", "2026-10-17T00:00Z"},
       1,
       "/nowhere: there is no such file or folder"},
      {{"export", "--data", "x", "--from", "2026-10-16T00:00Z", "--to", "2026-10-17T00:00Z",
        "--region", "Atlantis"},
       2,
       "--region: No region is called 'Atlantis'. Near: "},
      {to({"--token-file", "/nowhere.token"}), 2, "--token-file /nowhere.token"},
      {to({"--token-file", bad}), 2, "--token-file " + bad},
      {to({"--ca-file", "/nowhere.pem"}), 2, "/nowhere.pem"},
      {to({"--ca-file", bad}), 2, bad},
      {{"simulate", "--machines", "0", "--seed", "1", "--stdout"}, 2, "machines"},
      {{"simulate", "--machines", "5", "--seed", "1"}, 2, "--to, --data, --stdout"},
      {simulate({"--live"}), 2, "--live needs a gateway"},
      {to({"--live", "--days", "2"}), 2, "--live"},
      {to({"--live", "--speed", "2"}), 2, "--live"},
      {to({"--live", "--start", "2026-10-16T08:00:00+08:00"}), 2, "--live"},
      {simulate({"--days", "nan"}), 2, "--days: expected a number from 0 to 3660, got 'nan'"},
      {simulate({"--speed", "inf"}), 2, "--speed: expected a number from 0 to 1000000"},
      {simulate({"--start", "9999-12-31T08:00:00+08:00", "--days", "0.7"}), 2, "9999-12-31"},
      {simulate({"--start", "0000-01-01T00:00:00+09:00"}), 2, "0000-01-01"},
      {simulate({"--start", "9999-12-31T23:59:59+08:00", "--days", "0"}), 0, ""},
      {import({"--max-speed", "nan"}), 2, "--max-speed: expected a number from 1 to 1000000"},
      {import({"--map", "lon=a", "--map", "lon=b"}), 2, "--map lon=a and --map lon=b"},
      {import({"--map", "lon=a", "--map", "lat=a"}), 2, "--map lon=a and --map lat=a"},
      {{"import", "--data", "", "a.csv"}, 2, "--data: expected a name or path"},
      {{"simulate", "--machines", "5", "--seed", "1", "--stdout", "--start", "noon"}, 2, "noon"},
      {{"simulate", "--machines", "5", "--seed", "1", "--to", "http://x"}, 2, "ws://"},
  };
  for (const auto& [arguments, code, text] : cases) {
    Daemon daemon(arguments);
    daemon.read_rest();
    EXPECT_EQ(daemon.wait(), code) << text;
    EXPECT_NE(daemon.log().find(text), std::string::npos) << daemon.log();
  }
}

TEST_F(DaemonTest, SimulatesTheSameBytesForTheSameArguments) {
  const std::vector<std::string> arguments = {"simulate", "--machines", "40",   "--seed",
                                              "9",        "--days",     "0.02", "--stdout"};

  Daemon first(arguments), second(arguments);
  const std::string bytes = first.read_rest();

  EXPECT_EQ(first.wait(), 0) << first.log();
  EXPECT_EQ(bytes, second.read_rest());
  EXPECT_GT(std::count(bytes.begin(), bytes.end(), '\n'), 100);
  EXPECT_EQ(bytes.rfind("{\"machine\":", 0), 0u);
}

TEST_F(DaemonTest, SendsASimulationToAGatewayThatTakesIt) {
  Daemon gateway({"serve", "--listen", "127.0.0.1:0"});
  const std::uint16_t port = port_of(gateway.read_line());

  Daemon sender({"simulate", "--machines", "30", "--seed", "2", "--days", "0.01", "--moving",
                 "--to", "ws://127.0.0.1:" + std::to_string(port)});

  EXPECT_EQ(sender.wait(), 0) << sender.log();
  const std::string page = http(port, "GET", "/metrics").body;
  EXPECT_EQ(metric(page, "fleetwall_machines"), 30);
  EXPECT_EQ(metric(page, "fleetwall_ingest_roster_lines_total"), 30);
  EXPECT_GT(metric(page, "fleetwall_reports_total"), 30 * 800);
}

TEST_F(DaemonTest, TellsASenderWhatItsTokenLacks) {
  TemporaryFolder folder;
  const std::string config = (folder.path / "gw.toml").string();
  const std::string token = (folder.path / "wall.token").string();
  Daemon made({"token", "--name", "wall-1", "--role", "viewer"});
  std::ofstream(token) << made.read_rest();
  ASSERT_EQ(made.wait(), 0);
  const std::string printed = made.log();
  const auto line = printed.find("wall-1 = {");
  ASSERT_NE(line, printed.npos) << printed;
  std::ofstream(config) << "[tokens]\n"
                        << printed.substr(line, printed.find('\n', line) - line) << "\n";
  Daemon gateway({"serve", "--config", config, "--listen", "127.0.0.1:0"});
  const std::string url =
      "ws://127.0.0.1:" + std::to_string(port_of(gateway.read_line())) + "/ingest";
  const std::vector<std::string> call{"simulate", "--machines", "5", "--seed", "1", "--to", url};
  auto with_token = call;
  with_token.insert(with_token.end(), {"--token-file", token});

  Daemon none(call), wrong(with_token);

  EXPECT_EQ(none.wait(), 1);
  EXPECT_NE(none.log().find("asks for a token of the role ingest"), std::string::npos);
  EXPECT_EQ(wrong.wait(), 1);
  EXPECT_NE(wrong.log().find("does not allow to send reports"), std::string::npos);
}

TEST_F(DaemonTest, SendsALivingFleetUpToNowAndGoesOn) {
  Daemon gateway({"serve", "--listen", "127.0.0.1:0"});
  const std::string url = "ws://127.0.0.1:" + std::to_string(port_of(gateway.read_line()));

  Daemon sender({"simulate", "--machines", "3", "--seed", "2", "--live", "--moving", "--to", url});

  TestWall wall(url);
  const auto newest = [&] {
    fleet::Time time = fleet::kNever;
    const fleet::FleetState& state = wall.reader.state();
    for (fleet::Slot i = 0; i < state.machine_count(); ++i)
      time = std::max(time, state.head(i).device_time);
    return time;
  };
  ASSERT_TRUE(wall.until([&] { return newest() > read_clocks().system - 5s; })) << sender.log();
  const fleet::Time then = newest();
  EXPECT_TRUE(wall.until([&] { return newest() >= then + 2s; })) << "it goes on";
  EXPECT_EQ(wall.reader.state().machine_count(), 3u);
}

TEST_F(DaemonTest, RecordsASimulationThatASecondRunMayOnlyContinue) {
  TemporaryFolder folder;
  const auto record = [&](const char* start) {
    Daemon daemon({"simulate", "--machines", "30", "--seed", "2", "--days", "0.01", "--start",
                   start, "--data", folder.path.string()});
    const int code = daemon.wait();
    return std::to_string(code) + daemon.log();
  };

  EXPECT_EQ(record("2026-10-16T08:00:00+08:00").substr(0, 1), "0");
  EXPECT_TRUE(std::filesystem::exists(folder.path / "2026-10-16.fleetday"));
  EXPECT_NE(record("2026-10-16T08:00:00+08:00").find("already knows"), std::string::npos);
  EXPECT_EQ(record("2026-10-17T08:00:00+08:00").substr(0, 1), "0");
  EXPECT_TRUE(std::filesystem::exists(folder.path / "2026-10-17.fleetday"));
}

std::string rpm_line(int machine, int rpm) {
  return "{\"machine\":\"EX-" + std::to_string(machine) + "\",\"time\":" + now_ms() +
         ",\"rpm\":" + std::to_string(rpm) + "}\n";
}

TEST_F(DaemonTest, AcknowledgesNothingWhileTheDiskRefusesAndGoesOnWhenItIsCured) {
  TemporaryFolder folder;
  Daemon gateway({"serve", "--listen", "127.0.0.1:0", "--data", folder.path.string()});
  const std::uint16_t port = port_of(gateway.read_line());
  ASSERT_EQ(http(port, "POST", "/ingest", rpm_line(1, 1000)).status, 200);
  TestWall wall("ws://127.0.0.1:" + std::to_string(port));
  ASSERT_TRUE(wall.until([&] { return wall.reader.state().machine_count() == 1; }));

  gateway.limit_files(4096);
  const HttpAnswer during = http(port, "POST", "/ingest", rpm_line(2, 1000));
  const HttpAnswer again = http(port, "POST", "/ingest", rpm_line(3, 1000));
  const HttpAnswer health = http(port, "GET", "/healthz");

  EXPECT_EQ(during.status, 503) << during.body;
  EXPECT_EQ(again.status, 503) << again.body;
  EXPECT_EQ(health.status, 503);
  EXPECT_NE(health.body.find("\"reason\":"), std::string::npos) << health.body;
  // Whether they see EX-2 depends on who met the disk first, it or the tick under way.
  EXPECT_TRUE(wall.until([&] { return !wall.feed->health().trouble.empty(); }))
      << "viewers are told what is wrong";

  gateway.limit_files(RLIM_INFINITY);
  ASSERT_TRUE(eventually([&] { return http(port, "GET", "/healthz").status == 200; }));
  EXPECT_TRUE(wall.until([&] { return wall.feed->health().trouble.empty(); }));
  EXPECT_EQ(http(port, "POST", "/ingest", rpm_line(4, 1000)).status, 200);
  EXPECT_TRUE(wall.until([&] { return wall.reader.state().roster().find("EX-4").has_value(); }))
      << "viewers are served on";
  gateway.signal(SIGKILL);
  gateway.wait();

  Daemon restarted({"serve", "--listen", "127.0.0.1:0", "--data", folder.path.string()});
  TestWall after("ws://127.0.0.1:" + std::to_string(port_of(restarted.read_line())));
  ASSERT_TRUE(after.until([&] { return after.keyframes == 1; })) << restarted.log();
  const fleet::Roster& roster = after.reader.state().roster();
  EXPECT_TRUE(roster.find("EX-1"));
  EXPECT_FALSE(roster.find("EX-3")) << "refused before it was taken in";
  EXPECT_TRUE(roster.find("EX-4"));
}

TEST_F(DaemonTest, BeginsOnADiskThatRefusesAndTakesUpServiceWhenItIsCured) {
  TemporaryFolder folder;
  {
    Daemon before({"serve", "--listen", "127.0.0.1:0", "--data", folder.path.string()});
    const std::uint16_t port = port_of(before.read_line());
    ASSERT_EQ(http(port, "POST", "/ingest", rpm_line(1, 1000)).status, 200);
    before.signal(SIGTERM);
    ASSERT_EQ(before.wait(), 0) << before.log();
  }
  rlimit usual{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &usual), 0);
  const rlimit small{4096, usual.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  Daemon gateway({"serve", "--listen", "127.0.0.1:0", "--data", folder.path.string()});
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &usual), 0);
  const std::uint16_t port = port_of(gateway.read_line());
  TestWall wall("ws://127.0.0.1:" + std::to_string(port));

  EXPECT_TRUE(wall.until([&] { return wall.reader.state().machine_count() == 1; }));
  EXPECT_TRUE(wall.until([&] { return !wall.feed->health().trouble.empty(); }));
  EXPECT_EQ(http(port, "POST", "/ingest", rpm_line(2, 1000)).status, 503);
  EXPECT_EQ(http(port, "GET", "/healthz").status, 503);

  gateway.limit_files(RLIM_INFINITY);
  ASSERT_TRUE(eventually([&] { return http(port, "GET", "/healthz").status == 200; }))
      << gateway.log();
  ASSERT_EQ(http(port, "POST", "/ingest", rpm_line(3, 1000)).status, 200);
  EXPECT_TRUE(wall.until([&] { return wall.reader.state().machine_count() == 2; }))
      << "it came back to the same port";
  EXPECT_TRUE(wall.until([&] { return wall.feed->health().trouble.empty(); }));
  gateway.signal(SIGKILL);
  gateway.wait();
  Daemon state({"state", "--data", folder.path.string(), "--at", "9999-01-01T00:00:00Z"});
  const std::string known = state.read_rest();
  EXPECT_NE(known.find("EX-1,"), std::string::npos);
  EXPECT_EQ(known.find("EX-2,"), std::string::npos) << "it was refused";
  EXPECT_NE(known.find("EX-3,"), std::string::npos);
}

TEST_F(DaemonTest, KeepsEveryAcknowledgedSampleThroughAKill) {
  TemporaryFolder folder;
  int accepted = 0;
  {
    Daemon gateway({"serve", "--listen", "127.0.0.1:0", "--data", folder.path.string()});
    const std::uint16_t port = port_of(gateway.read_line());
    for (int i = 0; i < 20; ++i) {
      const auto answer = http(port, "POST", "/ingest",
                               "{\"machine\":\"EX-" + std::to_string(i) +
                                   "\",\"time\":" + now_ms() + ",\"rpm\":1500}\n");
      if (answer.body == "{\"accepted\":1,\"rejected\":[]}\n") ++accepted;
    }
    gateway.signal(SIGKILL);
    gateway.wait();
  }
  EXPECT_EQ(accepted, 20);

  // Before anything takes the unfinished tick up, it is known already.
  Daemon state({"state", "--data", folder.path.string(), "--at", "9999-01-01T00:00:00Z"});
  int known = 0;
  for (std::string line = state.read_line(); !line.empty(); line = state.read_line())
    known += line.rfind("EX-", 0) == 0 && line.find(",1500,") != std::string::npos;
  EXPECT_EQ(state.wait(), 0) << state.log();
  EXPECT_EQ(known, 20);
  EXPECT_NE(state.log().find("the last known state is given"), std::string::npos) << state.log();
  Daemon before({"state", "--data", folder.path.string(), "--at", "2001-01-01T00:00:00Z"});
  EXPECT_TRUE(before.read_line().starts_with("machine,"));
  EXPECT_EQ(before.read_line(), "");
  EXPECT_EQ(before.wait(), 0);
  EXPECT_NE(before.log().find("The recording begins at "), std::string::npos) << before.log();
  const std::string table = (folder.path / "out" / "fixes.ndjson").string();
  const std::vector<std::string> call = {"export",
                                         "--data",
                                         folder.path.string(),
                                         "--from",
                                         "2001-01-01T00:00:00Z",
                                         "--to",
                                         "9999-01-01T00:00:00Z",
                                         "--format",
                                         "ndjson",
                                         "--out",
                                         table};
  Daemon nowhere(call);
  EXPECT_EQ(nowhere.wait(), 1);
  EXPECT_NE(nowhere.log().find("Cannot write to " + table), std::string::npos) << nowhere.log();
  std::filesystem::create_directory(folder.path / "out");
  Daemon fixes(call);
  EXPECT_EQ(fixes.wait(), 0) << fixes.log();
  std::ifstream file(table);
  const std::string lines{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 20) << lines;
  EXPECT_FALSE(std::filesystem::exists(table + ".part"));
  Daemon check({"verify", "--data", folder.path.string()});
  EXPECT_TRUE(check.read_line().ends_with(": whole"));
  EXPECT_EQ(check.wait(), 0) << check.log();

  Daemon again({"serve", "--listen", "127.0.0.1:0", "--data", folder.path.string()});
  TestWall wall("ws://127.0.0.1:" + std::to_string(port_of(again.read_line())));
  ASSERT_TRUE(wall.until([&] { return wall.keyframes == 1; })) << again.log();

  ASSERT_EQ(wall.reader.state().machine_count(), 20u);
  for (fleet::Slot slot = 0; slot < 20; ++slot)
    EXPECT_TRUE(wall.reader.state().has(slot, fleet::kRpm)) << slot;
}

}  // namespace
}  // namespace net::test
