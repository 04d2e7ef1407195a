// SPDX-License-Identifier: Apache-2.0
//
// Text on a terminal: how wide it is, how to pad, clip and wrap it, and colors. Every code point
// counts as one column; scripts that take two are aligned less well, never wrongly read. Names come
// from files, so control characters, which could drive the terminal, are made visible first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cotenant {

inline constexpr std::string_view kReplacementCharacter = "\xef\xbf\xbd";  // U+FFFD

// Bytes of the well-formed UTF-8 sequence at the start of the text; 0 where there is none.
std::size_t utf8_length(std::string_view text);

// Replaces control characters (C0, DEL, C1) and bytes that are not UTF-8 with U+FFFD.
std::string printable(std::string_view text);

// Columns that printable UTF-8 text takes; escape sequences do not count.
std::size_t display_width(std::string_view text);

std::string pad_left(std::string_view text, std::size_t width);
std::string pad_right(std::string_view text, std::size_t width);

// At most `width` columns (at least 3): the start and the end, with an ellipsis for what is missing
// between them, because long names often differ in their last characters.
std::string clip(std::string_view text, std::size_t width);

// Breaks at spaces into lines of at most `width` columns (longer words stay whole), but not between
// a number and what follows it: "61 %" stays together.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// Paints text with ANSI escape sequences, or not at all.
class Ink {
 public:
  explicit Ink(bool enabled) : enabled_(enabled) {}

  std::string bold(std::string_view text) const;
  std::string dim(std::string_view text) const;
  // rgb as 0xRRGGBB; shown as the nearest color of the 256-color cube.
  std::string color(std::uint32_t rgb, std::string_view text) const;

 private:
  std::string wrapped(std::string_view code, std::string_view text) const;

  bool enabled_;
};

}  // namespace cotenant
