// SPDX-License-Identifier: Apache-2.0
//
// Why a text is not JSON, in words for the person who typed it. Used by document.cpp only, after
// the parser has given up: it looks at the text from the last good token on and at what was open
// there.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cotenant {

struct SyntaxError {
  std::size_t offset = 0;
  std::string message;
  std::string expected;
};

// What the parser was in the middle of.
struct SyntaxContext {
  enum Inside { nothing, object, array, after_document };

  std::size_t offset = 0;  // end of the last good token
  Inside inside = nothing;
  bool empty = true;       // nothing read inside it yet
  bool after_key = false;  // a key was read, its value was not
};

SyntaxError explain_syntax_error(std::string_view text, const SyntaxContext& context);

// The first NUL or byte that is not UTF-8.
std::optional<SyntaxError> find_bad_byte(std::string_view text);

// Length of the string token (quotes included) or number token at the start of the text.
std::size_t string_length(std::string_view text);
std::size_t number_length(std::string_view text);

}  // namespace cotenant
