#include "viewer/ui/fonts.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ft2build.h>
#include FT_FREETYPE_H

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "imgui.h"
#include "imgui_freetype.h"

namespace viewer {
namespace {

constexpr std::array<float, kTypeCount> kSizes{54, 34, 22, 16, 16, 14, 14};

/// Letters every font has: printable ASCII and the marks our formats use.
constexpr std::string_view kAlways =
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
    "abcdefghijklmnopqrstuvwxyz{|}~°±²³·×÷–—…−≥≤µäöüéèÄÖÜß";

bool is_strong(Type type) {
  return type == Type::title || type == Type::strong || type == Type::small_strong;
}
/// Hero and figure sizes show numbers only; Chinese at 54 px would be most of the atlas.
bool has_cjk(Type type) {
  return type != Type::hero && type != Type::figure;
}
bool is_ascii(std::string_view utf8) {
  return std::all_of(utf8.begin(), utf8.end(), [](char c) { return c > 0; });
}

/// Roboto's hyphen fills its advance, so that two of them, as in `--token-file`, look like a dash.
void part_hyphens(ImFont& font) {
  ImFontGlyph* hyphen = const_cast<ImFontGlyph*>(font.FindGlyphNoFallback('-'));
  if (hyphen == nullptr) return;
  const float more = std::max(1.f, std::round(font.FontSize * 0.1f));
  const float shift = std::floor(more / 2);
  hyphen->X0 += shift;
  hyphen->X1 += shift;
  hyphen->AdvanceX += more;
  font.IndexAdvanceX[static_cast<int>('-')] = hyphen->AdvanceX;
}

}  // namespace

float type_size_px(Type type) {
  return kSizes[static_cast<std::size_t>(type)];
}

char32_t next_character(std::string_view utf8, std::size_t& at) {
  constexpr char32_t kBroken = 0xFFFD;
  const auto first = static_cast<unsigned char>(utf8[at++]);
  if (first < 0x80) return first;
  const int more = first >= 0xF0 && first < 0xF5 ? 3 : first >= 0xE0 ? 2 : first >= 0xC2 ? 1 : 0;
  if (more == 0 || first >= 0xF5) return kBroken;
  char32_t c = first & (0x3Fu >> more);
  for (int i = 0; i < more; ++i) {
    if (at >= utf8.size() || (static_cast<unsigned char>(utf8[at]) & 0xC0) != 0x80) return kBroken;
    c = (c << 6) | (static_cast<unsigned char>(utf8[at++]) & 0x3F);
  }
  constexpr std::array<char32_t, 4> kLeast{0, 0x80, 0x800, 0x10000};
  const bool surrogate = c >= 0xD800 && c < 0xE000;
  return c < kLeast[static_cast<std::size_t>(more)] || c > 0x10FFFF || surrogate ? kBroken : c;
}

bool CharacterSet::add(std::string_view utf8) {
  bool grew = false;
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = next_character(utf8, at);
    if (c < 0x20 || c >= 0x10000 || contains(c)) continue;
    bits_[c >> 6] |= std::uint64_t{1} << (c & 63);
    ++size_;
    grew = true;
  }
  return grew;
}

std::vector<std::uint16_t> CharacterSet::ranges() const {
  std::vector<std::uint16_t> pairs;
  for (char32_t c = 1; c < 0x10000; ++c) {
    if (!contains(c)) continue;
    const char32_t first = c;
    while (c + 1 < 0x10000 && contains(c + 1)) ++c;
    pairs.push_back(static_cast<std::uint16_t>(first));
    pairs.push_back(static_cast<std::uint16_t>(c));
  }
  pairs.push_back(0);
  return pairs;
}

FontFiles FontFiles::debian() {
  const std::string roboto = "/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF/";
  const std::string noto = "/usr/share/fonts/opentype/noto/NotoSansCJK-";
  const std::string wqy = "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc";
  FontFiles files;
  files.latin = roboto + "Roboto-Regular.ttf";
  files.latin_strong = roboto + "Roboto-Medium.ttf";
  // Face 2 of the collection is the one with the forms of mainland China.
  files.cjk.push_back({noto + "Regular.ttc", noto + "Bold.ttc", 2});
  files.cjk.push_back({wqy, wqy, 0});
  return files;
}

/// A font file mapped into memory: 20 MB that are shared by all sizes and never copied.
struct Fonts::File {
  std::string path;
  void* data = nullptr;
  std::size_t size_bytes = 0;

