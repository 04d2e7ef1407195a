// SPDX-License-Identifier: Apache-2.0
#include "validation/import/procfile.h"

#include <algorithm>
#include <string>

#include "validation/import/server_command.h"

namespace cotenant {
namespace {

// The name of the process type, or nothing for a line that has none.
std::string_view type_of(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == line.npos || colon == 0) return {};
  const std::string_view name = line.substr(0, colon);
  const bool is_name = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  const std::size_t command = line.find_first_not_of(" \t\r", colon + 1);
  return is_name && command != line.npos ? name : std::string_view();
}

template <class Visit>
void for_each_line(std::string_view text, Visit&& visit) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") != line.npos && line.front() != '#') visit(number, line);
  }
}

}  // namespace

bool looks_like_procfile(std::string_view text) {
  bool any = false, all = true;
  for_each_line(text, [&](std::size_t, std::string_view line) {
    any = true;
    all = all && !type_of(line).empty();
  });
  return any && all;
}

void read_procfile(std::string_view text, ServerSettings& settings, FindingsOf findings) {
  for_each_line(text, [&](std::size_t number, std::string_view line) {
    const std::string type(type_of(line));
    if (type != "web") {
      findings.ignored(number, type.empty() ? "the line" : type,
                       "only the process type web takes requests");
      return;
    }
    if (!read_server_command(shell_words(line.substr(line.find(':') + 1)), number, settings,
                             findings)) {
      findings.ignored(number, type, "starts none of gunicorn, uvicorn, hypercorn and uwsgi");
    }
  });
}

}  // namespace cotenant
