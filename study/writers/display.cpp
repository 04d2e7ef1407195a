// SPDX-License-Identifier: Apache-2.0
//
// See the header. UTF-8 is decoded strictly (no overlong forms, no surrogates), after the table of
// well-formed byte sequences in the Unicode Standard 15.0, table 3-7.
#include "study/writers/display.h"

#include <algorithm>
#include <array>

namespace cotenant {
namespace {

constexpr std::string_view kEllipsis = "…";

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u; }

bool is_control(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return lead < 0x20 || lead == 0x7f;
  // C1, U+0080 to U+009F: some terminals take U+009B for an escape sequence.
  return lead == 0xc2 && static_cast<unsigned char>(sequence[1]) < 0xa0;
}

// Bytes up to the first space where a line may end.
std::size_t unbreakable_length(std::string_view text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, space);
  const bool is_number =
      !word.empty() && word.find_first_not_of("0123456789.,±") == std::string_view::npos;
  if (!is_number || space == text.size()) return space;
  return std::min(text.find(' ', space + 1), text.size());
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const auto in = [](unsigned value, unsigned low, unsigned high) {
    return value >= low && value <= high;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (in(lead, 0xc2, 0xdf)) return in(byte(1), 0x80, 0xbf) ? 2 : 0;
  if (in(lead, 0xe0, 0xef)) {
    const unsigned low = lead == 0xe0 ? 0xa0 : 0x80;
    const unsigned high = lead == 0xed ? 0x9f : 0xbf;
    return in(byte(1), low, high) && in(byte(2), 0x80, 0xbf) ? 3 : 0;
  }
  if (in(lead, 0xf0, 0xf4)) {
    const unsigned low = lead == 0xf0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xf4 ? 0x8f : 0xbf;
    const bool valid = in(byte(1), low, high) && in(byte(2), 0x80, 0xbf) && in(byte(3), 0x80, 0xbf);
    return valid ? 4 : 0;
  }
  return 0;
}

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const bool shown = length > 0 && !is_control(text.substr(0, length));
    result += shown ? text.substr(0, length) : kReplacementCharacter;
    text.remove_prefix(length > 0 ? length : 1);
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  bool escaped = false;
  for (const char c : text) {
    if (c == '\x1b') escaped = true;
    if (!escaped && !is_continuation(c)) ++width;
    if (c == 'm') escaped = false;  // Ink writes only sequences that end in m
  }
  return width;
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t taken = display_width(text);
  return std::string(taken < width ? width - taken : 0, ' ') + std::string(text);
}

std::string pad_right(std::string_view text, std::size_t width) {
  const std::size_t taken = display_width(text);
  return std::string(text) + std::string(taken < width ? width - taken : 0, ' ');
}

std::string clip(std::string_view text, std::size_t width) {
  const std::size_t taken = display_width(text);
  if (taken <= width) return std::string(text);
  const std::size_t head = width / 2, tail = width - head - 1;
  std::string result;
  std::size_t column = 0;
  for (const char c : text) {
    if (!is_continuation(c) && ++column == head + 1) result += kEllipsis;
    if (column <= head || column > taken - tail) result += c;
  }
  return result;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, unbreakable_length(text));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      lines.push_back(line);
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(line);
  return lines;
}

std::string Ink::wrapped(std::string_view code, std::string_view text) const {
  if (!enabled_ || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string Ink::bold(std::string_view text) const { return wrapped("1", text); }

std::string Ink::dim(std::string_view text) const {
  // The gray of the palette for secondary text, #98A2B3, readable on both backgrounds.
  return color(0x98a2b3, text);
}

std::string Ink::color(std::uint32_t rgb, std::string_view text) const {
  // The 6 x 6 x 6 cube of xterm: levels 0, 95, 135, 175, 215, 255, colors from number 16.
  constexpr std::array<int, 6> kLevels = {0, 95, 135, 175, 215, 255};
  const auto nearest = [&kLevels](std::uint32_t channel) {
    const int value = static_cast<int>(channel & 0xff);
    int best = 0;
    for (int level = 1; level < 6; ++level) {
      const int distance = value - kLevels[static_cast<std::size_t>(level)];
      const int best_distance = value - kLevels[static_cast<std::size_t>(best)];
      if (distance * distance < best_distance * best_distance) best = level;
    }
    return best;
  };
  const int number = 16 + 36 * nearest(rgb >> 16) + 6 * nearest(rgb >> 8) + nearest(rgb);
  return wrapped("38;5;" + std::to_string(number), text);
}

}  // namespace cotenant
