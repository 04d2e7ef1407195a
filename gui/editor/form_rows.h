// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which rows the form of an object has, as plain data: what the grammar knows of the object at a
// place, what of that is set, and what is edited elsewhere. The widgets follow from it.
#pragma once

#include <QString>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/grammar.h"

namespace cotenant::gui {

struct FormRow {
  enum class Kind {
    field,      // a plain value, or a tuple of them, with its editor
    group,      // an object that is edited right here; its members follow, one level deeper
    items,      // a list or table; its items follow
    link,       // something with a form of its own
    which,      // which alternative an object is that has no tag
    truncated,  // the rest of a long list
  };

  Kind kind = Kind::field;
  std::string pointer;
  QString label;
  const Member* member = nullptr;  // null for items and entries
  const ValueType* value = nullptr;
  const ObjectType* object = nullptr;  // of which `which` tells the alternative
  int depth = 0;
  bool isSet = false;
  bool isItem = false;   // of a list or table: may be removed
  bool isEntry = false;  // of a table: may be renamed

  // Rows of one layout can show another state of the document without being made anew.
  bool sameLayout(const FormRow& other) const;
};

// Of the object, list or table at the pointer. Empty where the grammar knows nothing like it.
std::vector<FormRow> formRows(const Grammar& grammar, const Node& root, std::string_view pointer);

// The pointer of the object, list or table in whose form a place is edited: the nearest one around
// it that has a form of its own.
std::string formOf(const Grammar& grammar, const Node& root, std::string_view pointer);

// Whether a value has a form of its own, that is, a row of the outline.
bool hasForm(const ValueType& type);

}  // namespace cotenant::gui
