// SPDX-License-Identifier: Apache-2.0
//
// Values that come from an override bear line 0 throughout, so that no message points into the file
// at something the file does not say.
#include "scenarios/override.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include "scenarios/syntax_error.h"

namespace cotenant {

namespace {

// Deeper than any value of a scenario; bounds the recursion over what an override makes.
constexpr std::size_t kMaxPathParts = 32;

Diagnostics no_override(std::string message) {
  Diagnostics diagnostics;
  diagnostics.add({"", 0, 0, std::move(message), "path=value", ""});
  return diagnostics;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

void forget_positions(Node& node) {
  node.position = {};
  for (Key& key : node.keys) key.position = {};
  for (Node& item : node.items) forget_positions(item);
}

// JSON where it is JSON, otherwise the text itself: --set name=shop needs no quotes.
Node value_node(const std::string& text) {
  Diagnostics ignored;
  std::optional<Node> parsed = parse_document(text, ignored);
  Node node;
  if (parsed && ignored.empty()) {
    node = *std::move(parsed);
  } else {
    node.kind = Node::Kind::string;
    node.text = text;
  }
  forget_positions(node);
  return node;
}

Node* child_of(Node& parent, const std::string& key) {
  if (parent.kind == Node::Kind::object) {
    for (std::size_t i = 0; i < parent.keys.size(); ++i) {
      if (parent.keys[i].text == key) return &parent.items[i];
    }
    parent.keys.push_back({key, {}, {}});
    Node& child = parent.items.emplace_back();
    child.kind = Node::Kind::object;
    child.implied = true;
    return &child;
  }
  std::size_t index = 0;
  const auto read = std::from_chars(key.data(), key.data() + key.size(), index);
  const bool is_index = read.ec == std::errc() && read.ptr == key.data() + key.size();
  if (parent.kind != Node::Kind::array || !is_index || index >= parent.items.size()) return nullptr;
  return &parent.items[index];
}

}  // namespace

Checked<Override> parse_override(std::string_view text) {
  if (find_bad_byte(text)) return no_override("an override must be UTF-8 text");
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0) {
    return no_override(in_quotes(text) + " is not of the form path=value");
  }
  const std::string_view path = text.substr(0, equals);
  Override change;
  change.value = text.substr(equals + 1);
  if (path[0] == '/') {
    change.path = pointer_keys(path);
  } else {
    change.path = split(path, '.');
  }
  const bool gap = std::find(change.path.begin(), change.path.end(), "") != change.path.end();
  if (gap) return no_override("the path " + in_quotes(path) + " has an empty part");
  if (change.path.size() > kMaxPathParts) {
    return no_override("the path " + in_quotes(path) + " has more than 32 parts");
  }
  return change;
}

void apply(const Override& change, Node& root, Diagnostics& diagnostics) {
  Node* node = &root;
  std::string pointer;
  for (const std::string& key : change.path) {
    Node* const child = child_of(*node, key);
    if (child == nullptr) {
      const std::string inside = pointer.empty() ? "the document" : pointer;
      diagnostics.add({pointer + pointer_token(key), 0, 0,
                       "there is no " + in_quotes(key) + " in " + inside + ", which is " +
                           describe(*node) + " (given by --set)",
                       "", ""});
      return;
    }
    node = child;
    pointer += pointer_token(key);
  }
  *node = value_node(change.value);
}

}  // namespace cotenant
