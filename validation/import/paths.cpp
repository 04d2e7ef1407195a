// SPDX-License-Identifier: Apache-2.0
#include "validation/import/paths.h"

#include <algorithm>
#include <array>

#include "scenarios/document.h"

namespace cotenant {
namespace {

constexpr std::size_t kMostParts = 6;

// Divides at "/"; empty parts do not count.
void split(std::string_view path, std::vector<std::string_view>& parts) {
  parts.clear();
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) parts.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Names have no "." and "/", and fields of a trace no ",".
bool is_plain(char c) {
  return c > ' ' && c < 0x7f && c != '.' && c != '/' && c != ',' && c != '"';
}

// What a web server sends from a disk; its name often has a hash in it.
bool is_file(std::string_view part) {
  constexpr std::array<std::string_view, 20> kEndings = {
      ".css", ".js",  ".mjs",  ".map", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif",
      ".svg", ".ico", ".woff", ".ttf", ".mp4", ".pdf", ".zip",  ".txt", ".xml",  ".woff2"};
  if (part.find('.') == part.npos) return false;
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return part.ends_with(ending); });
}

}  // namespace

PathRule path_rule(std::string_view pattern) {
  std::vector<std::string_view> parts;
  split(pattern, parts);
  PathRule rule;
  rule.any_rest = !parts.empty() && parts.back() == "**";
  if (rule.any_rest) parts.pop_back();
  rule.parts.assign(parts.begin(), parts.end());
  return rule;
}

bool is_id(std::string_view part) {
  std::size_t digits = 0;
  bool hex = true;
  for (const char c : part) {
    if (is_digit(c)) ++digits;
    hex = hex && (is_hex(c) || c == '-');
  }
  if (digits == 0) return false;
  if (digits == part.size()) return true;
  constexpr std::size_t kShortestHash = 8, kShortestToken = 24;
  return (hex && part.size() >= kShortestHash) || part.size() >= kShortestToken;
}

bool ClassNames::matches(const PathRule& rule) const {
  if (parts_.size() < rule.parts.size()) return false;
  if (parts_.size() > rule.parts.size() && !rule.any_rest) return false;
  for (std::size_t i = 0; i < rule.parts.size(); ++i) {
    if (rule.parts[i] != "*" && rule.parts[i] != parts_[i]) return false;
  }
  return true;
}

// What no name may have becomes "_".
void ClassNames::add(std::string_view part) {
  name_ += ' ';
  const std::size_t begin = name_.size();
  name_ += part;
  for (std::size_t i = begin; i < name_.size(); ++i) {
    if (!is_plain(name_[i])) name_[i] = '_';
  }
}

void ClassNames::add_parts() {
  for (std::size_t i = 0; i < std::min(parts_.size(), kMostParts); ++i) {
    if (i + 1 == parts_.size() && is_file(parts_[i])) {
      add("{file}");
    } else {
      add(is_id(parts_[i]) ? "{id}" : parts_[i]);
    }
  }
  if (parts_.size() > kMostParts) add("{more}");
  if (parts_.empty()) add("(home)");
}

std::string_view ClassNames::name(std::string_view method, std::string_view target) {
  // A proxy's client, and HTTP/2 through some balancers, names the host too.
  if (const std::size_t host = target.find("://"); host != target.npos && host < 6) {
    const std::size_t path = target.find('/', host + 3);
    target = path == target.npos ? std::string_view() : target.substr(path);
  }
  split(target, parts_);
  name_.assign(method);
  const auto rule = std::find_if(rules_.begin(), rules_.end(),
                                 [&](const PathRule& candidate) { return matches(candidate); });
  if (rule == rules_.end()) {
    add_parts();
  } else {
    for (const std::string& part : rule->parts) add(part == "*" ? "{id}" : std::string_view(part));
    if (rule->any_rest) add("{more}");
    if (name_.size() == method.size()) add("(home)");
  }
  std::string_view name = std::string_view(name_).substr(0, kMaxNameLength);
  while (name.ends_with(' ')) name.remove_suffix(1);
  return name;
}

}  // namespace cotenant
