// Owners of GL objects: the constructor creates, the destructor deletes, move-only, `id()` looks.
//
// Default-constructed objects own nothing. All live and die on the main thread with a current
// context. Labels are shown by debuggers and in debug messages. Sizes are what was asked of the
// driver, summed by the owners for RenderStats::gpu_bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "render/gl/gl_api.hpp"

namespace render {

/// An id and how to delete it: what all owners below share.
template <void (*Delete)(GLuint)>
class GlHandle {
 public:
  GlHandle() = default;
  explicit GlHandle(GLuint id) : id_(id) {}
  GlHandle(GlHandle&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
  GlHandle& operator=(GlHandle&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, 0);
    }
    return *this;
  }
  ~GlHandle() { reset(); }

  GLuint id() const { return id_; }
  explicit operator bool() const { return id_ != 0; }
  void reset() {
    if (id_ != 0) Delete(std::exchange(id_, 0));
  }

 private:
  GLuint id_ = 0;
};

void delete_buffer(GLuint id);
void delete_texture(GLuint id);
void delete_framebuffer(GLuint id);
void delete_vertex_array(GLuint id);
void delete_query(GLuint id);

/// Bytes of a fixed size on the GPU.
class Buffer : public GlHandle<delete_buffer> {
 public:
  Buffer() = default;
  /// size_bytes > 0. data: null or size_bytes of it. flags: as glNamedBufferStorage takes them.
  Buffer(const char* label, std::size_t size_bytes, const void* data = nullptr,
         GLbitfield flags = GL_DYNAMIC_STORAGE_BIT);
  /// offset_bytes + size_bytes <= size_bytes().
  void update(std::size_t offset_bytes, std::size_t size_bytes, const void* data);
  std::size_t size_bytes() const { return id() ? size_bytes_ : 0; }

 private:
  std::size_t size_bytes_ = 0;
};

/// A 2D texture, linear, clamped to its edge.
class Texture : public GlHandle<delete_texture> {
 public:
  Texture() = default;
  /// format: a sized internal format, e.g. GL_RGBA8. Sides of 1 to GL_MAX_TEXTURE_SIZE. mipmaps:
  /// room for all smaller levels, which make_mipmaps fills.
  Texture(const char* label, GLenum format, int width, int height, bool mipmaps = false);
  /// The whole picture; row 0 comes first.
  void update(GLenum pixel_format, GLenum pixel_type, const void* pixels);
  /// The smaller levels from the whole picture, and reading through them.
  void make_mipmaps();
  void set_filter(GLint filter);
  int width() const { return width_; }
  int height() const { return height_; }
  std::size_t size_bytes() const { return id() ? size_bytes_ : 0; }

 private:
  int width_ = 0;
  int height_ = 0;
  std::size_t size_bytes_ = 0;
};

class Framebuffer : public GlHandle<delete_framebuffer> {
 public:
  Framebuffer() = default;
  /// Draws into `colour`, which must outlive it. Throws when the driver calls it incomplete.
  Framebuffer(const char* label, const Texture& colour);
};

class VertexArray : public GlHandle<delete_vertex_array> {
 public:
  VertexArray() = default;
  explicit VertexArray(const char* label);
};

class Query : public GlHandle<delete_query> {
 public:
  Query() = default;
  Query(const char* label, GLenum target);
};

/// Bytes of one texel of a sized internal format; 4 for those not listed.
std::size_t texel_bytes(GLenum format);

/// Names a group of calls for debuggers, as long as it lives.
class DebugGroup {
 public:
  explicit DebugGroup(const char* name);
  ~DebugGroup();
  DebugGroup(const DebugGroup&) = delete;
  DebugGroup& operator=(const DebugGroup&) = delete;
};

}  // namespace render
