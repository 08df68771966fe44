#include "render/gl/program.hpp"

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace render {
namespace {

// Line numbers carry the file: file i begins at line i * kLinesPerFile. The source number of a
// #line directive would be made for this, but Mesa 22.3 loses it for errors after the parser.
constexpr std::size_t kLinesPerFile = 100000;
constexpr int kIncludeDepthMax = 8;  // a cycle is caught by "each file once"; this bounds nesting

std::string place(const std::string& file, int line) {
  return file + ":" + std::to_string(line);
}

std::string read_text(const std::string& shader_dir, const std::string& file,
                      const std::string& wanted_by) {
  const std::string path = shader_dir + "/" + file;
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw std::runtime_error((wanted_by.empty() ? "" : wanted_by + ": ") +
                             "shader file cannot be opened: " + path);
  }
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// "name" of a line `#include "name"`, else empty.
std::string included_name(const std::string& line) {
  static const std::regex pattern(R"rx(^\s*#\s*include\s+"([^"]+)"\s*$)rx");
  std::smatch match;
  return std::regex_match(line, match, pattern) ? match[1].str() : std::string();
}

class Paster {
 public:
  Paster(const std::string& shader_dir, const std::vector<std::string>& defines)
      : shader_dir_(shader_dir), defines_(defines) {}

  ShaderText pasted(const std::string& file) {
    paste(file, "", 0);
    return std::move(out_);
  }

 private:
  void paste(const std::string& file, const std::string& wanted_by, int depth) {
    if (depth > kIncludeDepthMax) {
      throw std::runtime_error(wanted_by + ": includes are nested deeper than " +
                               std::to_string(kIncludeDepthMax));
    }
    const std::size_t index = out_.files.size();
    out_.files.push_back(file);
    std::istringstream lines(read_text(shader_dir_, file, wanted_by));
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      if (depth == 0 && number == 1) {
        start(line, file);
      } else if (const std::string name = included_name(line); !name.empty()) {
        include(name, place(file, number), depth);
        mark(number + 1, index);
      } else {
        out_.text += line + "\n";
      }
    }
  }

  void start(const std::string& line, const std::string& file) {
    if (line.rfind("#version", 0) != 0) {
      throw std::runtime_error(place(file, 1) + ": expected #version, found \"" + line + "\"");
    }
    out_.text += line + "\n";
    for (const std::string& define : defines_) out_.text += "#define " + define + "\n";
    mark(2, 0);
  }

  void include(const std::string& name, const std::string& from, int depth) {
    const bool known = std::find(out_.files.begin(), out_.files.end(), name) != out_.files.end();
    if (known) return;
    mark(1, out_.files.size());
    paste(name, from, depth + 1);
  }

  void mark(int line, std::size_t file_index) {
    const std::size_t coded = file_index * kLinesPerFile + static_cast<std::size_t>(line);
    out_.text += "#line " + std::to_string(coded) + "\n";
  }

  std::string shader_dir_;
  std::vector<std::string> defines_;
  ShaderText out_;
};

GLenum stage_of(const std::string& file) {
  if (file.ends_with(".vert")) return GL_VERTEX_SHADER;
  if (file.ends_with(".frag")) return GL_FRAGMENT_SHADER;
  if (file.ends_with(".comp")) return GL_COMPUTE_SHADER;
  throw std::runtime_error(file + ": expected a shader file .vert, .frag or .comp");
}

// Deletes the shader object of one stage when the program is linked or has failed.
struct Stage {
  explicit Stage(GLenum kind) : id(glCreateShader(kind)) {}
  ~Stage() { glDeleteShader(id); }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  GLuint id;
};

void compile(const Stage& stage, const ShaderText& source) {
  const char* text = source.text.c_str();
  glShaderSource(stage.id, 1, &text, nullptr);
  glCompileShader(stage.id);
  GLint ok = 0;
  glGetShaderiv(stage.id, GL_COMPILE_STATUS, &ok);
  if (ok) return;
  GLint length = 0;
  glGetShaderiv(stage.id, GL_INFO_LOG_LENGTH, &length);
  std::string log(static_cast<std::size_t>(std::max(length, 1)), '\0');
  glGetShaderInfoLog(stage.id, length, nullptr, log.data());
  throw std::runtime_error("shader " + source.files.front() + " does not compile:\n" +
                           with_file_names(log.c_str(), source.files));
}

void link(GLuint program, const char* label) {
  glLinkProgram(program);
  GLint ok = 0;
  glGetProgramiv(program, GL_LINK_STATUS, &ok);
  if (ok) return;
  GLint length = 0;
  glGetProgramiv(program, GL_INFO_LOG_LENGTH, &length);
  std::string log(static_cast<std::size_t>(std::max(length, 1)), '\0');
  glGetProgramInfoLog(program, length, nullptr, log.data());
  throw std::runtime_error(std::string("shader program ") + label + " does not link:\n" +
                           log.c_str());
}

}  // namespace

void delete_program(GLuint id) {
  // One in use would live on until another takes its place; Dear ImGui then puts back the dead one.
  GLint current = 0;
  glGetIntegerv(GL_CURRENT_PROGRAM, &current);
  if (static_cast<GLuint>(current) == id) glUseProgram(0);
  glDeleteProgram(id);
}

ShaderText load_shader_text(const std::string& shader_dir, const std::string& file,
                            const std::vector<std::string>& defines) {
  return Paster(shader_dir, defines).pasted(file);
}

std::string with_file_names(const std::string& driver_log, const std::vector<std::string>& files) {
  // Mesa "0:12(5)", NVIDIA "0(12)", AMD and Intel "ERROR: 0:12".
  static const std::regex pattern(R"((^|\n)(?:ERROR: )?\d+(?::(\d+)(?:\(\d+\))?|\((\d+)\)))");
  std::string out;
  auto rest = driver_log.cbegin();
  std::smatch match;
  while (std::regex_search(rest, driver_log.cend(), match, pattern)) {
    const std::size_t coded = std::stoul(match[2].matched ? match[2].str() : match[3].str());
    const std::size_t file = coded / kLinesPerFile;
    out += match.prefix().str() + match[1].str();
    out += file < files.size() ? files[file] + ":" + std::to_string(coded % kLinesPerFile)
                               : match.str().substr(match[1].str().size());
    rest = match.suffix().first;
  }
  return out + std::string(rest, driver_log.cend());
}

Program::Program(const char* label, const std::string& shader_dir,
                 std::initializer_list<const char*> stages, const std::vector<std::string>& defines)
    : GlHandle(glCreateProgram()) {
  glObjectLabel(GL_PROGRAM, id(), -1, label);
  for (const char* file : stages) {
    const Stage stage(stage_of(file));
    compile(stage, load_shader_text(shader_dir, file, defines));
    glAttachShader(id(), stage.id);
  }
  link(id(), label);
}

void Program::use() const {
  glUseProgram(id());
}

GLint Program::location(const char* uniform) const {
  return glGetUniformLocation(id(), uniform);
}

void Program::set(const char* uniform, int value) {
  glProgramUniform1i(id(), location(uniform), value);
}
void Program::set(const char* uniform, unsigned value) {
  glProgramUniform1ui(id(), location(uniform), value);
}
void Program::set(const char* uniform, float value) {
  glProgramUniform1f(id(), location(uniform), value);
}
void Program::set(const char* uniform, int x, int y) {
  glProgramUniform2i(id(), location(uniform), x, y);
}
void Program::set(const char* uniform, float x, float y) {
  glProgramUniform2f(id(), location(uniform), x, y);
}
void Program::set(const char* uniform, float x, float y, float z) {
  glProgramUniform3f(id(), location(uniform), x, y, z);
}
void Program::set(const char* uniform, float x, float y, float z, float w) {
  glProgramUniform4f(id(), location(uniform), x, y, z, w);
}

}  // namespace render
