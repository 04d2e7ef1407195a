// SPDX-License-Identifier: GPL-3.0-or-later
//
// One step that can be undone: a change of some bytes of a document's text.
#pragma once

#include <QUndoCommand>

#include "scenarios/text_edit.h"

namespace cotenant::gui {

class Document;

// Merge id of what is typed in the raw view; other ids are above.
inline constexpr int kTyping = 1;

class EditCommand : public QUndoCommand {
 public:
  EditCommand(Document& document, TextEdit edit, const QString& what, int mergeId);

  void undo() override;
  void redo() override;
  int id() const override { return mergeId_; }
  bool mergeWith(const QUndoCommand* next) override;

 private:
  bool isTypedOn(const TextEdit& next) const;

  Document& document_;
  TextEdit edit_;
  int mergeId_;
};

}  // namespace cotenant::gui
