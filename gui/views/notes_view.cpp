// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/notes_view.h"

#include <QStringListModel>

#include "gui/items/texts.h"

namespace cotenant::gui {

NotesView::NotesView(QWidget* parent) : QListView(parent), sentences_(new QStringListModel(this)) {
  setModel(sentences_);
  setAccessibleName(tr("What to doubt"));
  setWordWrap(true);
  setFrameShape(QFrame::NoFrame);
  setEditTriggers(QAbstractItemView::NoEditTriggers);
  setSelectionMode(QAbstractItemView::ExtendedSelection);
}

void NotesView::setReport(const ReportPtr& report) {
  QStringList sentences;
  if (report) {
    for (const std::string& note : report->notes) sentences.push_back(text(note));
    for (const SetupReport& setup : report->setups) {
      for (const std::string& note : setup.notes) {
        sentences.push_back(text(setup.name) + QStringLiteral(": ") + text(note));
      }
    }
  }
  if (sentences != sentences_->stringList()) sentences_->setStringList(sentences);
}

}  // namespace cotenant::gui
