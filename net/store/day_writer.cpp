#include <optional>

#include "net/store/day_store.hpp"
#include "net/store/open_day.hpp"
#include "net/store/packing.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

/// Commits between two tries to settle days that others still read: a second at least.
constexpr std::uint64_t kSettleEvery = 50;
/// Of feed time: packed are hours that are over.
constexpr std::chrono::minutes kPackEvery{60};

class Writer final : public DayWriter {
 public:
  Writer(fs::path directory, DayStoreOptions options, DirectoryLock lock)
      : directory_(std::move(directory)),
        options_(std::move(options)),
        lock_(std::move(lock)),
        packing_(options_.pack_sizes) {}
  ~Writer() override { (void)close(); }

  /// Opens the newest day, if any, and settles older ones that a crash, or an error while they were
  /// settled, left with a log or a journal: a journal keeps readers out.
  fleet::Result<void> open_newest() {
    auto files = day_files(directory_);
    if (!files) return {};  // an empty folder: the first keyframe makes the first file
    for (const fs::path& path : *files) {
      if (path == files->back()) {
        auto day = open_day(path);
        if (day)
          day_.emplace(std::move(*day));
        else if (day.error().code == kDamaged)
          damaged_ = path;  // begin_day moves it aside if it is in the way
        else
          return day.error();
        if (day_) note_packed();
        continue;
      }
      std::error_code code;
      const bool doubtful = fs::exists(doubt_mark(path), code);
      if (doubtful || fs::exists(path.string() + "-wal", code) ||
          fs::exists(path.string() + "-journal", code))
        unsettled_.push_back({path, doubtful});
    }
    settle_rest();
    return {};
  }

  bool needs_roster(fleet::Time next_end) const override {
    return !progress_.keyframe || day_of_end(options_.zone, next_end) != day_->file.day;
  }
  bool needs_keyframe(fleet::Time next_end) const override {
    return needs_roster(next_end) ||
           (progress_.ticks_since && next_end > *progress_.keyframe + options_.keyframe_every);
  }

  fleet::Result<void> append_keyframe(const EncodedFrame* roster, const EncodedFrame& keyframe,
                                      fleet::Time next_end) override {
    if (needs_roster(next_end) && roster == nullptr) {
      return fleet::Error{"day store: the first keyframe of a day needs a complete roster"};
    }
    const fleet::LocalDay day = day_of_end(options_.zone, next_end);
    if (!day_ || day_->file.day != day) {
      if (auto turned = turn_to(day, *roster, keyframe); !turned) return turned;
    } else {
      if (roster) {
        if (auto put = day_->insert(*roster, true); !put) return undo(put.error());
      }
      if (auto put = day_->insert(keyframe, false); !put) return undo(put.error());
    }
    // Of the tick to come, not of the state: in a gap the state may be hours old.
    progress_.keyframe = next_end;
    if (!packed_until_) packed_until_ = next_end;
    progress_.ticks_since = false;
    if (!day_->file.db.in_transaction()) committed_ = progress_;
    return {};
  }

  fleet::Result<void> journal(std::string_view bytes) override {
    if (!day_) return fleet::Error{"day store: samples came before the first keyframe"};
    if (auto begun = day_->begin(); !begun) return undo(begun.error());
    if (auto put = day_->insert_journal.bind_blob(1, bytes).run(); !put) return undo(put.error());
    return {};
  }

  fleet::Result<void> append(const EncodedFrame& frame) override {
    const bool tick = frame.kind == EncodedFrame::Kind::tick;
    if (tick ? needs_roster(frame.end) : !progress_.keyframe) {
      return fleet::Error{"day store: " + std::string(tick ? "a tick" : "a roster") + " frame at " +
                          fleet::iso8601(frame.end) + " needs a keyframe before it in its day"};
    }
    if (auto put = day_->insert(frame, false); !put) return undo(put.error());
    if (!tick) return {};
    if (auto dropped = day_->drop_journal.run(); !dropped) return undo(dropped.error());
    progress_.ticks_since = true;
    return {};
  }

