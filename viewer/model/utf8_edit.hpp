// Editing of typed UTF-8 text.
#pragma once

#include <string>

namespace viewer {

/// Takes away the last character, all of its bytes.
inline void pop_utf8(std::string& text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
  if (!text.empty()) text.pop_back();
}

}  // namespace viewer
