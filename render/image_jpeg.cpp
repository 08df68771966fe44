// JPEG by libjpeg, which reports errors by a callback that must not return: it jumps back to where
// decoding began. So nothing that has a destructor is made between there and the callback.
#include <csetjmp>
#include <cstddef>
#include <cstdio>

#include "render/image_decode.hpp"

// After <cstdio>: its header uses FILE without including it.
#include <jerror.h>
#include <jpeglib.h>

namespace render {
namespace {

/// No picture of a map needs more; each costs a pass over all of it.
constexpr int kScansMax = 100;

struct Trouble {
  jpeg_error_mgr manager;  // first: libjpeg hands it back by this address
  std::jmp_buf back;
  char text[JMSG_LENGTH_MAX] = {};
};

Trouble& trouble_of(j_common_ptr info) {
  return *reinterpret_cast<Trouble*>(info->err);
}

[[noreturn]] void fail(j_common_ptr info) {
  Trouble& trouble = trouble_of(info);
  trouble.manager.format_message(info, trouble.text);
  std::longjmp(trouble.back, 1);
}

// Warnings that mean part of the picture is made up; the others are of no harm.
void warn(j_common_ptr info, int level) {
  if (level >= 0) return;
  const int code = info->err->msg_code;
  if (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE) fail(info);
}

void count_scans(j_common_ptr info) {
  const auto* decompress = reinterpret_cast<j_decompress_ptr>(info);
  if (decompress->input_scan_number > kScansMax) {
    info->err->msg_code = JERR_BAD_PROGRESSION;
    fail(info);
  }
}

enum class Outcome { read, broken, too_large, inks };

Outcome read_into(jpeg_decompress_struct& info, Trouble& trouble, std::span<const std::byte> bytes,
                  int side_px_max, Image& image) {
  jpeg_progress_mgr progress{};
  if (setjmp(trouble.back)) return Outcome::broken;
  jpeg_create_decompress(&info);
  progress.progress_monitor = count_scans;
  info.progress = &progress;
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&info, TRUE);
  const auto most = static_cast<JDIMENSION>(side_px_max);
  if (info.image_width > most || info.image_height > most) return Outcome::too_large;
  if (info.num_components > 3) return Outcome::inks;
  info.out_color_space = JCS_EXT_RGBA;
  jpeg_start_decompress(&info);
  image.width = static_cast<int>(info.output_width);
  image.height = static_cast<int>(info.output_height);
  const std::size_t row_bytes = std::size_t{info.output_width} * 4;
  image.rgba.resize(row_bytes * info.output_height);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = image.rgba.data() + row_bytes * info.output_scanline;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  return Outcome::read;
}

}  // namespace

fleet::Result<Image> decode_jpeg(std::span<const std::byte> bytes, int side_px_max) {
  Trouble trouble;
  jpeg_decompress_struct info{};
  info.err = jpeg_std_error(&trouble.manager);
  trouble.manager.error_exit = fail;
  trouble.manager.emit_message = warn;
  trouble.manager.output_message = [](j_common_ptr) {};
  Image image;
  const Outcome outcome = read_into(info, trouble, bytes, side_px_max, image);
  const std::string size =
      std::to_string(info.image_width) + "x" + std::to_string(info.image_height);
  info.progress = nullptr;  // gone with read_into
  jpeg_destroy_decompress(&info);
  switch (outcome) {
    case Outcome::read:
      return image;
    case Outcome::too_large:
      return fleet::Error{"JPEG of " + size + " px, expected at most " +
                          std::to_string(side_px_max) + " a side"};
    case Outcome::inks:
      return fleet::Error{"JPEG in four inks (CMYK), expected RGB or grey"};
    case Outcome::broken:
      break;
  }
  return fleet::Error{std::string("broken JPEG: ") + trouble.text};
}

}  // namespace render
