// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a scenario names parts of itself: request classes the services that serve them, placements
// services, groups and nodes, calls operations. The field table says of some members what they
// name, and a small table here of the others. Whether the names are right is decode()'s to say.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/document.h"
#include "scenarios/text_edit.h"

namespace cotenant::gui {

// A text, or the key of an entry, that is `before`, the name of an entry of the table, and `after`.
struct Reference {
  std::string pointer;
  std::string table;
  std::string before, name, after;
  bool isKey = false;
};

// In the order of the document.
std::vector<Reference> references_in(const Node& root);

// What a text at the pointer may name, whether or not it is there; nothing where it names nothing.
// Plans of catalogs are not among them.
std::vector<std::string> names_for(const Node& root, std::string_view pointer);
bool namesPlan(const Node& root, std::string_view pointer);

// Gives the entry at the pointer another name, there and wherever it is named, as one edit. Nothing
// if its table has that name already.
std::optional<TextEdit> rename_everywhere(std::string_view text, const Node& root,
                                          std::string_view pointer, std::string_view name);

}  // namespace cotenant::gui
