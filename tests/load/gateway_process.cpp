#include "tests/load/gateway_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace load {

void pin_to_processor(int number) {
  if (std::thread::hardware_concurrency() < 2) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(number), &set);
  sched_setaffinity(0, sizeof set, &set);
}

GatewayProcess::GatewayProcess(const std::string& program, const std::filesystem::path& data,
                               const std::filesystem::path& log, int processor) {
  int output[2];
  if (pipe(output) != 0) throw std::runtime_error("no pipe");
  pid_ = fork();
  if (pid_ == 0) {
    pin_to_processor(processor);
    const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    dup2(output[1], STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    close(output[0]);
    execl(program.c_str(), program.c_str(), "serve", "--listen", "127.0.0.1:0", "--data",
          data.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  close(output[1]);
  std::string line;
  for (char c = 0; read(output[0], &c, 1) == 1 && c != '\n';) line += c;
  close(output[0]);
  const auto colon = line.rfind(':');
  if (line.rfind("listening ", 0) != 0 || colon == std::string::npos) {
    stop();
    throw std::runtime_error(program + " does not serve; its log: " + log.string());
  }
  port_ = static_cast<std::uint16_t>(std::atoi(line.c_str() + colon + 1));
}

GatewayProcess::~GatewayProcess() {
  stop();
}

int GatewayProcess::stop() {
  if (pid_ < 0) return 0;
  kill(pid_, SIGTERM);
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

double GatewayProcess::rss_mib() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
  double total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

double GatewayProcess::cpu_s() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  std::string text;
  std::getline(file, text);
  std::istringstream rest(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) rest >> skipped;
  double user = 0, system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::map<std::string, double> read_metrics(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string text;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::string request =
        "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    (void)!write(fd, request.data(), request.size());
    char part[65536];
    for (ssize_t n = 0; (n = read(fd, part, sizeof part)) > 0;)
      text.append(part, static_cast<std::size_t>(n));
  }
  close(fd);
  std::map<std::string, double> values;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto space = line.rfind(' ');
    if (line.rfind("fleetwall_", 0) == 0 && space != std::string::npos)
      values[line.substr(0, space)] = std::atof(line.c_str() + space + 1);
  }
  return values;
}

}  // namespace load
