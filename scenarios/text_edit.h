// SPDX-License-Identifier: Apache-2.0
//
// Changes to the text of a scenario that leave alone everything they do not mean: the user's order,
// indentation and line breaks stay. The text is the truth in the desktop program; a form field sets
// a few bytes of it. Functions take the tree that parse_document() made of the very text, and
// return nothing where the place does not exist or is of the wrong kind.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/document.h"

namespace cotenant {

// At the offset in bytes, `removed` becomes `inserted`.
struct TextEdit {
  std::size_t offset = 0;
  std::string removed;
  std::string inserted;

  bool empty() const { return removed.empty() && inserted.empty(); }
  friend bool operator==(const TextEdit&, const TextEdit&) = default;
};

void apply_edit(const TextEdit& edit, std::string& text);
TextEdit inverse(TextEdit edit);

// The smallest single edit from one text to another, between whole code points.
TextEdit difference(std::string_view before, std::string_view after);

// Replaces the value at a pointer, or adds it as the last member, with the objects missing on the
// way. The value is JSON; with several lines it is indented to its place.
std::optional<TextEdit> set_value(std::string_view text, const Node& root, std::string_view pointer,
                                  std::string_view json);

// Removes a member of an object or an item of an array, and the comma that it needed.
std::optional<TextEdit> remove_value(std::string_view text, const Node& root,
                                     std::string_view pointer);

// Nothing if the name is another member's.
std::optional<TextEdit> rename_key(std::string_view text, const Node& root,
                                   std::string_view pointer, std::string_view name);

// Adds to the array at the pointer; a missing one is made.
std::optional<TextEdit> append_item(std::string_view text, const Node& root,
                                    std::string_view pointer, std::string_view json);

// Adds a member behind another one of the object at the pointer, or at its end if `after` is empty
// or not there. Nothing if the name is there already.
std::optional<TextEdit> insert_entry(std::string_view text, const Node& root,
                                     std::string_view pointer, std::string_view after,
                                     std::string_view name, std::string_view json);

// A text as a JSON string, quotes included.
std::string json_text(std::string_view text);

}  // namespace cotenant
