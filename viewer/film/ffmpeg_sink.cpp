// Pictures through ffmpeg: a child process that reads them from a pipe.
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "viewer/film/frame_sink.hpp"

namespace viewer {
namespace {

/// Closes with its owner.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  void reset(int fd) {
    close();
    fd_ = fd;
  }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

/// The last words of what it said: the end of a file that is open.
std::string end_of(int fd) {
  constexpr off_t kMost = 600;
  const off_t size = lseek(fd, 0, SEEK_END);
  std::string text(static_cast<std::size_t>(std::clamp<off_t>(size, 0, kMost)), '\0');
  const ssize_t got = pread(fd, text.data(), text.size(),
                            std::max<off_t>(0, size - static_cast<off_t>(text.size())));
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

class FfmpegSink : public FrameSink {
 public:
  explicit FfmpegSink(std::string out) : out_(std::move(out)) {}
  ~FfmpegSink() override {
    pipe_.close();
    wait();
  }
  fleet::Result<void> start(const std::vector<std::string>& arguments);
  fleet::Result<void> add(const render::Image& picture) override;
  fleet::Result<void> finish() override {
    pipe_.close();
    return ended_well();
  }
  const std::string& place() const override { return out_; }

 private:
  void wait();
  fleet::Result<void> ended_well();

  std::string out_;
  Descriptor pipe_, said_;
  pid_t process_ = 0;
  int status_ = 0;
};

fleet::Result<void> FfmpegSink::start(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    return fleet::Error{std::string("ffmpeg: no pipe: ") + std::strerror(errno)};
  const Descriptor reading(ends[0]);
  pipe_.reset(ends[1]);
  said_.reset(memfd_create("ffmpeg", MFD_CLOEXEC));
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, reading.get(), STDIN_FILENO);
  if (said_.get() >= 0) posix_spawn_file_actions_adddup2(&actions, said_.get(), STDERR_FILENO);
  // A process group of its own: Ctrl-C is for the wall, which then closes the pipe, so that the
  // film is ended properly.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  const int error =
      posix_spawn(&process_, argv.front(), &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error == 0) return {};
  process_ = 0;
  return fleet::Error{arguments.front() + ": cannot be started: " + std::strerror(error)};
}

fleet::Result<void> FfmpegSink::add(const render::Image& picture) {
  for (std::size_t done = 0; done < picture.rgba.size();) {
    const ssize_t n = write(pipe_.get(), picture.rgba.data() + done, picture.rgba.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {  // it reads no more: it ended, and knows why
      const int why = errno;
      pipe_.close();
      if (auto ended = ended_well(); !ended) return ended;
      return fleet::Error{out_ + ": ffmpeg took no more pictures: " + std::strerror(why)};
    }
    done += static_cast<std::size_t>(n);
  }
  return {};
}

void FfmpegSink::wait() {
  if (process_ == 0) return;
  while (waitpid(process_, &status_, 0) < 0 && errno == EINTR) {
  }
  process_ = 0;
}

fleet::Result<void> FfmpegSink::ended_well() {
  wait();
  if (WIFEXITED(status_) && WEXITSTATUS(status_) == 0) return {};
  const std::string how = WIFSIGNALED(status_)
                              ? "was ended by signal " + std::to_string(WTERMSIG(status_))
                              : "failed with " + std::to_string(WEXITSTATUS(status_));
  const std::string said = said_.get() >= 0 ? end_of(said_.get()) : std::string{};
  return fleet::Error{out_ + ": ffmpeg " + how + (said.empty() ? "" : ": " + said)};
}

}  // namespace

fleet::Result<std::unique_ptr<FrameSink>> open_ffmpeg(const std::string& ffmpeg,
                                                      const FilmPlan& plan, int width_px,
                                                      int height_px) {
  auto sink = std::make_unique<FfmpegSink>(plan.out);
  if (auto started = sink->start(ffmpeg_arguments(ffmpeg, plan, width_px, height_px)); !started)
    return started.error();
  return std::unique_ptr<FrameSink>(std::move(sink));
}

}  // namespace viewer
