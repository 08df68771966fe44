// A closed day's parity: any page of it that a disk loses comes back.
#include "net/store/page_parity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "net/read_file.hpp"
#include "net/store/backup.hpp"
#include "net/store/day_file.hpp"
#include "net/store/parity_file.hpp"
#include "net/store/retention.hpp"
#include "net/store/rollups.hpp"
#include "net/store/salvage.hpp"
#include "tests/net/day_folder.hpp"

namespace net {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::size_t kPage = kParityPageBytes;

class PageParity : public testing::Test, public samples::DayFolder {
 protected:
  void SetUp() override {
    samples::Fleet fleet(200);
    auto w = writer();
    for (int k = 0; k < 140; ++k) one_tick(*w, fleet, k % 2 == 0 ? 400 : 3);
    expect(w->close());
    w.reset();
    file_ = day("2026-10-16");
    out_ = directory_ / "out.fleetday";
    expect(guard_day(file_));
    whole_ = bytes_of(file_);
    parity_ = bytes_of(parity_path(file_));
    pages_ = whole_.size() / kPage;
    groups_ = parity_groups(static_cast<std::uint32_t>(pages_));
    ASSERT_GE(groups_, 3u);
  }
  static std::string bytes_of(const fs::path& file) {
    const auto bytes = read_file(file);
    EXPECT_TRUE(bytes.ok());
    return bytes ? *bytes : std::string();
  }
  static void put(const fs::path& file, std::string_view bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  }
  /// The day, with pages (counted from 0) that hold noise.
  void hurt(std::size_t first, std::size_t count = 1) {
    std::string bytes = whole_;
    for (std::size_t i = first * kPage; i < (first + count) * kPage; ++i)
      bytes[i] = static_cast<char>(noise_());
    put(file_, bytes);
  }
  std::optional<SalvagedDay> salvaged() {
    fs::remove(out_);
    auto done = salvage_day(file_, out_, quick());
    EXPECT_TRUE(done.ok()) << done.error().what;
    return done ? std::optional(*done) : std::nullopt;
  }

  fs::path file_, out_;
  std::string whole_, parity_;
  std::size_t pages_ = 0, groups_ = 0;
  std::mt19937 noise_{7};
};

TEST_F(PageParity, IsSmall) {
  EXPECT_LT(fs::file_size(parity_path(file_)) * 50, whole_.size());
}

TEST_F(PageParity, FindsNoDamageInAWholeDay) {
  const auto damage = page_damage(file_);

  ASSERT_TRUE(damage);
  EXPECT_EQ(damage->pages, pages_);
  EXPECT_THAT(damage->damaged, IsEmpty());
  EXPECT_EQ(text_of(*damage), "");
  EXPECT_THAT(verify(directory_)->damages, IsEmpty());
}

TEST_F(PageParity, RestoresEveryPageThereIs) {
  for (std::size_t page = 0; page < pages_; ++page) {
    hurt(page);
    const auto damage = page_damage(file_);
    ASSERT_TRUE(damage) << page;
    ASSERT_THAT(damage->damaged, ElementsAre(page + 1));
    ASSERT_TRUE(damage->all_restorable()) << page;
    const auto done = salvaged();
    ASSERT_TRUE(done && done->whole) << page;
    ASSERT_EQ(done->restored, 1u);
    ASSERT_TRUE(bytes_of(out_) == whole_) << page;
  }
}

TEST_F(PageParity, RestoresARunAsLongAsItHasGroups) {
  for (std::size_t first = 0; first + groups_ <= pages_; first += 7) {
    hurt(first, groups_);
    const auto done = salvaged();
    ASSERT_TRUE(done && done->whole) << first;
    ASSERT_EQ(done->restored, groups_);
    ASSERT_TRUE(bytes_of(out_) == whole_) << first;
  }
}

TEST_F(PageParity, RestoresAnEndThatWasCutOff) {
  put(file_, whole_.substr(0, (pages_ - groups_) * kPage + 1000));

  const auto done = salvaged();

  ASSERT_TRUE(done);
  EXPECT_TRUE(done->whole);
  EXPECT_TRUE(bytes_of(out_) == whole_);
}

TEST_F(PageParity, RestoresWhatItCanOfALongerRunAndSalvagesTheRest) {
  const std::size_t first = pages_ / 2;
  hurt(first, groups_ + 1);

  const auto damage = page_damage(file_);
  ASSERT_TRUE(damage);
  EXPECT_THAT(damage->damaged, SizeIs(groups_ + 1));
  EXPECT_EQ(damage->restorable, groups_ - 1);
  EXPECT_THAT(text_of(*damage), HasSubstr("restores " + std::to_string(groups_ - 1) + " of them"));
  const auto done = salvaged();
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->whole);
  EXPECT_EQ(done->restored, groups_ - 1);
  EXPECT_GT(done->frames, 130u);
  EXPECT_FALSE(fs::exists(directory_ / "2026-10-16.fleetday.pages"));
}

