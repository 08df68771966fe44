// Texts that fuzz targets start from; each leads to another place of a parser.
#pragma once

#include <cstdint>
#include <string_view>

namespace fuzz {

using std::string_view_literals::operator""sv;

struct Text {
  std::uint8_t how;  ///< first byte of the input
  std::string_view text;
};

inline constexpr std::string_view kLines[] = {
    R"({"machine":"A1","time":"2026-10-16T14:00:00+08:00","lon":120.5,"lat":31.2,"speed_kmh":5})",
    R"({"machine":"A1","time":1792130400,"engine_on":true,"working":0,"faults":[]})",
    R"({"machine":"A1","time":1792130400000,"faults":[{"spn":100,"fmi":1,"sa":3,"count":2,"lamp":"red_stop"},{"spn":110,"fmi":16,"lamp":"amber"}]})",
    R"({"machine":"A1","serial":"s","maker":"m","model":"x","class":"c","customer":"苏州","branch":"b","delivered":"2020-01-01","hours_offset_h":1,"loan_monthly":2,"wage_monthly":3,"income_per_h":4,"fuel_per_h":5,"last_service_time":"2026-01-01","last_service_h":6})",
    R"({"machine":"A1","time":1792130400,"bucket_kpa":12.5,"boom_deg":-3,"bucket_kpa":1})",
    R"({"machine":"A1","time":1792130400,"rpm":1e999,"lon":1e400,"lat":"x","gear":null,"Bad":1,"position":2})",
    R"({"machine":"A1","time":1792130400,"speed_kmh":"5","engine_on":"yes","faults":[{"spn":1}],"rpm":1,"rpm":2})",
    R"({"machine":"A1","time":1792130400,"faults":[1,{"spn":524288,"fmi":32,"sa":256,"count":127,"lamp":"?","x":[]}]})",
    R"({"machine":"A1","time":"yesterday","rpm":1})",
    R"({"machine":"","time":1792130400})",
    R"({"time":1792130400})",
    R"({"machine":7,"time":true,"lon":1})",
    R"({"machine":"A1","time":1792130400,"lon":120.5})",
    R"({"machine":"A1","time":1792130400,"x_m":1)",
    "{\"machine\":\"A1\",\"time\":1792130400}{}\n[1]\nnull\n\"x\"\n{}\n "
    "\r\n{\"machine\":\"\\u00e9\\ud83d\"}",
    "{\"machine\":\"A1\",\"time\":1}\n\n{\"machine\":\"A2\",\"time\":9e14,\"rpm\":-0.0e-5}\r\n",
    "{\"machine\":\"A1\",\"time\":1792130400,\"model\":\"a\\u0001\",\"maker\":5,\"loan_monthly\":"
    "\"x\",\"wage_monthly\":1e999}\n",
    "no json at all",
};

inline constexpr Text kTables[] = {
    {0,
     "machine,time,lon,lat,speed_kmh,engine_on,faults,bucket_kpa\n"
     "A1,2026-10-16T14:00:00+08:00,120.5,31.2,5,1,\"[{\"\"spn\"\":100,\"\"fmi\"\":1}]\",7\n"
     "A2,1792130400,0,0,9999,TRUE,[],x\nA2,1792130401,400,31,+5,false,,\n"},
    {1, "vehicle_id;timestamp;longitude;latitude;speed;engine\nA1;1792130400;120,5;31.2;5;1\n"},
    {2, "machine\ttime\treceived\nA1\t1792130400\t1792130405\nA1\t1792130400\tx\n"},
    {4, "machine,time\nA1,2026-10-16 14:00:00\nA1,2026-10-16\n\"\",\n\xc3\xa9,1\n"},
    {8, "machine,time,speed,engine\nA1,1792130400,5,1\nA1,1792130400,1e999,inf\n"},
    {0,
     "machine,serial,maker,model,class,customer,branch,delivered,hours_offset_h,loan_monthly,"
     "wage_monthly,income_per_h,fuel_per_h,last_service_time,last_service_h\n"
     "A1,s,m,x,c,k,b,2020-01-01,1,2,3,4,5,2026-01-01,6\nA1,t,,,,,,,x,,,,,,\n"},
    {0,
     "\xEF\xBB\xBF\"machine\",\"time\"\r\n\"A\"\"1\" , "
     "\"1792130400\"\r\n\r\n\"a\nb\",1\n\"x\"y,2\n\"open\n"},
    {0, "\xFF\xFEm"sv},
    {0, "machine,time\0\n"sv},
    {128, "a,b\n\"1,2\n3,4\n5,\"6"},
    {0, "machine,lon\nA1,1\n"},
    {0, "machine,rpm\nA1,1\n"},
    {0, "speed,heading,id\n1,2,3\n"},
    {2, "machine,time\nA1,1792130400\n"},
};

inline constexpr Text kBorders[] = {
    {0,
     R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"level":"province","code":"32","name_zh":"A"},"geometry":{"type":"Polygon","coordinates":[[[100,30],[101,30],[101,31],[100,31],[100,30]],[[100.2,30.2],[100.4,30.2],[100.4,30.4]]]}},{"type":"Feature","properties":{"prov_code":"33"},"geometry":{"type":"MultiPolygon","coordinates":[[[[101,30],[102,30],[102,31],[101,31]]],[[[100.2,30.2],[100.4,30.4],[100.4,30.2]]]]}}]})"},
    {1,
     R"({"type":"Feature","properties":{"adcode":320100,"name":"B","level":"city","parent":{"adcode":32}},"geometry":{"type":"Polygon","coordinates":[[[118,32],[119,32],[118.5,33],[118.6,31],[118,32]]]}})"},
    {2,
     R"({"type":"GeometryCollection","geometries":[{"type":"MultiLineString","coordinates":[[[110,10],[111,10]]]},{"type":"LineString","coordinates":[[-180,-90],[180,90]]},{"type":"Point","coordinates":[1,1]}]})"},
    {0, R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0],[0,1],[1,1],[0,1]]]})"},
    {0, R"({"type":"Polygon","coordinates":[[[100,30],[101,31],[101,30],[100,31]]]})"},
    {0, R"({"features":[{"geometry":null},{"properties":{"level":"street"},"geometry":{"type":"Polygon","coordinates":[]}}]})"},
};

