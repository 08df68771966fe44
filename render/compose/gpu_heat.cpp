#include "render/compose/gpu_heat.hpp"

#include <algorithm>
#include <bit>

namespace render {
namespace {

constexpr GLuint kRowsBinding = 1;                      // as in heat_cells.glsl
constexpr GLuint kBinsBinding = 3, kPlacesBinding = 4;  // heat_bins.glsl, heat_bin_places.comp
// Every driver takes as many groups at once.
constexpr std::size_t kGroupsMax = 65535;
// Ranges of the places begin at a multiple of so many: 1 kB, coarser than any driver asks for.
constexpr std::size_t kRangeEntries = 64;
constexpr int kGroup = 64;                            // local_size_x of the shaders
constexpr std::size_t kRowFloats = 2 + kHeatWeights;  // struct HeatRow

int groups_of(std::size_t count) {
  return static_cast<int>((count + kGroup - 1) / kGroup);
}

}  // namespace

GpuHeat::Programs::Programs(const std::string& shader_dir)
    : bin("heat bin", shader_dir, {"heat_bin.comp"}),
      bin_places("heat bin places", shader_dir, {"heat_bin_places.comp"}),
      along("heat along", shader_dir, {"heat_along.comp"}),
      down("heat down", shader_dir, {"heat_down.comp"}) {}

GpuHeat::GpuHeat(const std::string& shader_dir) : programs_(shader_dir) {}

std::size_t GpuHeat::size_bytes() const {
  std::size_t bytes =
      bins_.size_bytes() + along_.size_bytes() + place_.size_bytes() + rows_.size_bytes();
  bytes += places_.size_bytes();
  return bytes;
}

void GpuHeat::resize() {
  if (place_ && place_.width() == layout_.columns && place_.height() == layout_.rows) return;
  const auto cells =
      static_cast<std::size_t>(layout_.columns) * static_cast<std::size_t>(layout_.rows);
  bins_ = Buffer("heat bins", cells * sizeof(std::uint64_t));
  along_ = Texture("heat along", GL_R32F, layout_.columns, layout_.rows);
  place_ = Texture("heat place", GL_R32F, layout_.columns, layout_.rows);
}

void GpuHeat::fill_rows(const MapFrame& frame) {
  const auto rows = static_cast<std::size_t>(layout_.rows);
  row_floats_.resize(rows * kRowFloats);
  for (int row = 0; row < layout_.rows; ++row) {
    const auto r = static_cast<std::size_t>(row);
    float* out = &row_floats_[r * kRowFloats];
    out[0] = std::bit_cast<float>(layout_.taps[r]);
    out[1] = 1.0f / (layout_.cell_km2[r] * std::max(frame.heat_full_per_km2, 1e-12f));
    std::copy_n(layout_.weights_of(row), kHeatWeights, out + 2);
  }
  const std::size_t bytes = row_floats_.size() * sizeof(float);
  if (rows_.size_bytes() < bytes) rows_ = Buffer("heat rows", bytes);
  rows_.update(0, bytes, row_floats_.data());
}

void GpuHeat::set_cells(Program& program, double steps_of_one) const {
  program.use();
  program.set("u_share_of_step",
              static_cast<float>(1.0 / (static_cast<double>(kHeatUnit) * steps_of_one)));
  program.set("u_cells", layout_.columns, layout_.rows);
  program.set("u_margin", layout_.margin);
  program.set("u_cell_px", layout_.cell_px);
  program.set("u_taps_max", layout_.taps_max);
}

void GpuHeat::upload(const HeatPlaces& places) {
  if (places_version_ == places.version()) return;
  places_version_ = places.version();
  const auto bytes = std::as_bytes(places.entries());
  if (places_.size_bytes() < bytes.size() || bytes.empty()) {
    places_.reset();
    if (!bytes.empty()) places_ = Buffer("heat places", bytes.size() + bytes.size() / 4);
  }
  if (!bytes.empty()) places_.update(0, bytes.size(), bytes.data());
}

void GpuHeat::bin_machines(std::uint32_t point_count) {
  set_cells(programs_.bin, 1);
  programs_.bin.set("u_point_count", static_cast<unsigned>(point_count));
  if (point_count > 0) glDispatchCompute(static_cast<GLuint>(groups_of(point_count)), 1, 1);
}

void GpuHeat::bin_places(const MapFrame& frame, const HeatPlaces& places) {
  upload(places);
  set_cells(programs_.bin_places, places.steps_of_one());
  constexpr double kUnits = 4294967296.0;
  const HeatPlaces::Level& level =
      places.level_for(layout_.cell_px * kUnits / frame.camera.px_per_world());
  constexpr std::size_t kEntry = sizeof(HeatPlaces::Entry);
  for (std::size_t done = 0; done < level.count;) {
    const std::size_t count = std::min(level.count - done, kGroupsMax * kGroup);
    const std::size_t first = level.first + done, before = first % kRangeEntries;
    glBindBufferRange(GL_SHADER_STORAGE_BUFFER, kPlacesBinding, places_.id(),
                      static_cast<GLintptr>((first - before) * kEntry),
                      static_cast<GLsizeiptr>((before + count) * kEntry));
    programs_.bin_places.set("u_first_place", static_cast<unsigned>(before));
    programs_.bin_places.set("u_place_count", static_cast<unsigned>(count));
    glDispatchCompute(static_cast<GLuint>(groups_of(count)), 1, 1);
    done += count;
  }
}

void GpuHeat::make(const MapFrame& frame, std::uint32_t point_count, const HeatPlaces& places) {
  const DebugGroup group("heat");
  layout_ = HeatLayout::of(frame);
  resize();
  fill_rows(frame);
  const auto columns = static_cast<GLuint>(groups_of(static_cast<std::size_t>(layout_.columns)));
  const auto rows = static_cast<GLuint>(layout_.rows);
  glBindBufferBase(GL_SHADER_STORAGE_BUFFER, kRowsBinding, rows_.id());
  glClearNamedBufferData(bins_.id(), GL_R32UI, GL_RED_INTEGER, GL_UNSIGNED_INT, nullptr);
  glBindBufferBase(GL_SHADER_STORAGE_BUFFER, kBinsBinding, bins_.id());
  glBindImageTexture(1, along_.id(), 0, GL_FALSE, 0, GL_READ_WRITE, GL_R32F);
  glBindImageTexture(2, place_.id(), 0, GL_FALSE, 0, GL_WRITE_ONLY, GL_R32F);
  const bool of_places = frame.heat_of == HeatOf::places;
  if (of_places) {
    bin_places(frame, places);
  } else {
    bin_machines(point_count);
  }
  glMemoryBarrier(GL_SHADER_STORAGE_BARRIER_BIT);
  set_cells(programs_.along, of_places ? places.steps_of_one() : 1);
  glDispatchCompute(columns, rows, 1);
  glMemoryBarrier(GL_SHADER_IMAGE_ACCESS_BARRIER_BIT);
  set_cells(programs_.down, 1);
  glDispatchCompute(columns, rows, 1);
  glMemoryBarrier(GL_TEXTURE_FETCH_BARRIER_BIT);
}

}  // namespace render