  fleet::Result<void> commit() override {
    if (day_ && day_->file.db.in_transaction()) {
      if (auto done = day_->file.db.run("COMMIT"); !done) return undo(done.error());
    }
    committed_ = progress_;
    if (day_) day_->fold_log();
    go_on_packing();
    if (++commits_ % kSettleEvery == 0) settle_rest();
    return {};
  }

  fleet::Result<std::vector<std::string>> read_journal() override {
    if (day_) return journal_of(day_->file);
    if (damaged_.empty()) return std::vector<std::string>();
    // What was acknowledged last may still be readable.
    auto damaged = DayFile::open(damaged_, sqlite::Database::Mode::read);
    auto entries = damaged ? journal_of(*damaged) : damaged.error();
    if (!entries) tell(entries.error().what + "; samples of its last tick are lost");
    return entries ? std::move(*entries) : std::vector<std::string>();
  }

  fleet::Result<void> close() override {
    if (!day_) return {};
    if (auto done = commit(); !done) return done;
    const fs::path path = day_->file.path;
    if (day_->copy_doubtful) {
      release();
      unsettled_.push_back({path, true});
      settle_rest();
      return {};
    }
    put_packs(true);
    if (options_.pack && options_.pack_rest) {
      release();
      packing_.close_day(path, options_.durable);
      close_days(true);
      return {};
    }
    close_days(true);
    DayFile file = release();
    auto settled = settle(file, options_.durable);
    if (!settled) return settled.error();
    return {};
  }

 private:
  struct Progress {
    std::optional<fleet::Time> keyframe;  ///< of this writer, in the open day
    bool ticks_since = false;
  };

  /// Throws the open transaction away after a failure, so that the writer can go on later.
  fleet::Error undo(fleet::Error why) {
    if (day_ && day_->file.db.in_transaction()) (void)day_->file.db.run("ROLLBACK");
    progress_ = committed_;
    return why;
  }

  /// The file without its statements, which would keep it open.
  DayFile release() {
    OpenDay day = std::move(*day_);
    day_.reset();
    day.file.db.watch_log(nullptr);
    return std::move(day.file);
  }

  fleet::Result<OpenDay> open_day(const fs::path& path) const {
    std::error_code code;
    const bool doubtful =
        fs::exists(doubt_mark(path), code) && !settle_doubtful(path, options_.durable);
    auto file = DayFile::open(path, sqlite::Database::Mode::write);
    if (!file) return file.error();
    auto day = OpenDay::prepare(std::move(*file), options_);
    if (day.ok() && doubtful) day->doubt();
    if (!day) return day;
    if (auto good = day->try_out(); !good) return good.error();
    return day;
  }

  void tell(const std::string& what) const {
    if (options_.on_damage) options_.on_damage(what);
  }

  /// As open_day; one that is damaged is moved aside, never lost, and another one made.
  fleet::Result<OpenDay> open_or_replace(const fs::path& path, fleet::LocalDay day) const {
    auto opened = open_day(path);
    if (opened || opened.error().code != kDamaged) return opened;
    auto aside = set_aside(path);
    if (!aside) return aside.error();
    tell(opened.error().what + "; it was moved aside as " + aside->filename().string() +
         ", and a new file of this day begun");
    return make_day(path, day);
  }

  fleet::Result<OpenDay> make_day(const fs::path& path, fleet::LocalDay day) const {
    auto file = DayFile::create(path, day, options_);
    if (!file) return file.error();
    return OpenDay::prepare(std::move(*file), options_);
  }

  /// The file of `day`, made or opened, with what it must begin with, committed.
  fleet::Result<OpenDay> begin_day(fleet::LocalDay day, const EncodedFrame& roster,
                                   const EncodedFrame& keyframe) {
    const fs::path path = day_file_path(directory_, day);
    std::error_code code;
    auto next = fs::exists(path, code) ? open_or_replace(path, day) : make_day(path, day);
    if (!next) return next.error();
    if (auto put = next->insert(roster, true); !put) return put.error();
    if (auto put = next->insert(keyframe, false); !put) return put.error();
    // Samples of an unfinished tick that a restart took up move along with it.
    if (day_) {
      auto entries = journal_of(day_->file);
      if (!entries) return entries.error();
      for (const std::string& entry : *entries) {
        if (auto put = next->insert_journal.bind_blob(1, entry).run(); !put) return put.error();
      }
    }
    if (auto done = next->file.db.run("COMMIT"); !done) return done.error();
    return next;
  }

