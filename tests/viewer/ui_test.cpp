// Text and input of Ui, without GL: draw lists are recorded and looked at.
#include "viewer/ui/ui.hpp"

#include <gtest/gtest.h>

#include "tests/support/viewer/fake_wall.hpp"
#include "viewer/labels/marks.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/fault_texts.hpp"
#include "viewer/ui/feed_texts.hpp"

namespace {

using namespace viewer;

FontFiles without_chinese() {
  FontFiles files = FontFiles::debian();
  files.cjk = {{"/nowhere/NotoSansCJK-Regular.ttc", "/nowhere/NotoSansCJK-Bold.ttc", 2}};
  return files;
}

struct Frame {
  explicit Frame(Ui& the_ui, float scale = 1) : ui(the_ui) {
    ui.begin_frame(1920, 1080, scale, 0, 1.0 / 60);
  }
  ~Frame() { ui.end_frame(); }
  Ui& ui;
};

TEST(CharacterSet, KnowsEachCharacterOnceAndGivesRanges) {
  CharacterSet set;

  EXPECT_TRUE(set.add("苏州abc"));
  EXPECT_FALSE(set.add("州苏"));
  EXPECT_EQ(set.size(), 5u);
  EXPECT_EQ(set.ranges(),
            (std::vector<std::uint16_t>{'a', 'c', 0x5DDE, 0x5DDE, 0x82CF, 0x82CF, 0}));
}

TEST(NextCharacter, ReplacesBrokenBytesAndGoesOn) {
  const std::string_view text =
      "\xE8\x8B"
      "a\xFF\xC0\xAF\xED\xA0\x80\xF0\x9F\x98\x80";
  std::vector<char32_t> read;

  for (std::size_t at = 0; at < text.size();) read.push_back(next_character(text, at));

  EXPECT_EQ(read, (std::vector<char32_t>{0xFFFD, 'a', 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0x1F600}));
}

TEST(Fonts, BuildAgainOnlyForNewCharactersOrAnotherScale) {
  Ui ui(Lang::zh);
  { Frame frame(ui); }
  const auto built = ui.fonts().version();

  { Frame frame(ui); }
  EXPECT_EQ(ui.fonts().version(), built);
  {
    Frame frame(ui);
    ui.text_width(Type::body, "𠮷龘");
  }
  { Frame frame(ui); }
  EXPECT_EQ(ui.fonts().version(), built + 1);
  { Frame frame(ui, 2); }
  EXPECT_EQ(ui.fonts().version(), built + 2);
}

TEST(Fonts, NameThePackageWhenChineseIsMissing) {
  Ui ui(Lang::zh, without_chinese());
  const Frame frame(ui);

  EXPECT_NE(ui.fonts().missing().find("fonts-noto-cjk"), std::string::npos);
}

TEST(Fonts, NameThePackageWhenThereIsNoFontAtAll) {
  FontFiles files = without_chinese();
  files.latin = files.latin_strong = "/nowhere/Roboto.ttf";
  Ui ui(Lang::en, files);

  try {
    ui.begin_frame(640, 360, 1, 0, 0.1);
    FAIL() << "built without a font";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("fonts-roboto-unhinted"), std::string::npos);
  }
}

TEST(UiText, NeverGrowsBeyondItsRoom) {
  Ui ui(Lang::zh);
  ui.fonts().add_everywhere("呼和浩特土默特左旗");
  const Frame frame(ui);
  const std::string text = "SPN 1638 FMI 16 · 呼和浩特 土默特左旗";
  const float whole = ui.text_width(Type::small, text);

  for (float room = 0; room < whole + 10; room += 3) {
    EXPECT_LE(ui.text_fit(Type::small, {0, 20}, room, 0xFFFFFFFF, text), std::max(room, 0.f));
  }
  EXPECT_FLOAT_EQ(ui.text_fit(Type::small, {0, 20}, whole, 0xFFFFFFFF, text), whole);
}

TEST(UiText, GivesDigitsOneWidthSoThatNumbersDoNotJitter) {
  Ui ui(Lang::en);
  const Frame frame(ui);

  for (const Type type : {Type::hero, Type::figure, Type::body, Type::strong, Type::small}) {
    EXPECT_FLOAT_EQ(ui.text_width(type, "1111"), ui.text_width(type, "8080"));
  }
}

