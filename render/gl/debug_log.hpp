// DebugLog: what the driver says through KHR_debug. Main thread, with a current context.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "render/gl/gl_api.hpp"

namespace render {

class DebugLog {
 public:
  /// error: whether the driver calls it an error or undefined behaviour; else a performance or
  /// portability remark of medium or high severity.
  using Sink = std::function<void(bool error, std::string_view message)>;

  /// Takes over the context's messages until destroyed; the context must outlive it. Calls `sink`
  /// inside the GL call that caused the message.
  explicit DebugLog(Sink sink);
  ~DebugLog();
  DebugLog(const DebugLog&) = delete;
  DebugLog& operator=(const DebugLog&) = delete;

 private:
  static void GLAPIENTRY on_message(GLenum source, GLenum type, GLuint id, GLenum severity,
                                    GLsizei length, const GLchar* text, const void* self);

  Sink sink_;
};

}  // namespace render