TEST_F(PageParity, IsToldByVerify) {
  hurt(pages_ - 2);

  const auto report = verify(directory_);

  ASSERT_FALSE(report->damages.empty());
  EXPECT_EQ(report->damages[0].what, "page " + std::to_string(pages_ - 1) + " of " +
                                         std::to_string(pages_) +
                                         " is not as written when the day was closed; `fleetwalld "
                                         "salvage` restores it");
}

TEST_F(PageParity, SaysNothingOfADayThatWasWrittenSince) {
  auto w = writer();
  samples::Fleet fleet(200);
  one_tick(*w, fleet, 3);
  expect(w->commit());
  EXPECT_FALSE(page_damage(file_));
  expect(guard_day(file_));  // being written: left alone
  EXPECT_FALSE(page_damage(file_));
  expect(w->close());

  EXPECT_FALSE(page_damage(file_));
  EXPECT_EQ(salvaged()->restored, 0u);
  EXPECT_THAT(guard_days(directory_), IsEmpty());
  ASSERT_TRUE(page_damage(file_));
  EXPECT_THAT(page_damage(file_)->damaged, IsEmpty());
}

TEST_F(PageParity, SaysNothingOfAnotherFile) {
  Parity other{.changes = 1'000'000,
               .checks = std::vector<std::uint32_t>(pages_, 17),
               .sums = std::vector<ParityPage>(groups_)};
  put(parity_path(file_), encode(other));
  EXPECT_FALSE(page_damage(file_));

  // Changed as often, by chance.
  other.changes = decode_parity_head(parity_)->changes;
  put(parity_path(file_), encode(other));
  EXPECT_FALSE(page_damage(file_));
}

TEST_F(PageParity, IsOfNoUseWhenItIsDamagedItself) {
  const std::string parity = bytes_of(parity_path(file_));
  hurt(5);
  for (std::size_t at :
       {std::size_t{0}, std::size_t{20}, std::size_t{27}, parity.size() / 2, parity.size() - 1}) {
    std::string bytes = parity;
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    put(parity_path(file_), bytes);
    EXPECT_FALSE(page_damage(file_)) << at;
    EXPECT_EQ(salvaged()->restored, 0u) << at;
  }
  for (std::size_t size = 0; size < 100; ++size)
    EXPECT_FALSE(decode_parity(parity_.substr(0, size)));
}

TEST_F(PageParity, IsMadeAnewWhereItIsDamagedItself) {
  std::string bytes = parity_;
  bytes[bytes.size() / 2] ^= 1;
  put(parity_path(file_), bytes);

  const auto report = verify(directory_);
  ASSERT_THAT(report->damages, SizeIs(1));
  EXPECT_EQ(report->damages[0].file, parity_path(file_));
  expect(guard_day(file_));

  EXPECT_TRUE(bytes_of(parity_path(file_)) == parity_);
  EXPECT_THAT(verify(directory_)->damages, IsEmpty());
}

TEST_F(PageParity, IsNotMadeOfADamagedDay) {
  for (const std::size_t page : {std::size_t{0}, pages_ / 2}) {
    hurt(page);
    (void)guard_days(directory_);
    EXPECT_TRUE(bytes_of(parity_path(file_)) == parity_) << page;
  }
  put(file_, whole_.substr(0, whole_.size() - kPage));
  (void)guard_days(directory_);
  EXPECT_TRUE(bytes_of(parity_path(file_)) == parity_);
}

TEST_F(PageParity, HoldsBesideALogWithNothingInIt) {
  for (const char* end : {"-wal", "-journal"}) {
    put(file_.string() + end, "");
    EXPECT_TRUE(page_damage(file_)) << end;
    put(file_.string() + end, "something");
    EXPECT_FALSE(page_damage(file_)) << end;
    fs::remove(file_.string() + end);
  }
}

TEST_F(PageParity, PutsADayRightWhereItLies) {
  hurt(pages_ / 2, groups_);
  const auto restored = restore_day(file_);
  ASSERT_TRUE(restored.ok());
  EXPECT_EQ(*restored, groups_);
  EXPECT_TRUE(bytes_of(file_) == whole_);

  put(file_, whole_.substr(0, (pages_ - groups_) * kPage + 1000));
  EXPECT_EQ(restore_day(file_).value(), groups_);
  EXPECT_TRUE(bytes_of(file_) == whole_);
  EXPECT_EQ(restore_day(file_).value(), 0u) << "nothing is damaged";
}

