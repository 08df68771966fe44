// Fonts: one atlas of exactly the characters in use, rebuilt when new ones arrive.
//
// Roboto gives Latin and digits (its digits have one width, so numbers do not jitter); Chinese
// comes from Noto Sans CJK SC, else WenQuanYi Micro Hei, else nowhere, and then `missing()` says
// what to install. The full Chinese range is never built: at wall sizes it would be a 268 MB
// texture. Main thread, with an ImGui context current. No GL: UiRenderer uploads the atlas.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ImFont;
struct ImFontAtlas;

namespace viewer {

/// The type scale. Sizes are em heights in px at scale 1.
enum class Type : std::uint8_t { hero, figure, title, body, strong, small, small_strong };
inline constexpr int kTypeCount = 7;
float type_size_px(Type type);

/// A set of characters of the Basic Multilingual Plane (ImGui 1.86 knows no others).
class CharacterSet {
 public:
  CharacterSet() : bits_(0x10000 / 64) {}
  /// Adds every character of a UTF-8 text. True if one was new.
  bool add(std::string_view utf8);
  bool contains(char32_t c) const { return c < 0x10000 && ((bits_[c >> 6] >> (c & 63)) & 1) != 0; }
  std::size_t size() const { return size_; }
  /// Pairs of first and last character, closed by 0: what ImFontConfig::GlyphRanges takes.
  std::vector<std::uint16_t> ranges() const;

 private:
  std::vector<std::uint64_t> bits_;
  std::size_t size_ = 0;
};

/// Next character of UTF-8 text at `at`, which moves on; U+FFFD for a broken or an overlong byte
/// run.
char32_t next_character(std::string_view utf8, std::size_t& at);

/// Where font files are looked for, best first; a test passes its own.
struct FontFiles {
  std::string latin, latin_strong;
  struct Cjk {
    std::string regular, bold;
    int face = 0;
  };
  std::vector<Cjk> cjk;
  static FontFiles debian();
};

class Fonts {
 public:
  explicit Fonts(FontFiles files = FontFiles::debian());
  ~Fonts();
  Fonts(const Fonts&) = delete;
  Fonts& operator=(const Fonts&) = delete;

  /// Characters that texts of any size may hold (texts of the interface).
  void add_everywhere(std::string_view utf8);
  /// Characters of body and small text only (place names, roster): most of the atlas.
  void add_to_lists(std::string_view utf8);
  /// Notes the characters of a text about to be drawn; those missing ask for a rebuild.
  void want(Type type, std::string_view utf8);

  /// True when a build is due: nothing built yet, another scale, or wanted characters are missing.
  bool stale(float scale) const;
  /// Builds the atlas into the current ImGui context. Throws std::runtime_error, naming the
  /// package, when not even the Latin font is there. Takes 50 to 150 ms; do it between frames.
  void build(float scale);

  ImFont* font(Type type) const { return fonts_[static_cast<std::size_t>(type)]; }
  /// Baseline of a line drawn at its top, px.
  float ascent(Type type) const { return ascent_[static_cast<std::size_t>(type)]; }
  /// Height of a capital letter, px: what looks centred is centred by this.
  float cap_height(Type type) const;
  /// Empty, or the sentence that names the missing package.
  const std::string& missing() const { return missing_; }
  /// Grows with every build.
  std::uint64_t version() const { return version_; }

 private:
  struct File;
  struct Face;
  void add_face(ImFontAtlas& atlas, const Face& face, Type type, bool merge,
                const std::uint16_t* ranges);
  Face open(const std::string& path, int index);

  FontFiles files_;
  std::vector<std::unique_ptr<File>> open_files_;
  std::array<CharacterSet, kTypeCount> characters_;
  std::array<std::vector<std::uint16_t>, kTypeCount> ranges_;
  std::array<ImFont*, kTypeCount> fonts_{};
  std::array<float, kTypeCount> ascent_{};
  std::string missing_;
  float scale_ = 0;
  bool wanted_ = true;
  std::uint64_t version_ = 0;
};

}  // namespace viewer
