// SPDX-License-Identifier: Apache-2.0
//
// Collecting, ordering and printing diagnostics. The text form is the one that compilers use
// ("file:line:column: error: …"), because editors and CI systems already know how to jump to it.
#include "sim/base/diagnostics.h"

#include <algorithm>
#include <tuple>

namespace cotenant {

namespace {

// Keys of a hostile file may hold escape sequences for terminals.
std::string printable(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      out += c;
    } else {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out;
}

}  // namespace

std::string render(const Diagnostic& diagnostic, std::string_view file) {
  std::string text(file);
  if (diagnostic.line > 0) {
    text += ':' + std::to_string(diagnostic.line) + ':' + std::to_string(diagnostic.column);
  }
  text += ": error: ";
  if (!diagnostic.pointer.empty()) text += printable(diagnostic.pointer) + ": ";
  text += diagnostic.message;
  if (!diagnostic.nearest.empty()) text += "; did you mean \"" + diagnostic.nearest + "\"?";
  return text;
}

std::string render(const Diagnostics& diagnostics, std::string_view file) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += render(diagnostic, file) + '\n';
  if (diagnostics.left_out() > 0) {
    text += std::string(file) + ": error: and " + std::to_string(diagnostics.left_out()) +
            (diagnostics.left_out() == 1 ? " more problem\n" : " more problems\n");
  }
  return text;
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (list_.size() < kMax) {
    list_.push_back(std::move(diagnostic));
  } else {
    ++left_out_;
  }
}

void Diagnostics::add(Diagnostics other) {
  for (Diagnostic& diagnostic : other.list_) add(std::move(diagnostic));
  left_out_ += other.left_out_;
}

void Diagnostics::sort() {
  std::stable_sort(list_.begin(), list_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
}

}  // namespace cotenant
