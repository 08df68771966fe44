#include "render/gl/egl_headless_context.hpp"

#include <epoxy/egl.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace render {
namespace {

constexpr EGLenum kPlatformSurfaceless = 0x31DD;  // EGL_PLATFORM_SURFACELESS_MESA
constexpr EGLint kDevicesMax = 32;                // more GPUs than any wall PC or server holds

struct Candidate {
  const char* name;
  EGLenum platform;
  EGLDeviceEXT device;  // EGL_NO_DEVICE_EXT = surfaceless, the driver's choice
  bool software;
};

std::string egl_error() {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "EGL error 0x%04X", static_cast<unsigned>(eglGetError()));
  return text.data();
}

bool has_extension(const char* list, std::string_view wanted) {
  return list && std::string_view(list).find(wanted) != std::string_view::npos;
}

std::vector<Candidate> devices() {
  const char* client = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
  std::vector<Candidate> found;
  if (!has_extension(client, "EGL_EXT_device_enumeration") &&
      !has_extension(client, "EGL_EXT_device_base")) {
    return found;
  }
  std::array<EGLDeviceEXT, kDevicesMax> ids{};
  EGLint count = 0;
  if (!eglQueryDevicesEXT(kDevicesMax, ids.data(), &count)) return found;
  for (EGLint i = 0; i < count; ++i) {
    const EGLDeviceEXT id = ids[static_cast<std::size_t>(i)];
    const bool software =
        has_extension(eglQueryDeviceStringEXT(id, EGL_EXTENSIONS), "EGL_MESA_device_software");
    found.push_back({"egl-device", EGL_PLATFORM_DEVICE_EXT, id, software});
  }
  return found;
}

// In the order they are tried.
std::vector<Candidate> candidates(EglDevice wanted) {
  std::vector<Candidate> all = devices();
  std::stable_partition(all.begin(), all.end(), [](const Candidate& c) { return !c.software; });
  if (wanted == EglDevice::software) std::erase_if(all, [](const auto& c) { return !c.software; });
  const auto first_software =
      std::find_if(all.begin(), all.end(), [](const Candidate& c) { return c.software; });
  const Candidate surfaceless{"egl-surfaceless", kPlatformSurfaceless, EGL_NO_DEVICE_EXT, false};
  // Surfaceless may pick a GPU that is not listed as a device; as software it is the last resort.
  all.insert(wanted == EglDevice::software ? all.end() : first_software, surfaceless);
  return all;
}

}  // namespace

struct EglHeadlessContext::Impl {
  const char* name = "";
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;

  // "" when it worked, else why not.
  std::string open(const Candidate& candidate, bool debug) {
    // The core eglGetPlatformDisplay aborts inside epoxy while there is no display yet.
    void* native = candidate.device == EGL_NO_DEVICE_EXT ? nullptr : candidate.device;
    display = eglGetPlatformDisplayEXT(candidate.platform, native, nullptr);
    if (display == EGL_NO_DISPLAY) return "no display, " + egl_error();
    if (!eglInitialize(display, nullptr, nullptr)) {
      display = EGL_NO_DISPLAY;
      return "not initialised, " + egl_error();
    }
    const std::string failure = create_context(debug);
    if (!failure.empty()) close();
    name = candidate.name;
    return failure;
  }

  std::string create_context(bool debug) {
    if (!eglBindAPI(EGL_OPENGL_API)) return "no desktop OpenGL, " + egl_error();
    const std::array<EGLint, 5> config_wanted{EGL_SURFACE_TYPE, 0, EGL_RENDERABLE_TYPE,
                                              EGL_OPENGL_BIT, EGL_NONE};
    EGLConfig config = nullptr;
    EGLint count = 0;
    if (!eglChooseConfig(display, config_wanted.data(), &config, 1, &count) || count < 1) {
      config = nullptr;  // EGL_KHR_no_config_context: a context may do without
    }
    const std::array<EGLint, 9> wanted{EGL_CONTEXT_MAJOR_VERSION_KHR,
                                       4,
                                       EGL_CONTEXT_MINOR_VERSION_KHR,
                                       5,
                                       EGL_CONTEXT_OPENGL_PROFILE_MASK_KHR,
                                       EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT_KHR,
                                       EGL_CONTEXT_FLAGS_KHR,
                                       debug ? EGL_CONTEXT_OPENGL_DEBUG_BIT_KHR : 0,
                                       EGL_NONE};
    context = eglCreateContext(display, config, EGL_NO_CONTEXT, wanted.data());
    if (context == EGL_NO_CONTEXT) return "no OpenGL 4.5 core context, " + egl_error();
    if (!eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context)) {
      return "context cannot be made current without a surface, " + egl_error();
    }
    return "";
  }

  void close() {
    if (display == EGL_NO_DISPLAY) return;
    eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    if (context != EGL_NO_CONTEXT) eglDestroyContext(display, context);
    // The display is not terminated: it is shared by every context of the process on that device.
    context = EGL_NO_CONTEXT;
    display = EGL_NO_DISPLAY;
  }
};

EglHeadlessContext::EglHeadlessContext(const EglOptions& options)
    : impl_(std::make_unique<Impl>()) {
  std::string tried;
  for (const Candidate& candidate : candidates(options.device)) {
    const std::string failure = impl_->open(candidate, options.debug);
    if (failure.empty()) {
      if (options.device != EglDevice::software || is_software_renderer()) return;
      impl_->close();
    }
    tried += std::string("; ") + candidate.name + (candidate.software ? " (software)" : "") + ": " +
             (failure.empty() ? "not a software renderer" : failure);
  }
  throw std::runtime_error("no OpenGL 4.5 core context without a display" + tried +
                           ". Is a GL driver installed (package libgl1-mesa-dri, libegl1)?");
}

EglHeadlessContext::~EglHeadlessContext() {
  impl_->close();
}

void EglHeadlessContext::make_current() {
  if (!eglMakeCurrent(impl_->display, EGL_NO_SURFACE, EGL_NO_SURFACE, impl_->context)) {
    throw std::runtime_error("the EGL context cannot be made current, " + egl_error());
  }
}

const char* EglHeadlessContext::name() const {
  return impl_->name;
}

}  // namespace render