inline constexpr Text kGeoJson[] = {
    {0,
     R"({"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[120.5,31.2,3]},"properties":{"machine":"A1","time":"2026-10-16T14:00:00Z","speed_kmh":5,"engine_on":true,"x":null,"y":[1],"z":{"a":1.5}}},{"type":"Feature","geometry":{"type":"Point","coordinates":[1]},"properties":null}]})"},
    {0,
     R"({"type":"FeatureCollection","features":[{"geometry":{"type":"LineString","coordinates":[[120,31],[121,31],7]},"properties":{"machine":"A1","coordTimes":["2026-10-16T14:00:00Z",1792130405000,null]}}]})"},
    {1,
     R"({"features":[{"geometry":{"type":"LineString","coordinates":[[120,31],[121,31]]},"properties":{"machine":"A1","coordinateProperties":{"times":[1792130400,1792130401]}}},{"geometry":{"type":"LineString","coordinates":[[1,2]]},"properties":{"machine":"A1"}},{"geometry":{"type":"LineString","coordinates":[[1,2]]},"properties":{"machine":"A1","times":[1,2]}},{"geometry":{"type":"Polygon","coordinates":[]}},{}]})"},
    {0,
     "\xEF\xBB\xBF{\"features\":[{\"geometry\":{\"type\":\"Point\",\"coordinates\":[1e5,"
     "18446744073709551615]},\"properties\":{\"machine\":\"A1\",\"times\":\"x\",\"time\":5}}]}"},
    {0, R"({"features":1})"},
    {0, R"({"features":[]})"},
    {0, "{"},
};

