// SPDX-License-Identifier: GPL-3.0-or-later
//
// Edits that take more than one change of the text, each one step to undo.
#pragma once

#include <string>
#include <string_view>

#include "scenarios/grammar.h"

namespace cotenant::gui {

class Document;

// Makes the object at the pointer another alternative: members that both have stay, what the new
// one needs is added, the rest goes.
void switchAlternative(Document& document, std::string_view pointer, const ObjectType& object,
                       const std::string& name);

// A name that the table at the pointer does not have yet: "new", "new 2" …
std::string freshName(const Document& document, std::string_view table, const std::string& wish);

}  // namespace cotenant::gui
