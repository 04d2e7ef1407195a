// SPDX-License-Identifier: Apache-2.0
//
// A new member looks like the one before it: on a line of its own if that is, with the same
// indentation and the same blanks around the colon.
#include "scenarios/text_edit.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace cotenant {

namespace {

constexpr std::size_t kLast = static_cast<std::size_t>(-1);

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// The blanks at the beginning of the line that a byte is in.
std::string_view indentation_at(std::string_view text, std::size_t offset) {
  const std::size_t newline = offset == 0 ? kLast : text.rfind('\n', offset - 1);
  const std::size_t begin = newline == kLast ? 0 : newline + 1;
  const std::size_t end = std::min(text.find_first_not_of(" \t", begin), text.size());
  return text.substr(begin, end - begin);
}

bool begins_line(std::string_view text, std::size_t offset) {
  const std::size_t before = offset == 0 ? kLast : text.find_last_not_of(" \t", offset - 1);
  return before != kLast && text[before] == '\n';
}

// One level of indentation in this file.
std::string_view unit_of(std::string_view text, const Node& root) {
  constexpr std::string_view kTwoBlanks = "  ";
  if (root.keys.empty() || !begins_line(text, root.keys[0].span.begin)) return kTwoBlanks;
  const std::string_view unit = indentation_at(text, root.keys[0].span.begin);
  return unit.empty() ? kTwoBlanks : unit;
}

// JSON that was indented by two, at a place of the file.
std::string indented(std::string_view json, std::string_view unit, std::string_view indentation) {
  std::string out;
  std::size_t at = 0;
  while (true) {
    const std::size_t end = std::min(json.find('\n', at), json.size());
    out += json.substr(at, end - at);
    if (end == json.size()) return out;
    at = std::min(json.find_first_not_of(' ', end + 1), json.size());
    out += '\n';
    out += indentation;
    for (std::size_t blanks = at - end - 1; blanks >= 2; blanks -= 2) out += unit;
  }
}

TextEdit replacement(std::string_view text, TextSpan span, std::string_view inserted) {
  TextEdit edit = difference(text.substr(span.begin, span.end - span.begin), inserted);
  edit.offset += span.begin;
  return edit;
}

TextEdit insertion(std::size_t offset, std::string inserted) {
  return {offset, "", std::move(inserted)};
}

const Node* child_of(const Node& parent, const std::string& key) {
  if (parent.kind == Node::Kind::object) return parent.find(key);
  if (parent.kind != Node::Kind::array) return nullptr;
  for (std::size_t i = 0; i < parent.items.size(); ++i) {
    if (std::to_string(i) == key) return &parent.items[i];
  }
  return nullptr;
}

std::size_t index_in(const Node& parent, const Node& child) {
  return static_cast<std::size_t>(&child - parent.items.data());
}

// First byte of a member or item.
std::size_t begin_of(const Node& parent, std::size_t index) {
  return parent.kind == Node::Kind::object ? parent.keys[index].span.begin
                                           : parent.items[index].span.begin;
}

// The comma, and the line break if items stand on lines of their own.
std::string separator_after(std::string_view text, const Node& parent, std::size_t index) {
  const std::size_t begin = begin_of(parent, index);
  if (!begins_line(text, begin)) return ", ";
  return ",\n" + std::string(indentation_at(text, begin));
}

// ": ", or as this object has it.
std::string_view colon_in(std::string_view text, const Node& object, std::size_t index) {
  const std::size_t begin = object.keys[index].span.end;
  const std::string_view colon = text.substr(begin, object.items[index].span.begin - begin);
  return colon.find('\n') == std::string_view::npos ? colon : ": ";
}

TextEdit first_member(std::string_view text, const Node& root, const Node& object,
                      std::string_view name, std::string_view json) {
  const std::string member = json_text(name) + ": " + std::string(json);
  if (&object != &root) return replacement(text, object.span, "{ " + member + " }");
  return replacement(text, object.span,
                     "{\n  " + indented(member, unit_of(text, root), "  ") + "\n}");
}

TextEdit add_member(std::string_view text, const Node& root, const Node& object, std::size_t after,
                    std::string_view name, std::string_view json) {
  if (object.items.empty()) return first_member(text, root, object, name, json);
  const std::size_t index = std::min(after, object.items.size() - 1);
  std::string inserted = separator_after(text, object, index);
  inserted += json_text(name);
  inserted += colon_in(text, object, index);
  inserted += indented(json, unit_of(text, root), indentation_at(text, begin_of(object, index)));
  return insertion(object.items[index].span.end, std::move(inserted));
}

struct Parent {
  const Node* node;
  std::size_t index;
};

std::optional<Parent> parent_of(const Node& root, std::string_view pointer) {
  std::optional<Parent> found;
  const Node* node = &root;
  for (const std::string& key : pointer_keys(pointer)) {
    const Node* child = child_of(*node, key);
    if (child == nullptr) return std::nullopt;
    found = {node, index_in(*node, *child)};
    node = child;
  }
  return found;
}

}  // namespace

