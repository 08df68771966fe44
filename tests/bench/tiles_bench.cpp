// How many tiles a second each kind of source hands out: a set of 5,461 tiles (zooms 0 to 6) of
// 12 KiB, read in an order by chance, from the file cache of the system, by one thread and by four.
//
//   tiles_bench
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "fleet/datum.hpp"
#include "net/tiles/tile_source.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tile_server.hpp"
#include "tests/support/tile_sets.hpp"

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kZoomMax = 6;
constexpr std::size_t kTileBytes = 12 * 1024;
constexpr int kRuns = 7;

std::string noise(std::uint32_t seed) {
  std::mt19937 random(seed);
  std::string bytes = testing_support::picture("");
  while (bytes.size() < kTileBytes) bytes += static_cast<char>(random());
  return bytes;
}

double median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

/// Tiles a second over all tiles, split among threads; the median of kRuns, and the slowest.
void measure(const char* what, net::TileSource& source, std::vector<fleet::TileId> tiles) {
  std::shuffle(tiles.begin(), tiles.end(), std::mt19937(1));
  for (const std::size_t threads : {1u, 4u}) {
    std::vector<double> rates;
    for (int run = 0; run <= kRuns; ++run) {
      const auto begin = Clock::now();
      std::vector<std::thread> workers;
      for (std::size_t worker = 0; worker < threads; ++worker)
        workers.emplace_back([&, worker] {
          for (std::size_t i = worker; i < tiles.size(); i += threads) {
            const auto bytes = source.load(tiles[i]);
            if (!bytes || bytes.value().size() != kTileBytes) std::abort();
          }
        });
      for (std::thread& worker : workers) worker.join();
      const std::chrono::duration<double> took = Clock::now() - begin;
      // The first run reads the files.
      if (run > 0) rates.push_back(static_cast<double>(tiles.size()) / took.count());
    }
    std::printf("%-28s %zu thread(s): %8.0f tiles/s median of %d, slowest %8.0f; %5.1f us a tile\n",
                what, threads, median(rates), kRuns, *std::min_element(rates.begin(), rates.end()),
                1e6 / median(rates));
  }
}

std::unique_ptr<net::TileSource> open(const std::filesystem::path& from) {
  net::TileSourceOptions options;
  options.from = from.string();
  auto source = net::open_tile_source(options);
  if (!source) {
    std::fprintf(stderr, "%s\n", source.error().what.c_str());
    std::exit(1);
  }
  return std::move(*source);
}

void measure_files(const std::filesystem::path& folder, const std::vector<fleet::TileId>& tiles,
                   const std::vector<std::string>& pictures) {
  testing_support::PmtilesShape shape;
  shape.leaf = 4096;
  testing_support::PmtilesWriter writer(shape);
  std::vector<std::pair<fleet::TileId, std::string>> rows;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    writer.add(tiles[i], pictures[i]);
    rows.emplace_back(tiles[i], pictures[i]);
    testing_support::write_file(folder / "xyz" / (net::tile_name(tiles[i]) + ".png"), pictures[i]);
  }
  testing_support::write_file(folder / "set.pmtiles", writer.bytes());
  testing_support::write_mbtiles(folder / "set.mbtiles", {}, rows);
  measure("mbtiles", *open(folder / "set.mbtiles"), tiles);
  measure("pmtiles", *open(folder / "set.pmtiles"), tiles);
  measure("folder", *open(folder / "xyz"), tiles);
}

/// The first run fills the cache from a server on loopback; the others ask nobody.
void measure_server(const std::filesystem::path& folder, const std::vector<fleet::TileId>& tiles) {
  const std::string one = noise(1);
  testing_support::TileServer server(
      [&](const auto&) { return testing_support::http_answer("200 OK", one); });
  net::TileSourceOptions options;
  options.from = server.tiles();
  options.cache_dir = (folder / "cache").string();
  auto source = net::open_tile_source(options);
  const auto begin = Clock::now();
  for (const fleet::TileId tile : tiles)
    if (!(*source)->load(tile)) std::abort();
  const std::chrono::duration<double> took = Clock::now() - begin;
  std::printf("server on loopback, 1 thread: %.0f tiles/s fetched and kept (one run)\n",
              static_cast<double>(tiles.size()) / took.count());
  measure("server, from the disk", **source, tiles);
}

void measure_datum() {
  for (const auto datum : {fleet::Datum::gcj02, fleet::Datum::bd09}) {
    std::vector<double> to, from;
    for (int run = 0; run < kRuns; ++run) {
      constexpr int kPoints = 100'000;
      double sum = 0;
      const auto a = Clock::now();
      for (int i = 0; i < kPoints; ++i)
        sum += fleet::from_wgs84({100 + i * 2e-4, 30}, datum).lon_deg;
      const auto b = Clock::now();
      for (int i = 0; i < kPoints; ++i) sum += fleet::to_wgs84({100 + i * 2e-4, 30}, datum).lon_deg;
      const auto c = Clock::now();
      if (sum == 0) std::abort();
      from.push_back(std::chrono::duration<double, std::nano>(b - a).count() / kPoints);
      to.push_back(std::chrono::duration<double, std::nano>(c - b).count() / kPoints);
    }
    std::printf("datum %s: from WGS 84 %.0f ns, to WGS 84 %.0f ns a point (median of %d)\n",
                datum == fleet::Datum::gcj02 ? "GCJ-02" : "BD-09", median(from), median(to), kRuns);
  }
}

}  // namespace

int main() {
  const testing_support::TemporaryFolder folder;
  const auto tiles = testing_support::pyramid(kZoomMax);
  std::vector<std::string> pictures;
  for (std::size_t i = 0; i < tiles.size(); ++i)
    pictures.push_back(noise(static_cast<std::uint32_t>(i)));
  measure_files(folder.path, tiles, pictures);
  measure_server(folder.path, tiles);
  measure_datum();
}