inline constexpr std::string_view kConfigs[] = {
    "listen = \":0\"\nlog = \"debug\"\nday_zone = \"+08:00\"\n[quality]\nmax_speed_kmh = 120.5\n",
    "listen = \"[::1]:99999\"\n",
    "day_zone = \"Nowhere/Land\"\n",
    "log = \"loud\"\n",
    "feed = 5\n",
    "[feed]\ntick_ms = 5\n",
    "name = 7\n",
    "[quality]\nmax_speed_kmh = nan\n",
    "[tokens]\na = \"b\"\n",
    "[tokens]\na = { role = \"viewer\", sha256 = "
    "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\" }\nb = { role = "
    "\"viewer\", sha256 = "
    "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\" }\n",
    "[tokens]\na = { role = \"admin\", sha256 = "
    "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\" }\n[tls]\ncertificate = "
    "\"c\"\nkey = \"k\"\n"
    "[access]\norigins = [\"https://a.example\"]\nconnections = 5\n"
    "connections_per_address = 2\n",
    "[tokens]\na = { role = \"god\", sha256 = \"12\" }\n",
    "[tokens]\na = { sha256 = \"xy\" }\n",
    "[tokens]\na = { role = \"viewer\" }\n",
    "[tls]\ncertificate = \"c\"\n",
    "[access]\norigins = [\"a.example\", 7]\n",
    "[access]\norigins = [7]\n",
    "[access]\norigins = 7\n",
    "listen = \"nowhere\"\n",
    "unknown = [1, {a = 2}, 1979-05-27T07:32:00Z, 0x1F, '''\nx''', \"\"\"\\u00e9\\\n  y\"\"\"]\n",
    "a.b.c = 1\n[[x]]\ny = 1.5e-3\n[[x]]\n# end",
    "= 1",
};

inline constexpr Text kTexts[] = {
    {0, "ws://127.0.0.1:8686/feed"},
    {0, "ws://[::1]:1/"},
    {0, "ws://host/pa th"},
    {0, "wss://host"},
    {0, "http://host"},
    {0, "ws://[::1"},
    {0, "ws://[::1]x"},
    {0, "ws://"},
    {0, "ws://ho st"},
    {0, "ws://host:0"},
    {1, "127.0.0.1:8686"},
    {1, "[::1]:0"},
    {2, "http://localhost:8000"},
    {2, "https://[::1]:1"},
    {2, "http://127.0.0.1.evil.example"},
    {2, "null"},
    {2, "https://fleet.example"},
    {2, "HTTPS://FLEET.example:443"},
    {2, "http://[::1"},
    {2, "https://a.example:99999"},
    {2, "https://a.example/path"},
    {3, "Asia/Shanghai"},
    {3, "Europe/Berlin"},
    {3, "+08:00"},
    {3, "-0330"},
    {3, "UTC"},
    {3, "../etc/passwd"},
    {4, "-2305843009213693952 28800\n"},
    {4, "0 3600\n1792130400000 7200\n"},
    {4, "5 -9223372036854775808\n"},
    {5, "2026-10-16T14:32:07.5+08:00"},
    {5, "2026-10-16"},
    {5, "1792130400"},
    {5, "-1e3"},
    {6, "speed_kmh=speed*3.6"},
    {6, "machine_id,gps_time,lng,lat,speed,trip,received,oil_kpa"},
    {6, "lon,lat"},
    {7, R"([{"spn":100,"fmi":1,"sa":3,"count":2,"lamp":"red_stop"}])"},
    {7, "[]"},
    {7, "[1]"},
    {8, "苏州 \xF0\x9F\x9A\x9C \xED\xA0\x80 \xC0\x80 \xF4\x90\x80\x80 \xE0\x9F\xBF"},
};

