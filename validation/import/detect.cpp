// SPDX-License-Identifier: Apache-2.0
#include "validation/import/detect.h"

#include <algorithm>
#include <array>

#include "validation/import/procfile.h"

namespace cotenant {
namespace {

// Whether a line begins so.
bool has_line(std::string_view text, std::string_view start) {
  for (std::size_t at = 0; at != text.npos; at = text.find(start, at + 1)) {
    if (text.substr(at).starts_with(start) && (at == 0 || text[at - 1] == '\n')) return true;
  }
  return false;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// A line that begins with "name =" or an import.
bool looks_like_python(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("import ") || line.starts_with("from ")) return true;
    const std::size_t name =
        std::min(static_cast<std::size_t>(std::find_if_not(line.begin(), line.end(), is_letter) -
                                          line.begin()),
                 line.size());
    const std::size_t equals = line.find_first_not_of(" \t", name);
    if (name > 0 && equals != line.npos && line[equals] == '=') return true;
  }
  return false;
}

}  // namespace

std::string_view kind_name(InputKind kind) {
  constexpr std::array<std::string_view, 6> kNames = {
      "access log",   "gunicorn settings",   "Procfile",
      "compose file", "Kubernetes manifest", "nothing that is known"};
  return kNames[static_cast<std::size_t>(kind)];
}

InputKind detect_settings(std::string_view text) {
  if (text.find('\0') != text.npos) return InputKind::unknown;
  if (has_line(text, "apiVersion:") && has_line(text, "kind:")) return InputKind::kubernetes;
  if (has_line(text, "services:")) return InputKind::compose;
  if (looks_like_procfile(text)) return InputKind::procfile;
  return looks_like_python(text) ? InputKind::gunicorn : InputKind::unknown;
}

}  // namespace cotenant
