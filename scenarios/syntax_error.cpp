// SPDX-License-Identifier: Apache-2.0
//
// See syntax_error.h. The grammar is RFC 8259's; UTF-8 is checked after table 3-7 of the Unicode
// standard (no overlong forms, no surrogates, nothing above U+10FFFF).
#include "scenarios/syntax_error.h"

#include <algorithm>
#include <array>

#include "scenarios/document.h"

namespace cotenant {

namespace {

constexpr std::string_view kBlank = " \t\r\n";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
         c == '+' || c == '.' || c == '$';
}

std::size_t skip_blank(std::string_view text, std::size_t offset) {
  return std::min(text.find_first_not_of(kBlank, offset), text.size());
}

// A string was begun at `start` and the parser refused it.
SyntaxError explain_string(std::string_view text, std::size_t start) {
  for (std::size_t i = start + 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') break;
    if (c == '\n' || c == '\r') {
      return {start, "the string has no closing quote in this line", "a closing quote"};
    }
    if (static_cast<unsigned char>(c) < 0x20) {
      return {i, "a control character inside a string must be written as an escape",
              "an escape such as \\t"};
    }
    if (c != '\\') continue;
    const std::string_view escape = text.substr(i, 2);
    if (escape.size() < 2) break;
    if (std::string_view("\"\\/bfnrtu").find(escape[1]) == std::string_view::npos) {
      // All bytes of the character that was escaped.
      std::size_t end = i + 2;
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
      return {i, "unknown escape " + in_quotes(text.substr(i, end - i)) + " in a string",
              "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"};
    }
    if (escape[1] == 'u') {
      const std::string_view digits = text.substr(i + 2, 4);
      const bool hex = digits.size() == 4 &&
                       digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
      const bool surrogate = hex && (digits[0] == 'd' || digits[0] == 'D') && digits[1] >= '8';
      if (!hex) return {i, "\\u must be followed by four hexadecimal digits", "\\uXXXX"};
      if (surrogate)
        return {i, "half of a surrogate pair in a string", "\\uD83D\\uDE00 or the character"};
    }
    ++i;
  }
  return {start, "the string has no closing quote", "a closing quote"};
}

SyntaxError explain_word(std::string_view text, std::size_t start) {
  std::size_t end = start;
  while (end < text.size() && is_word(text[end])) ++end;
  const std::string_view word = text.substr(start, end - start);
  const bool numeric = is_digit(word[0]) || word[0] == '-' || word[0] == '+' || word[0] == '.';
  if (numeric && number_length(word) == word.size()) {
    return {start, "the number is too large", "a number up to 1.7e308"};
  }
  if (numeric) {
    return {start, in_quotes(word) + " is not a number as JSON has them; text needs quotes",
            "a number such as 0.5 or -3, or a quoted string"};
  }
  return {start, in_quotes(word) + " must be in double quotes", "a quoted string"};
}

std::string found(std::string_view text, std::size_t offset) {
  std::size_t length = 1;
  while (offset + length < text.size() &&
         (static_cast<unsigned char>(text[offset + length]) & 0xc0) == 0x80) {
    ++length;
  }
  return in_quotes(text.substr(offset, length));
}

// The parser wanted a value (or a key) at `offset` and something else is there.
SyntaxError explain_item(std::string_view text, std::size_t offset, const std::string& wanted) {
  const char c = text[offset];
  if (c == '"') return explain_string(text, offset);
  if (c == '\'') return {offset, "strings are in double quotes, not single ones", wanted};
  if (c == '/' || c == '#') return {offset, "comments are not allowed in JSON", wanted};
  if (is_word(c)) return explain_word(text, offset);
  return {offset, "expected " + wanted + ", got " + found(text, offset), wanted};
}

SyntaxError explain_end(std::string_view text, const SyntaxContext& context) {
  const std::string closer = context.inside == SyntaxContext::object ? "}" : "]";
  if (context.inside == SyntaxContext::nothing) return {0, "the file is empty", "a JSON object"};
  return {text.size(), "the file ends too early: \"" + closer + "\" is missing",
          "\"" + closer + "\""};
}

}  // namespace

SyntaxError explain_syntax_error(std::string_view text, const SyntaxContext& context) {
  std::size_t offset = skip_blank(text, context.offset);
  if (offset == text.size()) return explain_end(text, context);
  const bool object = context.inside == SyntaxContext::object;
  if (context.inside == SyntaxContext::after_document) {
    return {offset, "nothing may follow the end of the document, got " + found(text, offset), ""};
  }
  if (context.inside == SyntaxContext::nothing) return explain_item(text, offset, "an object");

  const std::string closer = object ? "\"}\"" : "\"]\"";
  if (context.after_key) {
    if (text[offset] != ':') {
      return {offset, "expected \":\" after the key, got " + found(text, offset), "\":\""};
    }
    offset = skip_blank(text, offset + 1);
    if (offset == text.size()) return explain_end(text, context);
    return explain_item(text, offset, "a value");
  }
  const std::string item = object ? "a key in double quotes" : "a value";
  if (context.empty) return explain_item(text, offset, item + " or " + closer);
  if (text[offset] != ',') {
    // "5ms" or "04": the parser took the digits for a number and stumbled over the rest.
    std::size_t start = offset;
    while (start > 0 && is_word(text[start]) && is_word(text[start - 1])) --start;
    if (start < offset) return explain_word(text, start);
    const std::string wanted = "\",\" or " + closer;
    return {offset, "expected " + wanted + ", got " + found(text, offset), wanted};
  }
  const std::size_t comma = offset;
  offset = skip_blank(text, offset + 1);
  if (offset == text.size()) return explain_end(text, context);
  if (text[offset] == '}' || text[offset] == ']') {
    return {comma, "no comma is allowed after the last item", item};
  }
  return explain_item(text, offset, item);
}

std::optional<SyntaxError> find_bad_byte(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  if (text.substr(0, 3) == "\xef\xbb\xbf") {  // the parser would skip it, we took one off already
    return SyntaxError{0, "the file starts with two byte order marks", "at most one"};
  }
  std::size_t i = 0;
  while (i < text.size()) {
    const unsigned lead = byte(i);
    if (lead == 0) return SyntaxError{i, "the file contains a NUL byte", "UTF-8 text"};
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    // The second byte's range excludes overlong forms, surrogates and what is beyond Unicode.
    const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    bool good = lead < 0x80 || (lead >= 0xc2 && lead <= 0xf4);
    if (good && length > 1) good = byte(i + 1) >= low && byte(i + 1) <= high;
    for (std::size_t k = 2; good && k < length; ++k) good = (byte(i + k) & 0xc0) == 0x80;
    if (!good) return SyntaxError{i, "the file is not valid UTF-8 here", "UTF-8 text"};
    i += length;
  }
  return std::nullopt;
}

std::size_t string_length(std::string_view text) {
  std::size_t i = 1;
  while (i < text.size() && text[i] != '"') i += std::size_t{text[i] == '\\' ? 2u : 1u};
  return std::min(i + 1, text.size());
}

std::size_t number_length(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i > start;
  };
  if (i < text.size() && text[i] == '-') ++i;
  const bool zero = i < text.size() && text[i] == '0';
  if (zero) {
    ++i;
  } else if (!digits()) {
    return 0;
  }
  if (i + 1 < text.size() && text[i] == '.' && is_digit(text[i + 1])) {
    ++i;
    digits();
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    const std::size_t before = i++;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (!digits()) i = before;
  }
  return i;
}

}  // namespace cotenant
