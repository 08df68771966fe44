#include "viewer/options.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace viewer {
namespace {

Parsed parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "fleetwall");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

TEST(Options, WithoutArgumentsStartTheDemoInAWindow) {
  const Parsed parsed = parse({});

  ASSERT_TRUE(parsed.options);
  EXPECT_TRUE(parsed.options->demo());
  EXPECT_FALSE(parsed.options->headless);
  EXPECT_EQ(parsed.options->demo_machines, 32'730u);
  EXPECT_EQ(parsed.options->language, Lang::zh);
  EXPECT_EQ(parsed.options->theme, ThemeName::dark);
}

TEST(Options, MachinesMayBeLeftOutForTheHeatAlone) {
  EXPECT_TRUE(parse({}).options->points);
  EXPECT_FALSE(parse({"--points", "off"}).options->points);
  EXPECT_EQ(parse({"--points", "some"}).exit_code, 2);
}

TEST(Options, BoundariesMayComeFromSeveralFilesOfOneDatum) {
  const Parsed parsed = parse({"--borders", "a.geojson", "--borders", "prefectures",
                               "--borders-datum", "gcj02", "--borders-attribution", "GS(2026)1"});

  ASSERT_TRUE(parsed.options) << parsed.text;
  EXPECT_EQ(parsed.options->border_files, (std::vector<std::string>{"a.geojson", "prefectures"}));
  EXPECT_EQ(parsed.options->border_datum, fleet::Datum::gcj02);
  EXPECT_EQ(parsed.options->border_attribution, "GS(2026)1");
  EXPECT_EQ(parse({"--borders", "a", "--borders-datum", "mars"}).exit_code, 2);
  EXPECT_EQ(parse({"--borders-datum", "gcj02"}).exit_code, 2) << "without boundaries";
  EXPECT_EQ(parse({"--borders", ""}).exit_code, 2);
}

TEST(Options, AWallIsItsSizeAndHowFarAwayItIsRead) {
  for (const char* text : {"6.2x3.5m@8m", "6.2x3.5@8", "6.2x3.5m@8", "6.2x3.5@8m"}) {
    const Parsed parsed = parse({"--wall", text});
    ASSERT_TRUE(parsed.options && parsed.options->wall) << text;
    EXPECT_DOUBLE_EQ(parsed.options->wall->width_m, 6.2) << text;
    EXPECT_DOUBLE_EQ(parsed.options->wall->height_m, 3.5) << text;
    EXPECT_DOUBLE_EQ(parsed.options->wall->distance_m, 8) << text;
  }
  EXPECT_FALSE(parse({}).options->wall);
  EXPECT_TRUE(parse_wall("0.1x100@200"));
  for (const char* text : {"0.09x3@8", "101x3@8", "6x3@0.1", "6x3@201", "6x3", "6@8", "x3@8",
                           "6x3@", "6x3@8@9", "6x3@8 ", "6mx3m@8mm", "nanx3@8", "6xinf@8", ""}) {
    EXPECT_FALSE(parse_wall(text)) << text;
  }
}

TEST(Options, TheThemeIsDarkOrLight) {
  EXPECT_EQ(parse({"--theme", "light"}).options->theme, ThemeName::light);
  EXPECT_EQ(parse({"--theme", "dark"}).options->theme, ThemeName::dark);
}

TEST(Options, ReadEverythingAHeadlessRunNeeds) {
  const Parsed parsed = parse({"--headless", "--seconds", "2.5", "--size", "3840x2160", "--camera",
                               "120.6,31.3,9.5", "--heat", "on", "--panels", "off", "--lang", "en",
                               "--screenshot", "a.png", "--stats", "a.json", "--speed", "60"});

  ASSERT_TRUE(parsed.options) << parsed.text;
  const Options& o = *parsed.options;
  EXPECT_EQ(o.width, 3840);
  EXPECT_EQ(o.height, 2160);
  EXPECT_DOUBLE_EQ(*o.seconds, 2.5);
  EXPECT_FALSE(o.frames);
  EXPECT_DOUBLE_EQ(o.camera->lon_deg, 120.6);
  EXPECT_DOUBLE_EQ(o.camera->zoom, 9.5);
  EXPECT_TRUE(o.heat);
  EXPECT_FALSE(o.panels);
  EXPECT_EQ(o.language, Lang::en);
  EXPECT_DOUBLE_EQ(*o.speed, 60);
}

TEST(Options, AFilmIsARunWithoutAWindowThatStartsAtItsFirstInstant) {
  const Parsed parsed =
      parse({"--open", "days", "--film", "a.mp4", "--from", "2026-10-16T14:00:00+08:00", "--to",
             "2026-10-16T15:00:00+08:00", "--speed", "60", "--fps", "25"});

  ASSERT_TRUE(parsed.options) << parsed.text;
  EXPECT_TRUE(parsed.options->headless);
  EXPECT_EQ(parsed.options->at, parsed.options->film.from);
  EXPECT_EQ(parsed.options->film.frames(), 1500u);
  EXPECT_TRUE(parsed.warnings.empty());
}

TEST(Options, AFilmWithoutRecordedDataOrASpanOrForwardSpeedIsRefused) {
  constexpr const char* kFrom = "2026-10-16T14:00:00+08:00";
  constexpr const char* kTo = "2026-10-16T15:00:00+08:00";
  const auto wrong = [](const std::vector<const char*>& arguments) {
    const Parsed parsed = parse(arguments);
    EXPECT_EQ(parsed.exit_code, 2);
    return parsed.text;
  };
  const auto film = [&](std::vector<const char*> more) {
    more.insert(more.begin(), {"--open", "days", "--film", "a", "--from", kFrom, "--to", kTo});
    return wrong(more);
  };

  EXPECT_EQ(wrong({"--film", "a", "--from", kFrom, "--to", kTo}),
            "fleetwall: --film needs recorded data: give --open PATH\n");
  EXPECT_EQ(wrong({"--open", "days", "--film", "a", "--from", kFrom}),
            "fleetwall: --film needs its span: give --from TIME and --to TIME\n");
  EXPECT_EQ(wrong({"--open", "days", "--film", "a", "--from", kTo, "--to", kFrom}),
            "fleetwall: --from 2026-10-16T07:00:00.000Z is not before --to "
            "2026-10-16T06:00:00.000Z\n");
  EXPECT_NE(wrong({"--open", "days", "--film", "a", "--from", "noon", "--to", kTo}).find("'noon'"),
            std::string::npos);
  EXPECT_NE(
      wrong({"--open", "days", "--film", "a.gif", "--from", kFrom, "--to", kTo}).find("'a.gif'"),
      std::string::npos);
  EXPECT_NE(film({"--speed", "-1"}).find("a film runs forward"), std::string::npos);
  EXPECT_NE(film({"--speed", "0.01"}).find("more than 999999 frames"), std::string::npos);
  EXPECT_NE(film({"--frames", "3"}).find("--film and --frames exclude"), std::string::npos);
  EXPECT_NE(film({"--fps", "0"}).find("--fps"), std::string::npos);
  EXPECT_EQ(wrong({"--fps", "25"}), "fleetwall: --fps is of a film: give --film OUT\n");
}

TEST(Options, ReadTheSpanOfTheTrail) {
  EXPECT_EQ(parse({}).options->trail, TrailSpan::two_hours);
  EXPECT_EQ(parse({"--trail", "30min"}).options->trail, TrailSpan::half_hour);
  EXPECT_EQ(parse({"--trail", "8h"}).options->trail, TrailSpan::eight_hours);
  EXPECT_EQ(parse({"--trail", "today"}).options->trail, TrailSpan::today);
  EXPECT_EQ(parse({"--trail", "off"}).options->trail, TrailSpan::off);
  EXPECT_EQ(parse({"--trail", "1h"}).exit_code, 2);
  EXPECT_EQ(parse({}).options->band, BandSpan::day);
  EXPECT_EQ(parse({"--band", "week"}).options->band, BandSpan::week);
  EXPECT_EQ(parse({"--band", "month"}).options->band, BandSpan::month);
  EXPECT_EQ(parse({"--band", "year"}).exit_code, 2);
}

TEST(Options, NamesOfPlacesAreOnUnlessSwitchedOff) {
  EXPECT_TRUE(parse({}).options->names);
  EXPECT_TRUE(parse({"--names", "on"}).options->names);
  EXPECT_FALSE(parse({"--names", "off"}).options->names);
}

TEST(Options, HelpAndVersionSucceedWithText) {
  for (const char* argument : {"--help", "--version"}) {
    const Parsed parsed = parse({argument});

    EXPECT_FALSE(parsed.options);
    EXPECT_EQ(parsed.exit_code, 0);
    EXPECT_NE(parsed.text.find("fleetwall"), std::string::npos);
  }
}

TEST(Options, WrongCallsEndWithCodeTwoAndNameTheOption) {
  const std::vector<std::pair<std::vector<const char*>, const char*>> wrong = {
      {{"--size", "big", "--headless", "--frames", "1"}, "--size"},
      {{"--size", "15x100"}, "--size"},
      {{"--size", "nanx100"}, "--size"},
      {{"--size", "100xinf"}, "--size"},
      {{"--size", "16385x100"}, "--size"},
      {{"--camera", "181,0,3"}, "--camera"},
      {{"--camera", "1,2"}, "--camera"},
      {{"--camera", "1,2,23"}, "--camera"},
      {{"--camera", "nan,2,3"}, "--camera"},
      {{"--camera", "1,nan,3"}, "--camera"},
      {{"--camera", "1,2,nan"}, "--camera"},
      {{"--camera", "1,2,inf"}, "--camera"},
      {{"--connect", "127.0.0.1:8686"}, "--connect"},
      {{"--connect", "ws://"}, "ws://HOST:PORT"},
      {{"--connect", "ws://h:65536"}, "--connect"},
      {{"--connect", ""}, "--connect"},
      {{"--open", ""}, "--open"},
      {{"--connect", "ws://a", "--open", "b"}, "--open"},
      {{"--headless"}, "--headless"},
      {{"--headless", "--fullscreen", "--frames", "1"}, "--fullscreen"},
      {{"--at", "yesterday", "--open", "x"}, "--at"},
      {{"--at", "2026-10-16T14:00:00+08:00"}, "--at"},
      {{"--speed", "0"}, "--speed"},
      {{"--speed", "1441", "--open", "x"}, "--speed"},
      {{"--speed", "nan", "--open", "x"}, "--speed"},
      {{"--speed", "-inf", "--open", "x"}, "--speed"},
      {{"--wall-scale", "nan"}, "--wall-scale"},
      {{"--monitor", "-1"}, "--monitor"},
      {{"--speed", "2", "--connect", "ws://a"}, "--speed"},
      {{"--demo-machines", "0"}, "--demo-machines"},
      {{"--demo-machines", "1000001"}, "--demo-machines"},
      {{"--lang", "fr"}, "--lang"},
      {{"--theme", "grey"}, "--theme"},
      {{"--counts", "some"}, "--counts"},
      {{"--names", "some"}, "--names"},
      {{"--wall", "6x3"}, "--wall: expected WIDTHxHEIGHT@DISTANCE"},
      {{"--frames", "0"}, "--frames: expected a whole number from 1 to 1000000000, got '0'"},
      {{"--frames", "-1"}, "--frames: expected a whole number from 1 to 1000000000, got '-1'"},
      {{"--frames", "1000000001"}, "--frames"},
      {{"--seconds", "0"}, "--seconds"},
      {{"--seconds", "nan"}, "--seconds: expected a number from 0.001 to 31622400, got 'nan'"},
      {{"--seconds", "inf"}, "--seconds"},
      {{"--seconds", "31622401"}, "--seconds"},
      {{"--scene", "night"}, "--scene"},
      {{"--config", "wall.toml"}, "--config"},
      {{"--token-file", ""}, "--token-file"},
      {{"--at", ""}, "--at"},
      {{"--camera", ""}, "--camera"},
      {{"--camera-path", ""}, "--camera-path"},
      {{"--screenshot", ""}, "--screenshot"},
      {{"--export", ""}, "--export"},
      {{"--stats", ""}, "--stats"},
      {{"--select", ""}, "--select"},
      {{"--size", ""}, "--size"},
      {{"--scene", ""}, "--scene"},
      {{"--config", ""}, "--config"},
      {{"--seed", "-1"}, "--seed: expected a whole number from 0 to 18446744073709551615"},
      {{"--seed", "18446744073709551616"}, "--seed"},
      {{"--nonsense"}, "nonsense"},
  };
  for (const auto& [arguments, expected] : wrong) {
    const Parsed parsed = parse(arguments);

    EXPECT_FALSE(parsed.options) << expected;
    EXPECT_EQ(parsed.exit_code, 2) << expected;
    EXPECT_NE(parsed.text.find(expected), std::string::npos) << parsed.text;
  }
}

TEST(Options, ThatContradictEachOtherAreAWrongCall) {
  const std::vector<std::pair<std::vector<const char*>, const char*>> wrong = {
      {{"--heat-of", "machines", "--heat-hours", "7-9"}, "--heat-hours: "},
      {{"--heat-of", "fuel_used_l", "--heat-hours", "7-9"}, "--heat-hours: "},
      {{"--heat-form", "hexagons", "--heat-radius", "500"}, "--heat-radius: hexagons"},
      {{"--heat-of", "fuel"}, "--heat-of fuel: there is no such field; expected hours"},
      {{"--heat-of", "coolant_c", "--open", "x"}, "--heat-of coolant_c: its values (°C) make no"},
      {{"--wall", "6x3@8", "--wall-scale", "2"}, "--wall and --wall-scale"},
      {{"--camera", "1,2,3", "--camera-path", "x"}, "--camera and --camera-path"},
      {{"--export", "shown.xlsx"}, "--export shown.xlsx: the name of a table ends in .csv"},
  };
  for (const auto& [arguments, expected] : wrong) {
    const Parsed parsed = parse(arguments);

    EXPECT_FALSE(parsed.options) << expected;
    EXPECT_EQ(parsed.exit_code, 2) << expected;
    EXPECT_NE(parsed.text.find(expected), std::string::npos) << parsed.text;
    EXPECT_EQ(std::count(parsed.text.begin(), parsed.text.end(), '\n'), 1) << parsed.text;
  }
  EXPECT_TRUE(parse({"--heat-of", "hours", "--heat-hours", "7-9"}).options);
  EXPECT_TRUE(parse({"--heat-form", "smooth", "--heat-radius", "500"}).options);
  EXPECT_TRUE(parse({"--heat-of", "payload_t", "--open", "x"}).options) << "known once it is open";
}

TEST(Options, ATilesCacheThatCannotBeMadeIsNamedByItsOwnOption) {
  TileOptions options;
  options.source.from = "http://127.0.0.1:9/{z}/{x}/{y}.png";
  options.source.cache_dir = "/proc/self/cmdline/cache";  // in a file
  const auto source = open_tiles(options);

  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().what.rfind("--tiles-cache: /proc/self/cmdline/cache", 0), 0u)
      << source.error().what;
  options.source.from = "http://127.0.0.1:9/{z}/{x}.png";
  EXPECT_EQ(open_tiles(options).error().what.rfind("--tiles: ", 0), 0u);
}

