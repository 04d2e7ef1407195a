// SPDX-License-Identifier: GPL-3.0-or-later
//
// What to doubt: the notes of a report and of its setups, one sentence each.
#pragma once

#include <QListView>

#include "gui/items/comparison_model.h"

QT_BEGIN_NAMESPACE
class QStringListModel;
QT_END_NAMESPACE

namespace cotenant::gui {

class NotesView : public QListView {
  Q_OBJECT

 public:
  explicit NotesView(QWidget* parent = nullptr);

  void setReport(const ReportPtr& report);

 private:
  QStringListModel* sentences_;
};

}  // namespace cotenant::gui
