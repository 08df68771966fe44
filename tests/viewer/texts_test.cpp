#include "viewer/ui/texts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "viewer/files.hpp"
#include "viewer/ui/fault_texts.hpp"
#include "viewer/ui/feed_texts.hpp"
#include "viewer/ui/fonts.hpp"

namespace {

using namespace viewer;

bool has_chinese(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    if (c >= 0x3000 && c < 0xA000) return true;
  }
  return false;
}

std::set<std::string> marks_of(std::string_view text) {
  std::set<std::string> marks;
  for (std::size_t at = text.find('{'); at != text.npos; at = text.find('{', at + 1)) {
    marks.emplace(text.substr(at, text.find('}', at) - at));
  }
  return marks;
}

TEST(Texts, AreCompleteInBothLanguages) {
  for (int i = 0; i < kTextCount; ++i) {
    const auto key = static_cast<Text>(i);
    EXPECT_FALSE(text_of(Lang::zh, key).empty()) << i;
    EXPECT_FALSE(text_of(Lang::en, key).empty()) << i;
  }
}

TEST(Texts, KeepChineseOutOfEnglishExceptTheNameOfTheOtherLanguage) {
  for (int i = 0; i < kTextCount; ++i) {
    const auto key = static_cast<Text>(i);
    if (key == Text::key_language) continue;
    EXPECT_FALSE(has_chinese(text_of(Lang::en, key))) << text_of(Lang::en, key);
  }
}

TEST(Texts, HaveTheSameMarksToFillInBothLanguages) {
  for (int i = 0; i < kTextCount; ++i) {
    const auto key = static_cast<Text>(i);
    EXPECT_EQ(marks_of(text_of(Lang::zh, key)), marks_of(text_of(Lang::en, key))) << i;
  }
}

TEST(Texts, SayInBothLanguagesWhyThereIsNoFeed) {
  std::set<std::string_view> titles;
  for (int i = 1; i < static_cast<int>(net::FeedReason::count_); ++i) {
    const auto reason = static_cast<net::FeedReason>(i);
    EXPECT_TRUE(has_chinese(reason_title(Lang::zh, reason))) << i;
    EXPECT_TRUE(has_chinese(reason_advice(Lang::zh, reason))) << i;
    EXPECT_FALSE(has_chinese(reason_title(Lang::en, reason))) << i;
    EXPECT_FALSE(reason_advice(Lang::en, reason).empty()) << i;
    EXPECT_FALSE(has_chinese(reason_advice(Lang::en, reason))) << i;
    EXPECT_TRUE(titles.insert(reason_title(Lang::en, reason)).second) << i;
  }
  EXPECT_EQ(reason_title(Lang::zh, net::FeedReason::none), "");
}

TEST(Texts, SayInBothLanguagesWhyNothingIsRecorded) {
  using enum net::StoreTrouble;
  for (int i = 0; i < static_cast<int>(count_); ++i) {
    const auto trouble = static_cast<net::StoreTrouble>(i);
    EXPECT_TRUE(has_chinese(trouble_title(Lang::zh, trouble)));
    EXPECT_TRUE(has_chinese(trouble_advice(Lang::zh, trouble)));
    EXPECT_FALSE(trouble_title(Lang::en, trouble).empty());
    EXPECT_FALSE(trouble_advice(Lang::en, trouble).empty());
    EXPECT_FALSE(has_chinese(trouble_title(Lang::en, trouble)));
    EXPECT_FALSE(has_chinese(trouble_advice(Lang::en, trouble)));
  }
  EXPECT_FALSE(trouble_needs_words(disk_full)) << "the title says it all";
  EXPECT_TRUE(trouble_needs_words(io_error));
}

TEST(Texts, NameFieldsAndKeepTheNameOfAnUnknownOne) {
  EXPECT_EQ(field_label(Lang::zh, "coolant_c"), "冷却液温度");
  EXPECT_EQ(field_label(Lang::en, "coolant_c"), "Coolant");
  EXPECT_EQ(field_label(Lang::zh, "boom_pressure_mpa"), "boom_pressure_mpa");
}

TEST(Texts, NameClassesAndKeepTheNameOfAnUnknownOne) {
  EXPECT_EQ(class_label(Lang::zh, "medium"), "中挖");
  EXPECT_EQ(class_label(Lang::en, "medium"), "medium excavator");
  EXPECT_EQ(class_label(Lang::zh, "crane"), "起重机");
  EXPECT_EQ(class_label(Lang::zh, "paver"), "paver");
  EXPECT_EQ(class_label(Lang::en, ""), "");
}