TEST(Options, WithoutEffectAreNamedAndTheRunGoesOn) {
  const std::vector<std::pair<std::vector<const char*>, const char*>> idle = {
      {{"--headless", "--frames", "1", "--trail", "8h"}, "--trail: no effect"},
      {{"--headless", "--frames", "1", "--band", "week"}, "--band: no effect"},
      {{"--headless", "--frames", "1", "--heat-radius", "500"}, "--heat-radius: no effect"},
      {{"--paused"}, "--paused: no effect"},
      {{"--borders", "prefectures", "--borders", "a.fwm", "--borders-datum", "gcj02"},
       "--borders-datum: no effect"},
      {{"--monitor", "1"}, "--monitor: no effect"},
      {{"--seed", "3", "--open", "x"}, "--seed: no effect"},
      {{"--token-file", "t"}, "--token-file: no effect"},
      {{"--ca-file", "c", "--connect", "ws://a"}, "--ca-file: no effect"},
      {{"--size", "100x100", "--fullscreen"}, "--size: no effect"},
  };
  for (const auto& [arguments, expected] : idle) {
    const Parsed parsed = parse(arguments);

    ASSERT_TRUE(parsed.options) << expected;
    ASSERT_EQ(parsed.warnings.size(), 1u) << expected;
    EXPECT_EQ(parsed.warnings[0].rfind(expected, 0), 0u) << parsed.warnings[0];
  }
  EXPECT_TRUE(parse({}).warnings.empty());
  EXPECT_TRUE(parse({"--trail", "8h", "--heat-radius", "500"}).warnings.empty())
      << "in a window a click and a key come to it";
  EXPECT_TRUE(parse({"--headless", "--frames", "1", "--select", "SY1", "--trail", "8h", "--heat",
                     "on", "--heat-radius", "500", "--seed", "2"})
                  .warnings.empty());
}