TEST(UiText, BreaksChineseBetweenCharactersAndNeverBeforeAStop) {
  Ui ui(Lang::zh);
  const Frame frame(ui);
  const std::string text = "立即停机，检查机油油位与泄漏；核对机油牌号，检查机油泵";

  EXPECT_EQ(ui.paragraph(Type::body, {0, 20}, 1e6f, 20, 5, 0xFFFFFFFF, text), 1);
  EXPECT_EQ(ui.paragraph(Type::body, {0, 20}, 200, 20, 9, 0xFFFFFFFF, text), 3);
  EXPECT_EQ(ui.paragraph(Type::body, {0, 20}, 200, 20, 2, 0xFFFFFFFF, text), 2);
  EXPECT_EQ(ui.paragraph(Type::body, {0, 20}, 1, 20, 3, 0xFFFFFFFF, text), 0);
}

TEST(UiInput, GivesTheActionOfTheTopmostZone) {
  Ui ui(Lang::en);
  const Frame frame(ui);
  ui.zone({0, 0, 100, 100}, {Action::Kind::select_machine, 7});
  ui.zone({50, 50, 100, 100}, {Action::Kind::close_card});

  EXPECT_EQ(ui.action_at({60, 60}).kind, Action::Kind::close_card);
  EXPECT_EQ(ui.action_at({10, 10}).value, 7u);
  EXPECT_EQ(ui.action_at({100, 100}).kind, Action::Kind::none);
}

TEST(UiInput, PanelsKeepThePointerFromTheMap) {
  Ui ui(Lang::zh);
  const auto model = testing_support::replay_wall(Lang::zh);
  const Layout layout = layout_for(model, 1920, 1080);
  const Frame frame(ui);
  draw_wall(model, layout, ui, nullptr);

  EXPECT_TRUE(ui.blocks({layout.card.x0 + 5, layout.card.y0 + 5}));
  EXPECT_TRUE(ui.blocks({layout.alarms.x0 + 5, layout.alarms.y0 + 5}));
  EXPECT_FALSE(ui.blocks({(layout.map.x0 + layout.map.x1) / 2, layout.map.y0 + 50}));
  EXPECT_EQ(ui.action_at({layout.alarms.x0 + 40, layout.alarms.y0 + 70}).kind,
            Action::Kind::select_alarm);
  const Action seek = ui.action_at({960, layout.band.y1 - 20});
  EXPECT_EQ(seek.kind, Action::Kind::seek);
  EXPECT_NEAR(seek.position, 12, 0.01);
}

TEST(Legend, HasAllItsNamesInItsRoomOrLeavesThemOut) {
  for (const Lang lang : {Lang::zh, Lang::en}) {
    Ui ui(lang);
    const Frame frame(ui);
    for (float width = 40; width < 1000; width += 20) {
      const Rect room{100, 50, 100 + width, 94};
      LegendModel legend;
      legend.moving = true;
      const auto marks = legend_marks(legend, room, ui);

      EXPECT_TRUE(marks.size() == 7 || marks.size() == 4 || marks.empty()) << width;
      EXPECT_TRUE(width < 200 || !marks.empty()) << width;
      EXPECT_TRUE(width < 640 || marks.size() == 7) << width;
      for (std::size_t i = 0; i < marks.size(); ++i) {
        EXPECT_LE(marks[i].right, room.x1) << width << " " << marks[i].label;
        EXPECT_GE(marks[i].at.y, room.y0);
        EXPECT_LT(marks[i].at.y, room.y1);
        const bool same_line = i > 0 && marks[i].at.y == marks[i - 1].at.y;
        EXPECT_TRUE(!same_line || marks[i].at.x > marks[i - 1].right) << marks[i].label;
      }
    }
  }
}

TEST(Legend, SaysThatTheMachinesAreHiddenAndWhichKeyShowsThem) {
  for (const Lang lang : {Lang::zh, Lang::en}) {
    Ui ui(lang);
    const Frame frame(ui);
    LegendModel legend;
    legend.points = false;

    const auto wide = legend_marks(legend, {100, 50, 800, 94}, ui);
    const auto narrow = legend_marks(legend, {100, 50, 350, 94}, ui);

    ASSERT_EQ(wide.size(), 4u) << "the sentence and three severities";
    ASSERT_EQ(narrow.size(), 1u);
    for (const auto& marks : {wide, narrow}) {
      EXPECT_FALSE(marks[0].shape);
      EXPECT_EQ(marks[0].label, ui.tr(Text::points_hidden));
      EXPECT_NE(marks[0].label.find('O'), std::string_view::npos);
    }
  }
}

