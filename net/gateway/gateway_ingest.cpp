// What the gateway makes of a message of ingest, and when it answers: after the commit.
#include <algorithm>

#include "net/codec/utf8.hpp"
#include "net/gateway/gateway_engine.hpp"
#include "net/ingest/json_text.hpp"

namespace net {

namespace {

/// Of an answer, beside its text: what waits with it.
constexpr std::size_t kAnswerOverhead = 256;
/// Of the sentence why a message was refused: a path of a file, and what the system says of it.
constexpr std::size_t kMaxWhyBytes = 8u << 10;

IngestAnswer refusal(int status, const std::string& why) {
  std::string text = "{\"status\":" + std::to_string(status) + ",\"error\":";
  // The name of a folder, which may stand in it, need not be UTF-8: a sender would refuse it all.
  append_json_text(text, clean_text(why, kMaxWhyBytes));
  return {status, text + "}"};
}

}  // namespace

/// Accepted, and not yet known to be on the disk. What an error holds back stays pending.
std::uint64_t GatewayEngine::pending_values() const {
  return recorder_ ? core_->counters().stored - counters_.durable_values : 0;
}

/// Everything accepted so far was handed to the recorder.
void GatewayEngine::when_durable(std::function<void(bool)> done) {
  recorder_->when_committed(
      [this, accepted = core_->counters().stored, done = std::move(done)](bool committed) {
        if (committed) counters_.durable_values = std::max(counters_.durable_values, accepted);
        done(committed);
      });
}

/// For what no sender waits for any more: a demo's ticks, and what an error held back.
void GatewayEngine::ask_what_is_durable() {
  if (!asked_.expired() || pending_values() == 0) return;
  const auto question = std::make_shared<int>();
  asked_ = question;
  when_durable([question](bool) {});
}

/// Of both kinds of rejections the first ones by line; the others are counted.
IngestAnswer GatewayEngine::answer_to(NdjsonOutcome& lines, const IngestOutcome& outcome) const {
  std::uint64_t total = outcome.rejected.size();
  for (const std::uint64_t n : lines.rejected_count) total += n;
  std::vector<IngestRejection>& listed = lines.rejected;
  for (std::size_t i = 0; i < std::min(outcome.rejected.size(), kMaxListedRejections); ++i) {
    const LineRejection& r = outcome.rejected[i];
    listed.push_back({r.line, r.reason,
                      std::string(fleet::rejected_field_name(core_->state().fields(), r.field))});
  }
  std::stable_sort(listed.begin(), listed.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  return {200, ingest_answer(outcome.accepted + lines.roster_only, listed, total - listed.size())};
}

/// Counts an answer until it is given or lost, and notes how long it waited for the disk.
std::function<void(IngestAnswer)> GatewayEngine::counted(std::function<void(IngestAnswer)> done,
                                                         const IngestAnswer& answer,
                                                         FeedClock::Steady received) {
  const std::size_t bytes = answer.body.size() + kAnswerOverhead;
  *waiting_answer_bytes_ += bytes;
  std::shared_ptr<void> share(nullptr,
                              [total = waiting_answer_bytes_, bytes](void*) { *total -= bytes; });
  return [this, share, received, done = std::move(done)](IngestAnswer made) mutable {
    share.reset();
    if (made.status == 200) durable_.add(std::chrono::steady_clock::now() - received);
    done(std::move(made));
  };
}

/// Why the store takes nothing for now: a status and a sentence.
std::optional<IngestAnswer> GatewayEngine::store_refuses() const {
  if (!records()) return std::nullopt;
  const Recorder::Status status = store_status();
  if (!status.healthy)
    return IngestAnswer{503,
                        "The store refuses data, nothing was accepted: " + status.problem.what};
  if (status.waiting_bytes > kMaxUncommittedBytes)
    return IngestAnswer{429, "More data than the disk takes; nothing was accepted, send it again."};
  if (*waiting_answer_bytes_ > kMaxWaitingAnswerBytes)
    return IngestAnswer{429,
                        "Too many answers wait for the disk; nothing was accepted, send it again."};
  return std::nullopt;
}

std::size_t GatewayEngine::ingest(std::string body, Now now,
                                  std::function<void(IngestAnswer)> done) {
  const auto refuse = [&](int status, const std::string& why) {
    ++counters_.refused_messages;
    done(refusal(status, why));
    return std::size_t{0};
  };
  ++counters_.messages;
  if (finished_) return refuse(503, "The gateway goes down; nothing was accepted.");
  if (const auto no = store_refuses()) return refuse(no->status, no->body);
  while (advance(now)) {
  }
  const fleet::Time received =
      std::clamp(clock_.now(now.system, now.steady), core_->tick_begin() + fleet::Millis(1),
                 core_->tick_end());
  if (body.starts_with(kByteOrderMark)) body.erase(0, kByteOrderMark.size());
  const std::size_t body_lines = line_count(body);
  // One with more lines than any message may have is never told to come again: it would for ever.
  if (body_lines <= kMaxLinesPerMessage && !core_->has_room(body_lines))
    return refuse(429, "More reports than one tick takes; nothing was accepted, send it again.");
  prepare_tick();
  batch_.clear();
  auto parsed = parser_.parse(body, body_lines, received, core_->state(), batch_);
  if (!parsed) return refuse(400, parsed.error().what);
  NdjsonOutcome& lines = parsed.value();
  counters_.lines += lines.lines;
  counters_.roster_lines += lines.roster_only;
  for (std::size_t r = 0; r < lines.rejected_count.size(); ++r)
    counters_.refused_lines[r] += lines.rejected_count[r];
  const IngestOutcome outcome = core_->ingest(batch_);
  counters_.reports += batch_.reports.size();
  IngestAnswer answer = answer_to(lines, outcome);
  if (!recorder_) {
    done(std::move(answer));
    return 0;
  }
  const std::size_t waiting = answer.body.size();
  done = counted(std::move(done), answer, now.steady);

  const GatewayCore::TickFrames entries = core_->take_journal();
  if (entries.roster) recorder_->journal(entries.roster);
  if (entries.tick) recorder_->journal(entries.tick);
  when_durable([answer = std::move(answer), done = std::move(done)](bool committed) mutable {
    if (!committed) answer = refusal(503, "The store failed; send it again.");
    done(std::move(answer));
  });
  return waiting;
}

}  // namespace net
