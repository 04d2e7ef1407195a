// SPDX-License-Identifier: GPL-3.0-or-later
//
// What could be written at a place of the document: the names of what there is, plans with their
// price.
#pragma once

#include <QString>
#include <string_view>
#include <vector>

namespace cotenant::gui {

class Document;

struct Suggestion {
  QString value;
  QString line;  // how it is shown: the value, and what it is

  friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

// Nothing where anything may be written.
std::vector<Suggestion> suggestionsFor(const Document& document, std::string_view pointer);

}  // namespace cotenant::gui