TEST(Legend, ItsHeatKeepsTheHoursWhereRoomIsShort) {
  for (const Lang lang : {Lang::zh, Lang::en}) {
    Ui ui(lang);
    const Frame frame(ui);
    LegendModel legend;
    legend.heat_hours = "07–11";
    legend.heat_window = std::string(ui.tr(Text::heat_today)) + " 07–11";
    legend.heat_since = "08:00";
    legend.heat_radius_m = 2000;
    legend.heat_not_yet = true;
    for (float room = 1000; room > 150; room -= 20) {
      const std::string caption = ramp_caption(legend, room, ui);
      EXPECT_NE(caption.find("07–11"), std::string::npos) << caption;
      EXPECT_NE(caption.find("08:00"), std::string::npos) << caption;
      EXPECT_NE(caption.find(ui.tr(Text::heat_not_yet)), std::string::npos) << caption;
      if (room > 300) {
        EXPECT_LE(ui.text_width(Type::small, caption), room);
        EXPECT_NE(caption.find("2 km"), std::string::npos) << caption;
      }
    }
    legend.heat_radius_m = 0;
    legend.heat_hexagon_m = 8'400;
    EXPECT_NE(ramp_caption(legend, 1000, ui).find("8.4 km"), std::string::npos);
  }
}

TEST(Marks, ShortenALongNameBesideTheSelection) {
  Ui ui(Lang::zh);
  const Frame frame(ui);
  const Point at{400, 400};

  const auto width = [&](std::size_t length) {
    return selection_rects(at, std::string(length, 'S'), {}, ui).name.width();
  };

  EXPECT_GT(width(24), width(23));
  EXPECT_LE(width(100), width(24) + ui.px(24));
}

TEST(Marks, TheSelectionsNameStandsWhereItIsClearOfEverything) {
  Ui ui(Lang::zh);
  const Frame frame(ui);
  const Point at{400, 400};
  const std::vector<Rect> right{{420, 300, 900, 500}};

  const SelectionRects free = selection_rects(at, "SY0121", {}, ui);
  const SelectionRects moved = selection_rects(at, "SY0121", right, ui);

  EXPECT_GT(free.name.x0, at.x);
  EXPECT_FALSE(moved.name.overlaps(right[0]));
  EXPECT_FALSE(moved.name.overlaps(moved.brackets));
}

TEST(Panels, ClaimNothingOfAFleetThatIsNotKnown) {
  WallModel model = testing_support::busy_wall(Lang::zh);
  model.fleet = false;
  model.card.open = true;
  model.band.transport = true;

  for (const auto& [width, height] : {std::pair{1920, 1080}, std::pair{1080, 1920}}) {
    const Layout l = layout_for(model, width, height);

    for (const Rect& r :
         {l.totals, l.utilisation, l.ranking, l.alarms, l.card, l.band, l.transport}) {
      EXPECT_TRUE(r.empty()) << width;
    }
    EXPECT_FALSE(l.top_bar.empty()) << width;
    EXPECT_FALSE(l.legend.empty()) << width << ": the map's origin is told wherever it is shown";
    EXPECT_EQ(l.health.empty(), height > width) << "upright walls have no room for it";
  }
}

TEST(Panels, OfferEveryWayThroughTimeOnce) {
  using Kind = Action::Kind;
  Ui ui(Lang::en);
  const Frame frame(ui);
  const WallModel model = testing_support::replay_wall(Lang::en);
  const Layout layout = layout_for(model, 1920, 1080);

  draw_transport(model.band, layout, ui);

  std::vector<Kind> offered;
  const Rect& r = layout.transport;
  for (float x = r.x0; x < r.x1; x += 2) {
    const Kind kind = ui.action_at({x, (r.y0 + r.y1) / 2}).kind;
    if (kind != Kind::none && (offered.empty() || offered.back() != kind)) offered.push_back(kind);
  }
  EXPECT_EQ(offered, (std::vector{Kind::alarm_back, Kind::tick_back, Kind::slower, Kind::play_pause,
                                  Kind::faster, Kind::tick_on, Kind::alarm_on, Kind::mark_loop,
                                  Kind::follow_live}));
}

