// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/document/edit_command.h"

#include <utility>

#include "gui/document/document.h"

namespace cotenant::gui {

EditCommand::EditCommand(Document& document, TextEdit edit, const QString& what, int mergeId)
    : QUndoCommand(what), document_(document), edit_(std::move(edit)), mergeId_(mergeId) {}

void EditCommand::undo() { document_.applyAndFollow(inverse(edit_)); }
void EditCommand::redo() { document_.applyAndFollow(edit_); }

// The next one has been done already.
bool EditCommand::mergeWith(const QUndoCommand* next) {
  const auto& later = static_cast<const EditCommand&>(*next);
  if (mergeId_ == kTyping && !isTypedOn(later.edit_)) return false;
  const std::string& after = document_.text();
  std::string before = after;
  apply_edit(inverse(later.edit_), before);
  apply_edit(inverse(edit_), before);
  edit_ = difference(before, after);
  setObsolete(edit_.empty());
  return true;
}

// Goes on where this ended, within the line.
bool EditCommand::isTypedOn(const TextEdit& next) const {
  const std::size_t end = edit_.offset + edit_.inserted.size();
  const bool touches = next.offset <= end && next.offset + next.removed.size() >= edit_.offset;
  return touches && next.inserted.find('\n') == std::string::npos;
}

}  // namespace cotenant::gui