void apply_edit(const TextEdit& edit, std::string& text) {
  text.replace(edit.offset, edit.removed.size(), edit.inserted);
}

TextEdit inverse(TextEdit edit) {
  std::swap(edit.removed, edit.inserted);
  return edit;
}

TextEdit difference(std::string_view before, std::string_view after) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t begin = 0;
  while (begin < shorter && before[begin] == after[begin]) ++begin;
  const auto splits = [&](std::string_view text, std::size_t at) {
    return at < text.size() && is_continuation(text[at]);
  };
  while (begin > 0 && (splits(before, begin) || splits(after, begin))) --begin;
  std::size_t end = 0;  // bytes at the end that are equal
  while (end < shorter - begin &&
         before[before.size() - end - 1] == after[after.size() - end - 1]) {
    ++end;
  }
  while (end > 0 && is_continuation(before[before.size() - end])) --end;
  return {begin, std::string(before.substr(begin, before.size() - begin - end)),
          std::string(after.substr(begin, after.size() - begin - end))};
}

std::optional<TextEdit> set_value(std::string_view text, const Node& root, std::string_view pointer,
                                  std::string_view json) {
  const std::vector<std::string> keys = pointer_keys(pointer);
  const Node* node = &root;
  std::size_t known = 0;  // keys
  while (known < keys.size()) {
    const Node* child = child_of(*node, keys[known]);
    if (child == nullptr) break;
    node = child;
    ++known;
  }
  if (known == keys.size()) {
    const std::string_view indentation = indentation_at(text, node->span.begin);
    return replacement(text, node->span, indented(json, unit_of(text, root), indentation));
  }
  if (node->kind != Node::Kind::object) return std::nullopt;
  std::string value(json);
  for (std::size_t i = keys.size() - 1; i > known; --i) {
    value = "{ " + json_text(keys[i]) + ": " + value + " }";
  }
  return add_member(text, root, *node, kLast, keys[known], value);
}

std::optional<TextEdit> remove_value(std::string_view text, const Node& root,
                                     std::string_view pointer) {
  const std::optional<Parent> place = parent_of(root, pointer);
  if (!place) return std::nullopt;
  const auto& [parent, index] = *place;
  TextSpan span{begin_of(*parent, index), parent->items[index].span.end};
  if (parent->items.size() == 1) {
    span = {parent->span.begin + 1, parent->span.end - 1};
  } else if (index + 1 < parent->items.size()) {
    span.end = begin_of(*parent, index + 1);
  } else {
    span.begin = parent->items[index - 1].span.end;
  }
  return TextEdit{span.begin, std::string(text.substr(span.begin, span.end - span.begin)), ""};
}

std::optional<TextEdit> rename_key(std::string_view text, const Node& root,
                                   std::string_view pointer, std::string_view name) {
  const std::optional<Parent> place = parent_of(root, pointer);
  if (!place || place->node->kind != Node::Kind::object) return std::nullopt;
  const Key& key = place->node->keys[place->index];
  if (key.text != name && place->node->find(name) != nullptr) return std::nullopt;
  return replacement(text, key.span, json_text(name));
}

std::optional<TextEdit> append_item(std::string_view text, const Node& root,
                                    std::string_view pointer, std::string_view json) {
  const Node* array = find_pointer(root, pointer);
  if (array == nullptr) return set_value(text, root, pointer, "[" + std::string(json) + "]");
  if (array->kind != Node::Kind::array) return std::nullopt;
  if (array->items.empty()) return replacement(text, array->span, "[" + std::string(json) + "]");
  const std::size_t last = array->items.size() - 1;
  const std::string_view indentation = indentation_at(text, begin_of(*array, last));
  return insertion(
      array->items[last].span.end,
      separator_after(text, *array, last) + indented(json, unit_of(text, root), indentation));
}

std::optional<TextEdit> insert_entry(std::string_view text, const Node& root,
                                     std::string_view pointer, std::string_view after,
                                     std::string_view name, std::string_view json) {
  const Node* object = find_pointer(root, pointer);
  if (object == nullptr) {
    return set_value(text, root, std::string(pointer) + pointer_token(name), json);
  }
  if (object->kind != Node::Kind::object || object->find(name) != nullptr) return std::nullopt;
  const Node* anchor = object->find(after);
  const std::size_t index = anchor == nullptr ? kLast : index_in(*object, *anchor);
  return add_member(text, root, *object, index, name, json);
}

std::string json_text(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20) {
      out += "\\u00";
      out += {kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace cotenant