TEST(Options, TilesComeFromAFileAFolderOrAServerWithTheirDatumAndLook) {
  EXPECT_TRUE(parse({}).options->tiles.source.from.empty());
  const Parsed file = parse({"--tiles", "city.mbtiles"});
  ASSERT_TRUE(file.options) << file.text;
  EXPECT_EQ(file.options->tiles.source.from, "city.mbtiles");
  EXPECT_EQ(file.options->tiles.datum, fleet::Datum::wgs84);
  EXPECT_EQ(file.options->tiles.look, render::TileLook::map);
  EXPECT_EQ(file.options->tiles.source.cache_bytes_max, 512u << 20);
  const Parsed server =
      parse({"--tiles", "https://h/{z}/{x}/{y}.png", "--tiles-datum", "gcj02", "--tiles-look",
             "photo", "--tiles-cache", "/tmp/t", "--tiles-cache-mib", "1048576",
             "--tiles-attribution", "(c) somebody"});
  ASSERT_TRUE(server.options) << server.text;
  EXPECT_EQ(server.options->tiles.datum, fleet::Datum::gcj02);
  EXPECT_EQ(server.options->tiles.look, render::TileLook::photo);
  EXPECT_EQ(server.options->tiles.source.cache_bytes_max, std::uint64_t{1} << 40);
  EXPECT_EQ(server.options->tiles.attribution, "(c) somebody");
  EXPECT_EQ(parse({"--tiles", "x", "--tiles-datum", "bd09"}).options->tiles.datum,
            fleet::Datum::bd09);
}

