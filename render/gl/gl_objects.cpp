#include "render/gl/gl_objects.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <stdexcept>
#include <string>

namespace render {
namespace {

GLuint created(void(GLAPIENTRY* create)(GLsizei, GLuint*), GLenum kind, const char* label) {
  GLuint id = 0;
  create(1, &id);
  glObjectLabel(kind, id, -1, label);
  return id;
}

GLuint new_buffer(const char* label) {
  return created([](GLsizei n, GLuint* id) { glCreateBuffers(n, id); }, GL_BUFFER, label);
}

GLuint new_texture(const char* label) {
  return created([](GLsizei n, GLuint* id) { glCreateTextures(GL_TEXTURE_2D, n, id); }, GL_TEXTURE,
                 label);
}

GLuint new_framebuffer(const char* label) {
  return created([](GLsizei n, GLuint* id) { glCreateFramebuffers(n, id); }, GL_FRAMEBUFFER, label);
}

GLuint new_vertex_array(const char* label) {
  return created([](GLsizei n, GLuint* id) { glCreateVertexArrays(n, id); }, GL_VERTEX_ARRAY,
                 label);
}

GLuint new_query(const char* label, GLenum target) {
  GLuint id = 0;
  glCreateQueries(target, 1, &id);
  glObjectLabel(GL_QUERY, id, -1, label);
  return id;
}

}  // namespace

void delete_buffer(GLuint id) {
  glDeleteBuffers(1, &id);
}
void delete_texture(GLuint id) {
  glDeleteTextures(1, &id);
}
void delete_framebuffer(GLuint id) {
  glDeleteFramebuffers(1, &id);
}
void delete_vertex_array(GLuint id) {
  glDeleteVertexArrays(1, &id);
}
void delete_query(GLuint id) {
  glDeleteQueries(1, &id);
}

Buffer::Buffer(const char* label, std::size_t size_bytes, const void* data, GLbitfield flags)
    : GlHandle(new_buffer(label)), size_bytes_(size_bytes) {
  assert(size_bytes > 0);
  glNamedBufferStorage(id(), static_cast<GLsizeiptr>(size_bytes), data, flags);
}

void Buffer::update(std::size_t offset_bytes, std::size_t size_bytes, const void* data) {
  assert(offset_bytes + size_bytes <= size_bytes_);
  glNamedBufferSubData(id(), static_cast<GLintptr>(offset_bytes),
                       static_cast<GLsizeiptr>(size_bytes), data);
}

Texture::Texture(const char* label, GLenum format, int width, int height, bool mipmaps)
    : GlHandle(new_texture(label)), width_(width), height_(height) {
  assert(width > 0 && height > 0);
  GLsizei levels = 0;
  do {
    size_bytes_ += texel_bytes(format) * static_cast<std::size_t>(std::max(width >> levels, 1)) *
                   static_cast<std::size_t>(std::max(height >> levels, 1));
    ++levels;
  } while (mipmaps && std::max(width, height) >> levels > 0);
  glTextureStorage2D(id(), levels, format, width, height);
  glTextureParameteri(id(), GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTextureParameteri(id(), GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  set_filter(GL_LINEAR);
}

void Texture::update(GLenum pixel_format, GLenum pixel_type, const void* pixels) {
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTextureSubImage2D(id(), 0, 0, 0, width_, height_, pixel_format, pixel_type, pixels);
}

void Texture::make_mipmaps() {
  glGenerateTextureMipmap(id());
  // The nearest level alone: crisper near pixel on pixel than a mixture of two.
  glTextureParameteri(id(), GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_NEAREST);
}

void Texture::set_filter(GLint filter) {
  glTextureParameteri(id(), GL_TEXTURE_MIN_FILTER, filter);
  glTextureParameteri(id(), GL_TEXTURE_MAG_FILTER, filter);
}

Framebuffer::Framebuffer(const char* label, const Texture& colour)
    : GlHandle(new_framebuffer(label)) {
  glNamedFramebufferTexture(id(), GL_COLOR_ATTACHMENT0, colour.id(), 0);
  const GLenum status = glCheckNamedFramebufferStatus(id(), GL_FRAMEBUFFER);
  if (status != GL_FRAMEBUFFER_COMPLETE) {
    throw std::runtime_error(std::string("framebuffer ") + label + " is incomplete, status " +
                             std::to_string(status));
  }
}

VertexArray::VertexArray(const char* label) : GlHandle(new_vertex_array(label)) {}

Query::Query(const char* label, GLenum target) : GlHandle(new_query(label, target)) {}

std::size_t texel_bytes(GLenum format) {
  switch (format) {
    case GL_R8:
      return 1;
    case GL_R16F:
    case GL_RG8:
    case GL_R16UI:
      return 2;
    case GL_RG32F:
    case GL_RGBA16F:
    case GL_RG32UI:
      return 8;
    case GL_RGBA32F:
    case GL_RGBA32UI:
      return 16;
    default:
      return 4;
  }
}

DebugGroup::DebugGroup(const char* name) {
  glPushDebugGroup(GL_DEBUG_SOURCE_APPLICATION, 0, -1, name);
}

DebugGroup::~DebugGroup() {
  glPopDebugGroup();
}

}  // namespace render
