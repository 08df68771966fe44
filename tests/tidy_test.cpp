// Rules of the house that a compiler does not check: who may include whom, and line lengths.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// Folder -> folders of ours it may include from. The arrows of the architecture picture.
const std::map<std::string, std::set<std::string>> kArrows = {
    {"fleet", {"fleet"}},
    {"net", {"net", "fleet"}},
    {"render", {"render", "fleet"}},
    {"viewer", {"viewer", "net", "render", "fleet"}},
};

/// Folder -> prefixes of foreign headers that must not appear in it.
const std::map<std::string, std::vector<std::string>> kForbidden = {
    {"fleet", {"boost/", "GL/", "GLFW/", "epoxy/", "EGL/", "imgui", "sys/", "netinet/", "sqlite3", "zstd",
               "fstream", "filesystem", "iostream", "thread", "google/", "simdjson", "spdlog", "png"}},
    {"net", {"GL/", "GLFW/", "epoxy/", "EGL/", "imgui", "glm/"}},
    {"render", {"boost/", "GLFW/", "imgui", "google/", "sqlite3", "simdjson", "spdlog"}},
    {"viewer", {"boost/", "google/", "sqlite3", "simdjson"}},
};

std::vector<fs::path> sources_in(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(FLEETWALL_SOURCE_DIR) / folder)) {
    const auto extension = entry.path().extension();
    if (entry.is_regular_file() && (extension == ".cpp" || extension == ".hpp")) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

struct Include {
  fs::path file;
  int line;
  std::string target;
};

std::vector<Include> includes_of(const fs::path& file) {
  static const std::regex pattern(R"re(^\s*#\s*include\s*[<"]([^>"]+)[>"])re");
  std::vector<Include> found;
  std::ifstream in(file);
  std::string text;
  for (int line = 1; std::getline(in, text); ++line) {
    std::smatch match;
    if (std::regex_search(text, match, pattern)) found.push_back({file, line, match[1]});
  }
  return found;
}

std::string top_folder(const std::string& include) { return include.substr(0, include.find('/')); }

std::string where(const Include& include) {
  return include.file.string() + ":" + std::to_string(include.line) + " includes " + include.target;
}

TEST(Tidy, FoldersIncludeOnlyAlongTheArrows) {
  for (const auto& [folder, allowed] : kArrows) {
    for (const auto& file : sources_in(folder)) {
      for (const auto& include : includes_of(file)) {
        const std::string target = top_folder(include.target);
        EXPECT_TRUE(!kArrows.contains(target) || allowed.contains(target)) << where(include);
        EXPECT_NE(target, "tests") << where(include);
      }
    }
  }
}

TEST(Tidy, FoldersKeepOutOfForeignLibrariesThatAreNotTheirs) {
  for (const auto& [folder, prefixes] : kForbidden) {
    for (const auto& file : sources_in(folder)) {
      for (const auto& include : includes_of(file)) {
        for (const auto& prefix : prefixes) {
          EXPECT_FALSE(include.target.starts_with(prefix)) << where(include);
        }
      }
    }
  }
}

TEST(Tidy, OnlyRenderAndTheWindowIncludeGl) {
  for (const auto& file : sources_in("viewer")) {
    for (const auto& include : includes_of(file)) {
      EXPECT_FALSE(include.target.starts_with("GL/")) << where(include);
    }
  }
}

TEST(Tidy, HeadersHaveAPragmaOnceAndLinesEndByColumnHundred) {
  for (const auto& [folder, unused] : kArrows) {
    for (const auto& file : sources_in(folder)) {
      std::ifstream in(file);
      std::string text;
      bool once = file.extension() == ".cpp";
      for (int line = 1; std::getline(in, text); ++line) {
        once = once || text == "#pragma once";
        // Columns, not bytes: UTF-8 continuation bytes do not count.
        const auto columns = std::count_if(text.begin(), text.end(), [](char c) {
          return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
        });
        EXPECT_LE(columns, 110) << file << ":" << line;
      }
      EXPECT_TRUE(once) << file;
    }
  }
}

TEST(Tidy, FilesHoldOneIdea) {
  for (const auto& [folder, unused] : kArrows) {
    for (const auto& file : sources_in(folder)) {
      std::ifstream in(file);
      const auto lines = std::count(std::istreambuf_iterator<char>(in), {}, '\n');
      EXPECT_LE(lines, 600) << file << " has " << lines << " lines: split it";
    }
  }
}

}  // namespace
