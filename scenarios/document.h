// SPDX-License-Identifier: Apache-2.0
//
// A JSON text as a tree that remembers where everything stood. Bounded in size, depth and number of
// values, strict UTF-8, no duplicate keys, never throws for bad input and never recurses deeper
// than kMaxDepth. The grammar is nlohmann/json's; positions and error messages are ours, because
// that parser's events have no positions. What the values mean is the decoder's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostics.h"

namespace cotenant {

// The largest scenario anybody wrote by hand has a few hundred lines; long series belong into csv
// files. The limits bound the memory that a hostile file can take to some 50 MB.
inline constexpr std::size_t kMaxDocumentBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMaxDocumentValues = 250'000;
inline constexpr int kMaxDocumentDepth = 64;
inline constexpr std::size_t kMaxNameLength = 64;  // bytes, of keys the user chooses

// Bytes of the text, quotes and brackets included; empty for what no text says.
struct TextSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Key {
  std::string text;
  Position position;
  TextSpan span;
};

// One value of the document. Built by parse_document() and by overrides; read-only for all others.
struct Node {
  enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

  Kind kind = Kind::null;
  bool boolean = false;
  // Made by an override on the way to the value it sets ("setups.vpn.machine.cores"): no user wrote
  // it.
  bool implied = false;
  Position position;
  TextSpan span;
  std::string text;         // a string's value (UTF-8), or a number exactly as written
  std::vector<Node> items;  // an array's elements, or the values of an object's members
  std::vector<Key> keys;    // an object's keys in the order of the file: keys[i] is of items[i]

  const Node* find(std::string_view key) const;  // member of an object, or nullptr
};

// Nothing when the text is not JSON or exceeds a limit. Duplicate keys are added to the diagnostics
// too, but the tree is returned, so that the decoder can look for further problems.
std::optional<Node> parse_document(std::string_view text, Diagnostics& diagnostics);

// The value at a JSON pointer, or nullptr.
const Node* find_pointer(const Node& root, std::string_view pointer);

// "/" and the reference token for a key: "~" and "/" are escaped (RFC 6901). Keys that are longer
// than any valid one are cut, or a hostile file could make each of its problems as long as itself.
std::string pointer_token(std::string_view key);
// The keys and indices that a pointer names, without escapes: "/a~1b/0" is "a/b", "0".
std::vector<std::string> pointer_keys(std::string_view pointer);

// Text for messages: in double quotes, control characters escaped, cut after 40 code points.
std::string in_quotes(std::string_view text);

// What a value is, for "got …": its text if it is short, else its kind.
std::string describe(const Node& node);

}  // namespace cotenant
