// SPDX-License-Identifier: Apache-2.0
//
// A page of text that grows from top to bottom: sections are set apart by blank lines, and those
// that have nothing to say leave none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cotenant {

class Page {
 public:
  static constexpr std::size_t kNarrowest = 80;

  // Pages are at least as wide as that.
  explicit Page(std::size_t width);

  std::size_t width() const { return width_; }

  void blank() { text_ += '\n'; }
  void line(std::string_view content);
  void lines(const std::vector<std::string>& content);

  // Wraps; following lines are indented by `hang`. Leading spaces of the content stay.
  void paragraph(const std::string& content, std::size_t hang);

  // After a blank line, unless there is nothing: lines as they are, or paragraphs with a hang of 2.
  void section(const std::vector<std::string>& lines);
  void paragraphs(const std::vector<std::string>& contents);

  std::string take() { return std::move(text_); }

 private:
  std::size_t width_;
  std::string text_;
};

}  // namespace cotenant