TEST(Panels, LeaveOutAClockThatIsNotKnown) {
  Ui ui(Lang::en);
  WallModel model;
  model.fleet = false;
  const auto vertices = [&] {
    const Frame frame(ui);
    draw_top_bar(model.top, layout_for(model, 1920, 1080), ui);
    return ui.list().VtxBuffer.Size;
  };
  const int without = vertices();

  model.top.clock = LocalClock{2026, 10, 16, 14, 0, 0, 5};

  EXPECT_GT(vertices(), without);
}

TEST(Panels, DrawEmptyModelsWithoutHarm) {
  Ui ui(Lang::zh);
  WallModel model;
  model.card.open = true;
  model.search.open = true;
  model.search.query = "x";
  model.help = true;
  model.band.transport = true;
  for (const Notice kind :
       {Notice::connecting, Notice::empty_fleet, Notice::gateway_lost, Notice::not_recorded,
        Notice::refused, Notice::replay_ended, Notice::cannot_open, Notice::preparing,
        Notice::no_machine, Notice::none_to_mark, Notice::live_alarm, Notice::no_past,
        Notice::in_gap, Notice::in_damage}) {
    model.notice.kind = kind;
    const Frame frame(ui);
    draw_wall(model, layout_for(model, 1920, 1080), ui, nullptr);
    EXPECT_GT(ui.list().VtxBuffer.Size, 100);
  }
}

/// Longest facts that the wall itself finds; a gateway's own words may be longer, and are cut.
constexpr const char* kFacts[] = {"Tick 18446744073709551615 came, expected 18446744073709551615.",
                                  "The gateway speaks feed protocol 4294967295, this wall 1.",
                                  "Pages from elsewhere may not talk to this gateway.",
                                  "The role 'measurer' may not use /feed.", "HTTP 503"};

TEST(Panels, NeverCutAReasonForNoFeed) {
  for (const Lang lang : {Lang::zh, Lang::en}) {
    Ui ui(lang);
    const Frame frame(ui);
    const Layout layout = layout_for(testing_support::busy_wall(lang), 1920, 1080);
    NoticeModel card, banner;
    card.kind = Notice::refused;
    banner.kind = Notice::gateway_lost;
    const float room = notice_room(card, layout);
    const auto lines = [&](Type type, std::string_view text) {
      return ui.paragraph(type, {0, 0}, room, 20, 9, 0xFFFFFFFF, text);
    };
    for (int i = 1; i < static_cast<int>(net::FeedReason::count_); ++i) {
      const auto reason = static_cast<net::FeedReason>(i);
      banner.reason = reason;
      EXPECT_LE(ui.text_width(Type::title, reason_title(lang, reason)), room) << i;
      EXPECT_LE(lines(Type::body, reason_advice(lang, reason)), kNoticeLines) << i;
      const std::string line = banner_detail(banner, ui);
      EXPECT_LE(ui.text_width(Type::small, line), notice_room(banner, layout)) << line;
    }
    banner.kind = Notice::not_recorded;
    for (int i = 0; i < static_cast<int>(net::StoreTrouble::count_); ++i) {
      banner.trouble = static_cast<net::StoreTrouble>(i);
      const std::string line = banner_detail(banner, ui);
      EXPECT_LE(ui.text_width(Type::small, line), notice_room(banner, layout)) << line;
    }
    for (const std::string_view fact : kFacts) {
      EXPECT_LE(lines(Type::small, fact), kNoticeLines) << fact;
      EXPECT_LE(ui.text_width(Type::small, fact), notice_room(banner, layout)) << fact;
    }
  }
}

TEST(Panels, KeepTheRendererInTheHealthPanelWhenMoreIsWrong) {
  Ui ui(Lang::en);
  auto model = testing_support::busy_wall(Lang::en);
  model.health.trouble = net::StoreTrouble::disk_full;
  model.health.bad_frames = 3;
  const Layout layout = layout_for(model, 1920, 1080);
  ASSERT_FALSE(layout.health.empty());
  const auto vertices = [&] {
    const Frame frame(ui);
    draw_health(model.health, layout, ui);
    float lowest = 0;
    for (const ImDrawVert& v : ui.list().VtxBuffer) lowest = std::max(lowest, v.pos.y);
    EXPECT_LE(lowest, layout.health.y1 + 1.5f) << "its edge has a soft border";
    return ui.list().VtxBuffer.Size;
  };
  model.health.renderer = "a";
  const int short_name = vertices();

  model.health.renderer = "a card of a name";

  EXPECT_GT(vertices(), short_name);
}