inline constexpr std::string_view kRequests[] = {
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /metrics HTTP/1.1\r\nHost: "
    "localhost\r\nConnection: close\r\n\r\n",
    "POST /ingest HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: "
    "chunked\r\n\r\n1a;x=y\r\n{\"machine\":\"A\",\"time\":1}  \r\n0\r\n\r\n",
    "POST /ingest HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: "
    "2\r\n\r\n{}",
    "POST /healthz HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
    "GET /ingest HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /nowhere?x HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n\r\n",
    "GET /feed HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: "
    "websocket\r\nSec-WebSocket-Version: 12\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    "GET /other HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: "
    "websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    "POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n",
    "POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: "
    "chunked\r\n\r\n0\r\n\r\n",
    "\x16\x03\x01\x02",
    "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
};

/// Bytes after an upgrade: text, ping, close, a message in fragments, what is not allowed.
inline constexpr std::string_view kSockets[] = {
    "\x02\x00\x81\x82\x00\x00\x00\x00{}"sv,
    "\x02\x00\x01\x81\x00\x00\x00\x00{\x89\x80\x00\x00\x00\x00\x80\x81\x00\x00\x00\x00}"sv,
    "\x01\x00\x88\x82\x00\x00\x00\x00\x03\xe8"sv,
    "\x02\x01\x81\x86\x01\x02\x03\x04{}\n{}\n"sv,
    "\x01\x00\x82\xff\x00\x00\x00\x00\x7f\xff\xff\xff\x00\x00\x00\x00"sv,
    "\x01\x00\x82\xfe\x10\x01\x00\x00\x00\x00"sv,
    "\x02\x00\xc1\x81\x00\x00\x00\x00x"sv,
    "\x02\x00\x81\x01x"sv,
    "\x02\x00\x83\x80\x00\x00\x00\x00"sv,
    "\x04\x00\x80\x00{\"machine\":\"A1\",\"time\":1792130400}\n"sv,
    "\x04\x03\x80\x00\xff\xfe\x88\x00\x03\xe9"sv,
};

/// Changes to a day file: see store_fuzz.cpp.
inline constexpr std::string_view kChanges[] = {
    "\x01\x00\x03\x00\x48"sv,
    "\x01\x00\x04\x03\x41"sv,
    "\x01\x01\x05\x05\xff\xff\xff\xff\xff\xff\xff\xff\x7f"sv,
    "\x01\x04\x03"sv,
    "\x01\x04\x00\x04\x01"sv,
    "\x01\x05\x03\xff\x00\x00\x00\x00\x00\x00\x00\x7f"sv,
    "\x01\x06\x05\x06\x03"sv,
    "\x01\x07\x00\x03xyz"sv,
    "\x01\x08\x00\x02\x1d-9223372036854775807 28800\n"sv,
    "\x01\x08\x00\x00\x0a"
    "2026-10-17"sv,
    "\x01\x09\x00\x00"sv,
    "\x01\x09\x00\x01"sv,
    "\x00\x10\x00\x04xxxx"sv,
    "\x00\x64\x10\x08xxxxxxxx"sv,
    "\x02\x05\x03\xff\x00\x00\x00\x00\x00\x00\x00\x3f\x05\x03\x41\x00\x14\x08xxxxxxxx"sv,
};

/// What tile sets say of themselves (2), addresses of tiles (3), Cache-Control and Age (4).
inline constexpr Text kTileTexts[] = {
    {2, R"({"name":"x","attribution":"&copy; <a href='y'>z</a>&#169;&#x41;","bounds":"1,2,3,4","minzoom":"2","maxzoom":5})"},
    {2, R"({"bounds":[-180,-85,180,85],"minzoom":9,"maxzoom":1,"deep":{"a":[[1]]}})"},
    {2, "1.5,2,3,4"},
    {2, "<!-- a --> b &nbsp;&lt;&unknown; <br>c \xff"},
    {3, "https://user:pass@tiles.example:8443/a/{z}/{x}/{y}.png?key=1"},
    {3, "http://t/{z}/{x}/{-y}"},
    {3, "http://t/{z}/{x}/{y}{r}"},
    {4, "public, max-age=86400, immutable\n120"},
    {4, "no-store, no-cache, max-age=\"5\"\nx"},
};

}  // namespace fuzz
