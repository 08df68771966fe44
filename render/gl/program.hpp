// Program: a linked GL program made from files of the shader folder.
//
// Files may say `#include "name.glsl"` (relative to the folder, each file once a stage). Errors
// come back with the file and line they are in, not with the number of a pasted string.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "render/gl/gl_objects.hpp"

namespace render {

void delete_program(GLuint id);

/// A shader text with its includes pasted in. `#line` directives carry the file and the line.
struct ShaderText {
  std::string text;
  std::vector<std::string> files;
};

/// defines: lines put after #version, each "NAME" or "NAME VALUE".
/// Throws std::runtime_error with file and line: a file is missing, #version is not the first line.
ShaderText load_shader_text(const std::string& shader_dir, const std::string& file,
                            const std::vector<std::string>& defines = {});

/// A driver's log with its "0:12(5)" (Mesa) or "0(12)" (NVIDIA) turned into "points.vert:12".
std::string with_file_names(const std::string& driver_log, const std::vector<std::string>& files);

class Program : public GlHandle<delete_program> {
 public:
  Program() = default;
  /// The stage is known by the extension: .vert, .frag, .comp. Throws std::runtime_error with file
  /// and line when a stage does not compile, and with the names when they do not link.
  Program(const char* label, const std::string& shader_dir,
          std::initializer_list<const char*> stages, const std::vector<std::string>& defines = {});

  void use() const;
  // Names the compiler has optimised away are ignored, as GL does.
  void set(const char* uniform, int value);
  void set(const char* uniform, unsigned value);
  void set(const char* uniform, float value);
  void set(const char* uniform, int x, int y);
  void set(const char* uniform, float x, float y);
  void set(const char* uniform, float x, float y, float z);
  void set(const char* uniform, float x, float y, float z, float w);

 private:
  GLint location(const char* uniform) const;
};

}  // namespace render