TEST(Fonts, KeepTwoHyphensApart) {
  Ui ui(Lang::en);
  const Frame frame(ui);
  for (const Type type : {Type::title, Type::body, Type::small}) {
    const ImFontGlyph* hyphen = ui.fonts().font(type)->FindGlyph('-');
    EXPECT_GE(hyphen->AdvanceX - (hyphen->X1 - hyphen->X0), 1.5f) << "a gap the eye sees";
  }
}

TEST(Panels, NeverCutAFaultThatHasWordsInAnAlarmRow) {
  for (const Lang lang : {Lang::zh, Lang::en}) {
    Ui ui(lang);
    const Frame frame(ui);
    const Layout layout = layout_for(testing_support::busy_wall(lang), 1920, 1080);
    const float room = layout.alarms.width() - 2 * 18 - 24;  // panel less its padding and the mark
    AlarmRow row;
    row.serial = "SY10773";
    row.age_s = 23 * 3600 + 59 * 60;
    for (const int spn :
         {96, 97, 100, 102, 105, 107, 110, 168, 173, 175, 190, 1638, 1761, 3517, 3719}) {
      for (const int fmi : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19}) {
        row.spn = spn;
        row.fmi = fmi;
        const AlarmHeadline head = alarm_headline(row, room, ui);

        EXPECT_NE(head.text.find(fault_title(lang, spn, fmi)), std::string::npos);
        EXPECT_LE(ui.text_width(head.type, head.text) + 10 + ui.text_width(Type::small, head.age),
                  room)
            << head.text;
      }
    }
  }
}

TEST(Panels, PutALongSerialBelowTheFault) {
  Ui ui(Lang::zh);
  const Frame frame(ui);
  AlarmRow row;
  row.spn = 100;
  row.fmi = 1;
  row.age_s = 134;
  row.serial = "SY0121";
  EXPECT_EQ(alarm_headline(row, 336, ui).text, "SY0121 机油压力过低");
  row.serial = "LSYABCDEF12345678901";

  const AlarmHeadline head = alarm_headline(row, 336, ui);

  EXPECT_EQ(head.text, "机油压力过低");
  EXPECT_FALSE(head.with_serial);
}

TEST(Panels, StayInsideTheirRects) {
  Ui ui(Lang::en);
  auto model = testing_support::replay_wall(Lang::en);
  model.card.customer = std::string(300, 'W');
  model.card.branch = std::string(300, 'M');
  model.alarms.rows[0].serial = std::string(300, 'W');
  model.alarms.rows[1].place = std::string(300, 'W');
  model.health.gateway = std::string(300, 'W');
  const Layout layout = layout_for(model, 1366, 768);
  // Smoothed edges reach a pixel beyond.
  const auto check = [&](const Rect& r, auto&& draw) {
    const Frame frame(ui, layout.scale);
    draw();
    for (const ImDrawVert& v : ui.list().VtxBuffer) {
      ASSERT_GE(v.pos.x, r.x0 - 1.5f);
      ASSERT_LE(v.pos.x, r.x1 + 1.5f);
      ASSERT_GE(v.pos.y, r.y0 - 1.5f);
      ASSERT_LE(v.pos.y, r.y1 + 1.5f);
    }
  };

  check(layout.card, [&] { draw_card(model.card, layout, ui); });
  check(layout.alarms, [&] { draw_alarms(model.alarms, layout, ui); });
  check(layout.totals, [&] { draw_totals(model.totals, layout, ui); });
  check(layout.health, [&] { draw_health(model.health, layout, ui); });
  check(layout.utilisation, [&] { draw_utilisation(model.utilisation, layout, ui); });
  check(layout.heat, [&] { draw_heat(model.heat, layout, ui); });
  check(layout.legend, [&] { draw_legend(model.legend, layout, ui); });
}

}  // namespace