TEST_F(PageParity, LeavesADayAsItIsThatItCannotPutRight) {
  hurt(pages_ / 2, groups_ + 1);
  const std::string damaged = bytes_of(file_);
  EXPECT_EQ(restore_day(file_).value(), 0u);
  EXPECT_TRUE(bytes_of(file_) == damaged);

  hurt(pages_ / 2);
  const auto aside = set_aside(file_);
  ASSERT_TRUE(aside.ok());
  EXPECT_EQ(restore_day(*aside).value(), 0u) << "it is no day of the folder any more";
}

TEST_F(PageParity, PutsTheNewestDayRightOnlyWhereNobodyWrites) {
  hurt(pages_ / 2);
  {
    const auto gateway = DirectoryLock::take(directory_);
    ASSERT_TRUE(gateway.ok());
    EXPECT_EQ(restore_day(file_).value(), 0u);
    put(day("2026-10-17"), "the newest");
    EXPECT_EQ(restore_day(file_).value(), 1u);
  }
  fs::remove(day("2026-10-17"));
  hurt(pages_ / 2);
  EXPECT_EQ(restore_day(file_).value(), 1u);
  EXPECT_TRUE(bytes_of(file_) == whole_);
}

TEST_F(PageParity, LeavesNothingBesideASalvageThatFails) {
  fs::create_directories(out_ / "in the way");
  hurt(pages_ / 2);

  EXPECT_FALSE(salvage_day(file_, out_, quick()).ok());

  EXPECT_FALSE(fs::exists(directory_ / "2026-10-16.fleetday.pages"));
  EXPECT_TRUE(fs::exists(out_ / "in the way"));
}

TEST_F(PageParity, KeepsADamagedDayFromTakingThePlaceOfItsCopy) {
  const fs::path to = directory_ / "copies";
  ASSERT_TRUE(back_up(directory_, to, {}).ok());
  hurt(pages_ / 2);

  const auto again = back_up(directory_, to, {});

  ASSERT_TRUE(again.ok());
  ASSERT_THAT(*again, SizeIs(1));
  EXPECT_THAT(again->front().problem, HasSubstr("salvage` restores it"));
  EXPECT_FALSE(again->front().copied);
  EXPECT_TRUE(bytes_of(to / file_.filename()) == whole_);
}

TEST_F(PageParity, GoesWithItsDay) {
  const auto aside = set_aside(file_);
  ASSERT_TRUE(aside.ok());
  EXPECT_FALSE(fs::exists(parity_path(file_)));
  std::string bytes = whole_;
  bytes.replace(3 * kPage, kPage, kPage, 'x');
  put(*aside, bytes);
  ASSERT_TRUE(page_damage(*aside));
  EXPECT_TRUE(page_damage(*aside)->all_restorable());

  put(file_, whole_);
  expect(guard_day(file_));
  expect(remove_day(stored_days(directory_)->front()));
  EXPECT_FALSE(fs::exists(parity_path(file_)));
}

TEST_F(PageParity, CountsAsBytesOfItsDay) {
  EXPECT_EQ(stored_days(directory_)->front().bytes,
            whole_.size() + fs::file_size(parity_path(file_)));
}

TEST_F(PageParity, IsOfTheFileThatTakesItsPlace) {
  const fs::path fresh = directory_ / "fresh";
  fs::create_directory(fresh);
  fs::copy_file(file_, fresh / file_.filename());

  expect(install_days(fresh, directory_));

  EXPECT_FALSE(fs::exists(parity_path(file_)));
}

TEST_F(PageParity, IsMadeForCopies) {
  const fs::path to = directory_ / "copies";

  ASSERT_TRUE(back_up(directory_, to, {}).ok());

  const auto damage = page_damage(to / file_.filename());
  ASSERT_TRUE(damage);
  EXPECT_THAT(damage->damaged, IsEmpty());
}

TEST_F(PageParity, IsRenewedWithTheTablesOfADay) {
  RollupRequest request;
  request.path = directory_;
  request.store = true;

  const auto news = bring_up_to_date(request);

  ASSERT_TRUE(news.ok());
  ASSERT_THAT(news->built, SizeIs(1));
  EXPECT_NE(bytes_of(file_), whole_);
  ASSERT_TRUE(page_damage(file_));
  EXPECT_THAT(page_damage(file_)->damaged, IsEmpty());
}

TEST_F(PageParity, IsNotGivenUpForTheTablesOfADamagedDay) {
  hurt(pages_ / 2);
  RollupRequest request;
  request.path = directory_;
  request.store = true;

  const auto news = bring_up_to_date(request);

  ASSERT_TRUE(news.ok());
  ASSERT_FALSE(news->damages.empty());
  EXPECT_THAT(news->damages.back(), HasSubstr("salvage` restores it"));
  const auto done = salvaged();
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->whole);
}

}  // namespace
}  // namespace net
