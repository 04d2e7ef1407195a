// SPDX-License-Identifier: Apache-2.0
#include "validation/import/yaml_text.h"

#include <algorithm>

#include "study/writers/display.h"
#include "validation/import/server_command.h"

namespace cotenant {
namespace {

constexpr int kDeepestMerge = 8;

YAML::Node find(const YAML::Node& map, const std::string& key, int depth) {
  YAML::Node none(YAML::NodeType::Undefined);
  if (!map.IsDefined() || !map.IsMap() || depth > kDeepestMerge) return none;
  for (const auto& entry : map) {
    if (entry.first.IsScalar() && entry.first.Scalar() == key) return entry.second;
  }
  for (const auto& entry : map) {
    if (!entry.first.IsScalar() || entry.first.Scalar() != "<<") continue;
    if (entry.second.IsMap()) return find(entry.second, key, depth + 1);
    if (!entry.second.IsSequence()) return none;
    for (const auto& merged : entry.second) {
      const YAML::Node found = find(merged, key, depth + 1);
      if (found.IsDefined()) return found;
    }
  }
  return none;
}

// yaml-cpp reads deep texts recursively; nobody writes them.
bool is_too_deep(std::string_view text) {
  constexpr int kDeepest = 100;
  int depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > kDeepest) return true;
  }
  constexpr std::size_t kMostIndentation = 400;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = std::min(text.find_first_not_of(" -?:", at), text.size());
    if (begin - at > kMostIndentation) return true;
    at = std::min(text.find('\n', begin), text.size() - 1) + 1;
  }
  return false;
}

Diagnostics problem(int line, int column, std::string message) {
  Diagnostics diagnostics;
  diagnostics.add({"", line, column, std::move(message), "", ""});
  return diagnostics;
}

}  // namespace

Checked<std::vector<YAML::Node>> parse_yaml(std::string_view text) {
  if (is_too_deep(text)) return problem(0, 0, "is nested too deeply");
  try {
    return YAML::LoadAll(std::string(text));
  } catch (const YAML::Exception& error) {
    return problem(error.mark.line + 1, error.mark.column + 1,
                   "is not YAML: " + printable(error.msg));
  }
}

YAML::Node member(const YAML::Node& map, const std::string& key) { return find(map, key, 0); }

YAML::Node member_at(const YAML::Node& map, std::string_view path) {
  // A node that is assigned to takes others along: each step is a node of its own.
  const std::size_t dot = path.find('.');
  const YAML::Node next = member(map, std::string(path.substr(0, dot)));
  return dot == path.npos || !next.IsDefined() ? next : member_at(next, path.substr(dot + 1));
}

std::string scalar(const YAML::Node& node) {
  return node.IsDefined() && node.IsScalar() ? node.Scalar() : std::string();
}

std::size_t line_of(const YAML::Node& node) {
  if (!node.IsDefined()) return 0;
  return static_cast<std::size_t>(std::max(node.Mark().line, -1) + 1);
}

std::vector<std::string> command_words(const YAML::Node& node) {
  std::vector<std::string> words;
  if (!node.IsDefined()) return words;
  if (node.IsSequence()) {
    for (const auto& word : node) words.push_back(scalar(word));
  } else if (node.IsScalar()) {
    words = shell_words(node.Scalar());
  }
  return words;
}

std::optional<std::string> interpolated(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$') {
      result += text[i];
    } else if (text.substr(i).starts_with("$$")) {
      result += '$';
      ++i;
    } else {
      const std::size_t end = text.find('}', i);
      if (!text.substr(i).starts_with("${") || end == text.npos) return std::nullopt;
      const std::string_view inner = text.substr(i + 2, end - i - 2);
      const std::size_t minus = inner.find('-');
      if (minus == inner.npos) return std::nullopt;
      result += inner.substr(minus + 1);
      i = end;
    }
  }
  return result;
}

}  // namespace cotenant