  explicit File(const std::string& p) : path(p) {
    const int fd = ::open(p.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    struct stat info {};
    if (::fstat(fd, &info) == 0 && info.st_size > 0) {
      void* mapped =
          ::mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
      if (mapped != MAP_FAILED) {
        data = mapped;
        size_bytes = static_cast<std::size_t>(info.st_size);
      }
    }
    ::close(fd);
  }
  /// Leaves the pages to the system until they are read again: 17 MB that only a build needs.
  void let_go() const {
    if (data != nullptr) ::madvise(data, size_bytes, MADV_DONTNEED);
  }
  ~File() {
    if (data != nullptr) ::munmap(data, size_bytes);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
};

/// One face of a file. line_per_em: ascent plus descent over the em, which is what ImGui's builder
/// takes a size to mean; it differs from font to font (Roboto 1.17, Noto CJK 1.45).
struct Fonts::Face {
  File* file = nullptr;
  int index = 0;
  float line_per_em = 0;
  bool usable() const { return file != nullptr; }
};

Fonts::Fonts(FontFiles files) : files_(std::move(files)) {
  for (CharacterSet& set : characters_) set.add(kAlways);
}
Fonts::~Fonts() = default;

void Fonts::add_everywhere(std::string_view utf8) {
  for (int i = 0; i < kTypeCount; ++i) {
    if (has_cjk(static_cast<Type>(i)))
      wanted_ |= characters_[static_cast<std::size_t>(i)].add(utf8);
  }
}

void Fonts::add_to_lists(std::string_view utf8) {
  if (is_ascii(utf8)) return;  // every size has that
  for (const Type type : {Type::body, Type::small}) {
    wanted_ |= characters_[static_cast<std::size_t>(type)].add(utf8);
  }
}

void Fonts::want(Type type, std::string_view utf8) {
  if (!is_ascii(utf8)) wanted_ |= characters_[static_cast<std::size_t>(type)].add(utf8);
}

bool Fonts::stale(float scale) const {
  return wanted_ || scale != scale_;
}

Fonts::Face Fonts::open(const std::string& path, int index) {
  auto known = std::find_if(open_files_.begin(), open_files_.end(),
                            [&](const auto& file) { return file->path == path; });
  if (known == open_files_.end()) {
    auto file = std::make_unique<File>(path);
    if (file->data == nullptr) return {};
    known = open_files_.insert(open_files_.end(), std::move(file));
  }
  Face face{known->get(), index};
  FT_Library library = nullptr;
  if (FT_Init_FreeType(&library) != 0) return {};
  FT_Face ft = nullptr;
  const bool ok = FT_New_Memory_Face(library, static_cast<const FT_Byte*>(face.file->data),
                                     static_cast<FT_Long>(face.file->size_bytes), index, &ft) == 0;
  if (ok && ft->units_per_EM > 0) {
    const auto em = static_cast<float>(ft->units_per_EM);
    face.line_per_em = static_cast<float>(ft->ascender - ft->descender) / em;
  }
  if (ok) FT_Done_Face(ft);
  FT_Done_FreeType(library);
  return face.line_per_em > 0 ? face : Face{};
}

void Fonts::add_face(ImFontAtlas& atlas, const Face& face, Type type, bool merge,
                     const std::uint16_t* ranges) {
  ImFontConfig config;
  config.FontData = face.file->data;
  config.FontDataSize = static_cast<int>(face.file->size_bytes);
  config.FontNo = face.index;
  config.SizePixels = type_size_px(type) * scale_ * face.line_per_em;
  config.MergeMode = merge;
  config.GlyphRanges = ranges;
  config.OversampleH = 1;
  config.PixelSnapH = true;
  // Light hinting snaps to whole rows only: crisp strokes, unchanged widths.
  config.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
  config.FontDataOwnedByAtlas = true;  // else AddFont copies the file, 20 MB a size
  ImFont* font = atlas.AddFont(&config);
  atlas.ConfigData.back().FontDataOwnedByAtlas = false;  // ... but the mapping stays ours
  if (!merge) fonts_[static_cast<std::size_t>(type)] = font;
}

void Fonts::build(float scale) {
  scale_ = scale;
  Face latin = open(files_.latin, 0);
  Face latin_strong = open(files_.latin_strong, 0);
  if (!latin.usable()) latin = latin_strong;
  if (!latin_strong.usable()) latin_strong = latin;
  if (!latin.usable()) {
    throw std::runtime_error(
        "no interface font: install the Debian package "
        "fonts-roboto-unhinted, which brings " +
        files_.latin);
  }
  Face cjk, cjk_bold;
  for (const FontFiles::Cjk& candidate : files_.cjk) {
    cjk = open(candidate.regular, candidate.face);
    cjk_bold = open(candidate.bold, candidate.face);
    if (cjk.usable()) break;
  }
  if (!cjk_bold.usable()) cjk_bold = cjk;
  missing_ = cjk.usable() ? ""
                          : "Install the Debian package fonts-noto-cjk (or fonts-wqy-microhei) and "
                            "restart to see Chinese texts.";

  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  atlas.Flags |= ImFontAtlasFlags_NoMouseCursors;
  atlas.TexGlyphPadding = 1;
  for (int i = 0; i < kTypeCount; ++i) {
    const auto type = static_cast<Type>(i);
    const auto slot = static_cast<std::size_t>(i);
    const Face& base = is_strong(type) ? latin_strong : latin;
    ranges_[slot] = characters_[slot].ranges();
    add_face(atlas, base, type, false, ranges_[slot].data());
    const Face& chinese = is_strong(type) ? cjk_bold : cjk;
    if (has_cjk(type) && chinese.usable()) {
      add_face(atlas, chinese, type, true, ranges_[slot].data());
    }
  }
  if (!atlas.Build()) throw std::runtime_error("cannot build the font atlas from " + files_.latin);
  for (ImFont* font : fonts_) part_hyphens(*font);
  for (std::size_t i = 0; i < fonts_.size(); ++i) ascent_[i] = std::round(fonts_[i]->Ascent);
  for (const auto& file : open_files_) file->let_go();
  wanted_ = false;
  ++version_;
}

float Fonts::cap_height(Type type) const {
  // Roboto's capitals and digits are 0.711 em high.
  return type_size_px(type) * scale_ * 0.711f;
}

}  // namespace viewer