  fleet::Result<void> turn_to(fleet::LocalDay day, const EncodedFrame& roster,
                              const EncodedFrame& keyframe) {
    if (auto done = commit(); !done) return done;
    auto next = begin_day(day, roster, keyframe);
    if (!next) return next.error();
    if (day_) {
      // The new day is safe already: trouble with closing the old one must not stop the feed.
      (void)day_->drop_journal.run();
      const bool doubtful = day_->copy_doubtful;
      put_packs(true);  // what is under way is of this day
      DayFile old = release();
      if (options_.pack && !doubtful)
        packing_.close_day(old.path, options_.durable);
      else if (doubtful || !settled_now(old))
        unsettled_.push_back({old.path, doubtful});
    }
    day_.emplace(std::move(*next));
    packed_until_.reset();
    return {};
  }

  /// Of a day that is taken up again: up to where its hours are packed.
  void note_packed() {
    packed_until_.reset();
    auto packs = PackTable::open(day_->file);
    if (!packs) return;
    const auto last = packs->last();
    if (last && *last) packed_until_ = (*last)->end;
  }

  /// Puts packs that are made in the place of their rows. What cannot be put stays as it is, and is
  /// packed again later.
  void put_packs(bool wait) {
    std::vector<MadePack> made = packing_.take(wait);
    if (made.empty() || !day_) return;
    auto packs = PackTable::open(day_->file);
    if (!packs) return;
    for (const MadePack& pack : made)
      if (!packs->replace(pack.head, pack.parts)) return;
  }

  /// After a commit: an hour that is over is packed, and days that are over are closed.
  void go_on_packing() {
    if (!options_.pack) return;
    if (packing_.made_ready()) put_packs(false);
    close_days(false);
    // What is complete when it is closed is packed at once, always in the same way.
    if (options_.pack_rest) return;
    if (!day_ || day_->copy_doubtful || packing_.busy() || !packed_until_ || !progress_.keyframe)
      return;
    if (*progress_.keyframe - *packed_until_ < kPackEvery) return;
    packed_until_ = progress_.keyframe;
    packing_.make(day_->file.path);
  }

  void close_days(bool wait) {
    for (fs::path& day : packing_.close_days(wait)) unsettled_.push_back({std::move(day), false});
  }

  /// Days that could not be settled, by and by: opening one for writing already takes back what a
  /// broken attempt left. What fails again is tried some commits later, or at the next start.
  void settle_rest() {
    std::erase_if(unsettled_, [this](const Unsettled& day) {
      std::error_code code;
      if (!fs::exists(day.path, code) && !code) return true;  // retention removed it
      if (day.doubtful) return settle_doubtful(day.path, options_.durable);
      auto file = DayFile::open(day.path, sqlite::Database::Mode::write);
      return file.ok() && settled_now(*file);
    });
  }

  /// False: readers have it open just now, or an error.
  bool settled_now(DayFile& file) const {
    const auto settled = settle(file, options_.durable);
    return settled.ok() && *settled;
  }

  fs::path directory_;
  DayStoreOptions options_;
  DirectoryLock lock_;
  std::optional<OpenDay> day_;
  fs::path damaged_;  ///< the newest file, if it could not be opened for that
  struct Unsettled {
    fs::path path;
    bool doubtful;  ///< as OpenDay::copy_doubtful
  };
  std::vector<Unsettled> unsettled_;
  std::uint64_t commits_ = 0;
  Progress progress_, committed_;
  std::optional<fleet::Time> packed_until_;  ///< of the open day; what is later stands in frames
  Packing packing_;
};

}  // namespace

fleet::Result<std::unique_ptr<DayWriter>> DayWriter::open(const fs::path& directory,
                                                          DayStoreOptions options) {
  auto lock = DirectoryLock::take(directory);
  if (!lock) return lock.error();
  auto writer = std::make_unique<Writer>(directory, std::move(options), std::move(*lock));
  if (auto opened = writer->open_newest(); !opened) return opened.error();
  return std::unique_ptr<DayWriter>(std::move(writer));
}

}  // namespace net