TEST(Texts, WrapWeekdays) {
  EXPECT_EQ(weekday_key(0), Text::sunday);
  EXPECT_EQ(weekday_key(6), Text::saturday);
  EXPECT_EQ(weekday_key(7), Text::sunday);
  EXPECT_EQ(weekday_key(-1), Text::saturday);
}

TEST(FaultTexts, KnowEveryFaultOfTheDomainInBothLanguages) {
  for (const int spn :
       {96, 97, 100, 102, 105, 107, 110, 168, 173, 175, 190, 1638, 1761, 3517, 3719}) {
    EXPECT_TRUE(fault_known(spn)) << spn;
    for (const Lang lang : {Lang::zh, Lang::en}) {
      EXPECT_FALSE(fault_cause(lang, spn).empty()) << spn;
      EXPECT_FALSE(fault_check(lang, spn).empty()) << spn;
      EXPECT_EQ(fault_title(lang, spn, 1).find("SPN"), std::string::npos) << spn;
    }
    EXPECT_FALSE(has_chinese(fault_title(Lang::en, spn, 0)));
    EXPECT_TRUE(has_chinese(fault_title(Lang::zh, spn, 0)));
  }
}

TEST(FaultTexts, TellLowFromHigh) {
  EXPECT_EQ(fault_title(Lang::zh, 100, 1), "机油压力过低");
  EXPECT_EQ(fault_title(Lang::en, 100, 1), "Oil pressure too low");
  EXPECT_EQ(fault_title(Lang::zh, 110, 0), "冷却液温度过高");
  EXPECT_EQ(fault_title(Lang::zh, 190, 0), "发动机超速");
}

TEST(FaultTexts, ShowTheNumberOfAFaultTheyDoNotKnow) {
  EXPECT_EQ(fault_title(Lang::zh, 5246, 5), "SPN 5246 断路");
  EXPECT_EQ(fault_title(Lang::en, 5246, 29), "SPN 5246 fault");
  EXPECT_TRUE(fault_check(Lang::zh, 5246).empty());
  EXPECT_EQ(fault_code(5246, 5), "SPN 5246 FMI 5");
}

/// Whoever changes what the shipped map says of itself finds out here that it has a translation.
TEST(Texts, SayInChineseWhatTheShippedMapSaysOfItself) {
  const auto folders = find_folders();
  ASSERT_TRUE(folders) << folders.error().what;
  const auto atlas = load_atlas(folders->assets);
  ASSERT_TRUE(atlas) << atlas.error().what;

  for (const std::string& said : {atlas->attribution, atlas->caveat}) {
    EXPECT_EQ(map_text(Lang::en, said), said);
    EXPECT_TRUE(has_chinese(map_text(Lang::zh, said))) << said;
  }
  EXPECT_EQ(map_text(Lang::zh, "Somebody's map"), "Somebody's map");
}

TEST(Texts, SayInBothLanguagesWhatTheShippedPrefecturesSayOfThemselves) {
  const auto folders = find_folders();
  ASSERT_TRUE(folders) << folders.error().what;
  Options options;
  options.border_files = {kShippedPrefectures};
  std::vector<std::string> warnings;
  fleet::Atlas other;  // somebody's own map
  other.attribution = "Somebody";
  for (const auto& base : {load_atlas(folders->assets).value(), other}) {
    const auto atlas = with_borders(base, options, folders->assets, warnings);
    ASSERT_TRUE(atlas) << atlas.error().what;

    EXPECT_NE(map_text(Lang::en, atlas->caveat).find("not an approved map"), std::string::npos);
    EXPECT_EQ(map_text(Lang::zh, atlas->caveat).find("approved"), std::string::npos);
    EXPECT_NE(map_text(Lang::zh, atlas->caveat).find("未经地图审核"), std::string::npos);
    EXPECT_NE(map_text(Lang::zh, atlas->attribution).find("地级边界"), std::string::npos);
  }
}

TEST(Texts, SayInBothLanguagesWhatTheShippedCountiesSayOfThemselves) {
  const auto folders = find_folders();
  ASSERT_TRUE(folders) << folders.error().what;
  Options options;
  options.border_files = {kShippedCounties};
  std::vector<std::string> warnings;

  const auto atlas =
      with_borders(load_atlas(folders->assets).value(), options, folders->assets, warnings);

  ASSERT_TRUE(atlas) << atlas.error().what;
  EXPECT_NE(map_text(Lang::en, atlas->caveat).find("Counties"), std::string::npos);
  EXPECT_EQ(map_text(Lang::zh, atlas->caveat).find("Counties"), std::string::npos);
  EXPECT_NE(map_text(Lang::zh, atlas->caveat).find("县级"), std::string::npos);
  EXPECT_NE(map_text(Lang::zh, atlas->attribution).find("县级边界"), std::string::npos);
}

}  // namespace
