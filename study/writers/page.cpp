// SPDX-License-Identifier: Apache-2.0
#include "study/writers/page.h"

#include <algorithm>

#include "study/writers/display.h"

namespace cotenant {

Page::Page(std::size_t width) : width_(std::max(width, kNarrowest)) {}

void Page::line(std::string_view content) {
  text_ += content;
  text_ += '\n';
}

void Page::lines(const std::vector<std::string>& content) {
  for (const std::string& entry : content) line(entry);
}

void Page::paragraph(const std::string& content, std::size_t hang) {
  const std::size_t indent = std::min(content.find_first_not_of(' '), content.size());
  const std::size_t room = width_ - std::max(indent, hang);
  std::size_t margin = indent;
  for (const std::string& part : wrap(content.substr(indent), room)) {
    line(std::string(margin, ' ') + part);
    margin = hang;
  }
}

void Page::section(const std::vector<std::string>& content) {
  if (content.empty()) return;
  blank();
  lines(content);
}

void Page::paragraphs(const std::vector<std::string>& contents) {
  if (!contents.empty()) blank();
  for (const std::string& content : contents) paragraph(content, 2);
}

}  // namespace cotenant
