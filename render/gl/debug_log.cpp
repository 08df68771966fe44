#include "render/gl/debug_log.hpp"

#include <utility>

namespace render {

DebugLog::DebugLog(Sink sink) : sink_(std::move(sink)) {
  glEnable(GL_DEBUG_OUTPUT);
  glEnable(GL_DEBUG_OUTPUT_SYNCHRONOUS);
  glDebugMessageControl(GL_DONT_CARE, GL_DONT_CARE, GL_DONT_CARE, 0, nullptr, GL_TRUE);
  glDebugMessageCallback(&DebugLog::on_message, this);
}

DebugLog::~DebugLog() {
  glDebugMessageCallback(nullptr, nullptr);
  glDisable(GL_DEBUG_OUTPUT);
}

void DebugLog::on_message(GLenum, GLenum type, GLuint, GLenum severity, GLsizei, const GLchar* text,
                          const void* self) {
  const bool error = type == GL_DEBUG_TYPE_ERROR || type == GL_DEBUG_TYPE_UNDEFINED_BEHAVIOR;
  const bool weighty = severity == GL_DEBUG_SEVERITY_HIGH || severity == GL_DEBUG_SEVERITY_MEDIUM;
  if (error || weighty) static_cast<const DebugLog*>(self)->sink_(error, text);
}

}  // namespace render
