// SPDX-License-Identifier: Apache-2.0
//
// See the header; the grammar is RFC 8259.
#include "study/writers/json_text.h"

#include <utility>

#include "sim/base/assert.h"
#include "study/writers/display.h"
#include "study/writers/format.h"

namespace cotenant {
namespace {

// The escape of a character that may not stand for itself in a JSON string, or an empty text.
std::string escape(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '\r':
      return "\\r";
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20) return "";
  return "\\u" + hex16(byte).substr(12);
}

}  // namespace

std::string json_string(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string escaped = escape(text[0]);
    if (length == 0) {
      result += kReplacementCharacter;
    } else if (!escaped.empty()) {
      result += escaped;
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(length > 0 ? length : 1);
  }
  return result + '"';
}

void JsonText::key(std::string_view name) {
  COTENANT_ASSERT(!after_key_);
  separate();
  text_ += json_string(name) + ": ";
  after_key_ = true;
}

void JsonText::value(double number) { element(shortest(number)); }

std::string JsonText::take() {
  COTENANT_ASSERT(levels_.empty() && !after_key_);
  return std::exchange(text_, {});
}

void JsonText::begin(char bracket, Style style) {
  const bool within_compact = !levels_.empty() && levels_.back().style == Style::compact;
  element(std::string_view(&bracket, 1));
  levels_.push_back({within_compact ? Style::compact : style, true});
}

void JsonText::end(char bracket) {
  COTENANT_ASSERT(!levels_.empty() && !after_key_);
  const Level level = levels_.back();
  levels_.pop_back();
  if (level.style == Style::lines && !level.empty) new_line();
  text_ += bracket;
}

void JsonText::element(std::string_view text) {
  if (after_key_) {
    after_key_ = false;
  } else {
    separate();
  }
  text_ += text;
}

void JsonText::separate() {
  if (levels_.empty()) return;
  Level& level = levels_.back();
  if (!level.empty) text_ += ',';
  if (level.style == Style::lines) {
    new_line();
  } else if (!level.empty) {
    text_ += ' ';
  }
  level.empty = false;
}

void JsonText::new_line() { text_ += '\n' + std::string(2 * levels_.size(), ' '); }

}  // namespace cotenant