TEST(Options, WhatGoesWithTilesNeedsTilesAndItsOwnValues) {
  const std::vector<std::pair<std::vector<const char*>, std::string>> wrong = {
      {{"--tiles", ""}, "--tiles"},
      {{"--tiles-datum", "gcj02"}, "--tiles-datum requires --tiles"},
      {{"--tiles", "x", "--tiles-datum", "wgs72"}, "--tiles-datum"},
      {{"--tiles", "x", "--tiles-look", "loud"}, "--tiles-look"},
      {{"--tiles-attribution", "me"}, "--tiles-attribution requires --tiles"},
      {{"--tiles", "http://h/{z}/{x}/{y}.png", "--tiles-cache-mib", "5"},
       "--tiles-cache-mib requires --tiles-cache"},
      {{"--tiles", "http://h", "--tiles-cache", "c", "--tiles-cache-mib", "0"}, "1 to 1048576"},
      {{"--tiles", "http://h", "--tiles-cache", "c", "--tiles-cache-mib", "1048577"},
       "1 to 1048576"},
      {{"--tiles", "x.mbtiles", "--tiles-cache", "c"}, "--tiles names none: 'x.mbtiles'"},
  };
  for (const auto& [arguments, expected] : wrong) {
    const Parsed parsed = parse(arguments);

    EXPECT_FALSE(parsed.options) << expected;
    EXPECT_EQ(parsed.exit_code, 2) << expected;
    EXPECT_NE(parsed.text.find(expected), std::string::npos) << parsed.text;
  }
}

