#include "tests/load/rig.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace load {

namespace {

/// Places of a machine before its way repeats: 16 rounds of text, some 80 MB for 32,730 machines.
constexpr std::uint32_t kSteps = 16;
/// Slow viewers read so often.
constexpr int kTurnMs = 10;

std::string number_text(double value) {
  char text[64];
  std::snprintf(text, sizeof text,
                value == static_cast<double>(static_cast<long long>(value)) ? "%.0f" : "%.3f",
                value);
  return text;
}

}  // namespace

void Report::bar(const std::string& name, double value, bool met, const std::string& text) {
  lines_.push_back({name, value, text + (met ? ": met" : ": MISSED")});
  good_ = good_ && met;
}
void Report::at_most(const std::string& name, double value, double most) {
  bar(name, value, value <= most, "<= " + number_text(most));
}
void Report::at_least(const std::string& name, double value, double least) {
  bar(name, value, value >= least, ">= " + number_text(least));
}

void Report::print() const {
  std::printf("{\"scenario\": \"%s\"", scenario_.c_str());
  for (const Line& line : lines_) {
    std::printf(",\n  \"%s\": %s", line.name.c_str(), number_text(line.value).c_str());
    if (!line.bar.empty()) std::printf(", \"%s bar\": \"%s\"", line.name.c_str(), line.bar.c_str());
  }
  std::printf(",\n  \"good\": %s}\n", good_ ? "true" : "false");
  std::fflush(stdout);
}

double percentile(std::vector<float> values, double share) {
  if (values.empty()) return 0;
  const auto at = std::min(values.size() - 1,
                           static_cast<std::size_t>(share * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return static_cast<double>(values[at]);
}

Rig::Rig(const Settings& wanted) : settings(wanted) {
  std::string name = (std::filesystem::temp_directory_path() / "fleet_load-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  folder_ = name;
  data_ = settings.keep.empty() ? folder_ / "data" : std::filesystem::path(settings.keep);
  pin_to_processor(1);
  gateway_ = std::make_unique<GatewayProcess>(
      settings.fleetwalld, data_,
      settings.log.empty() ? folder_ / "log" : std::filesystem::path(settings.log), 0);
  epoll_ = epoll_create1(0);
  const std::uint32_t each = (settings.machines + settings.senders - 1) / settings.senders;
  for (std::uint32_t first = 0; first < settings.machines; first += each) {
    FleetText text(first, std::min(each, settings.machines - first), settings.lines, kSteps);
    senders.push_back(std::make_unique<Sender>(gateway_->port(), std::move(text), settings.window));
    epoll_event event{};
    event.events = EPOLLIN;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, senders.back()->socket().fd(), &event);
  }
}

Rig::~Rig() {
  viewers.clear();
  senders.clear();
  gateway_.reset();
  close(epoll_);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

double Rig::now_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Viewer& Rig::add_viewer(Viewer::Options options) {
  viewers.push_back(std::make_unique<Viewer>(gateway_->port(), options, reference));
  watch(*viewers.back());
  return *viewers.back();
}

/// The loop only wakes up for them; a turn looks at all. Who reads slowly does not wake it.
void Rig::watch(Viewer& viewer) {
  if (viewer.options().bytes_per_second > 0 || !viewer.options().reads) return;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &viewer;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, viewer.socket().fd(), &event);
}

void Rig::freeze(Viewer& viewer) {
  viewer.stop_reading();
  epoll_ctl(epoll_, EPOLL_CTL_DEL, viewer.socket().fd(), nullptr);
}

void Rig::push() {
  if (!sending_) return;
  const double lines = settings.rate * (now_s() - sending_since_s_);
  for (const auto& sender : senders) {
    const std::uint64_t most =
        settings.rate == 0
            ? UINT64_MAX
            : lines_before_ +
                  static_cast<std::uint64_t>(lines / static_cast<double>(senders.size()));
    sender->push(most);
  }
}

void Rig::turn(int timeout_ms) {
  epoll_event events[256];
  const int n = epoll_wait(epoll_, events, 256, timeout_ms);
  const double now = now_s();
  for (int i = 0; i < n; ++i) {
    auto* viewer = static_cast<Viewer*>(events[i].data.ptr);
    if (!viewer) continue;
    viewer->read(now);
    if (viewer->socket().is_over() && viewer->socket().fd() >= 0)
      epoll_ctl(epoll_, EPOLL_CTL_DEL, viewer->socket().fd(), nullptr);
  }
  for (const auto& sender : senders) {
    if (sender->socket().is_over()) continue;
    sender->read();
    sender->socket().flush();
  }
  for (const auto& viewer : viewers)
    if (viewer->options().bytes_per_second > 0 || !viewer->options().reads) viewer->read(now);
  push();
}

bool Rig::serve(double seconds, const std::function<bool()>& until) {
  const double begin = now_s();
  double next_second = begin + 1;
  while (true) {
    if (until && until()) return true;
    const double now = now_s();
    if (now - begin >= seconds) return !until;
    if (now >= next_second) {
      next_second += 1;
      if (on_second) on_second();
    }
    const bool waits_to_write = std::any_of(
        senders.begin(), senders.end(), [](const auto& s) { return s->socket().wants_to_write(); });
    turn(waits_to_write || settings.rate > 0 ? 1 : kTurnMs);
  }
}

void Rig::send(bool on) {
  sending_ = on;
  sending_since_s_ = now_s();
  lines_before_ = senders.front()->counters().lines;
}

std::uint64_t Rig::lines_sent() const {
  std::uint64_t lines = 0;
  for (const auto& sender : senders) lines += sender->counters().lines;
  return lines;
}

bool Rig::drain() {
  send(false);
  return serve(30, [this] {
    return std::all_of(senders.begin(), senders.end(), [](const auto& s) { return s->answered(); });
  });
}

void Rig::introduce_machines() {
  const auto open = [this] {
    return std::all_of(senders.begin(), senders.end(),
                       [](const auto& s) { return s->socket().is_open(); });
  };
  if (!serve(10, open)) throw std::runtime_error("the gateway takes no senders");
  const auto sent = [this] {
    for (const auto& sender : senders) sender->push(sender->lines_of_a_round());
    return std::all_of(senders.begin(), senders.end(), [](const auto& s) {
      return s->answered() && s->counters().lines >= s->lines_of_a_round();
    });
  };
  if (!serve(30, sent)) throw std::runtime_error("the gateway does not take its machines");
}

bool Rig::settle() {
  std::uint64_t newest = 0;
  const auto all = [&] {
    for (const auto& viewer : viewers)
      if (viewer->position()) newest = std::max(newest, viewer->position()->number);
    return std::all_of(viewers.begin(), viewers.end(), [&](const auto& v) {
      return !v->options().reads || v->socket().is_over() || v->has(newest);
    });
  };
  serve(2.5);  // the tick under way ends, and everybody hears of it
  return serve(30, all);
}

}  // namespace load
