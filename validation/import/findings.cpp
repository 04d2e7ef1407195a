// SPDX-License-Identifier: Apache-2.0
#include "validation/import/findings.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "scenarios/pretty.h"
#include "study/writers/display.h"

namespace cotenant {
namespace {

constexpr std::array<std::string_view, 3> kKinds = {"taken", "assumed", "ignored"};
constexpr std::size_t kKindWidth = 9;
constexpr std::size_t kLongestPlace = 32;

std::string_view name(FindingKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::string place(const Finding& finding) {
  std::string file = printable(finding.file);
  if (finding.line > 0) file += ":" + std::to_string(finding.line);
  return clip(file, kLongestPlace);
}

}  // namespace

std::string findings_text(const Findings& findings, std::size_t width) {
  std::size_t place_width = 0;
  for (const Finding& finding : findings) {
    place_width = std::max(place_width, display_width(place(finding)));
  }
  const std::size_t left_width = kKindWidth + place_width + 2;
  std::string text;
  for (const Finding& finding : findings) {
    std::string left = pad_right(name(finding.kind), kKindWidth) + place(finding);
    const std::string sentence = printable(finding.what + ": " + finding.text);
    for (const std::string& part : wrap(sentence, std::max(width, left_width + 20) - left_width)) {
      text += pad_right(left, left_width) + part + "\n";
      left.clear();
    }
  }
  return text;
}

std::string findings_json(const Findings& findings) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    nlohmann::ordered_json entry = {{"kind", name(finding.kind)},
                                    {"file", printable(finding.file)},
                                    {"line", nullptr},
                                    {"what", printable(finding.what)},
                                    {"text", printable(finding.text)}};
    if (finding.line > 0) entry["line"] = finding.line;
    list.push_back(std::move(entry));
  }
  return pretty(list);
}

}  // namespace cotenant