TEST(Options, LimitsThemselvesAreAllowed) {
  EXPECT_TRUE(parse({"--size", "16x16"}).options);
  EXPECT_TRUE(parse({"--size", "16384x16384"}).options);
  EXPECT_TRUE(parse({"--demo-machines", "1"}).options);
  EXPECT_TRUE(parse({"--demo-machines", "1000000"}).options);
  EXPECT_TRUE(parse({"--speed", "-1440", "--open", "x"}).options);
  EXPECT_TRUE(
      parse({"--speed", "-60", "--connect", "ws://a", "--at", "2026-10-16T14:32:00Z"}).options);
  EXPECT_TRUE(parse({"--camera", "-180,90,22"}).options);
  EXPECT_TRUE(parse({"--seconds", "0.001"}).options);
  EXPECT_TRUE(parse({"--seconds", "31622400"}).options);
  EXPECT_TRUE(parse({"--frames", "1000000000"}).options);
  EXPECT_TRUE(parse({"--seed", "0"}).options);
  EXPECT_TRUE(parse({"--seed", "18446744073709551615"}).options);
  EXPECT_TRUE(parse({"--wall-scale", "0.5"}).options);
  EXPECT_TRUE(parse({"--connect", "ws://h:65535"}).options);
}

}  // namespace
}  // namespace viewer
