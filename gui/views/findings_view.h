// SPDX-License-Identifier: GPL-3.0-or-later
//
// What an import took, assumed and ignored, to be read, sorted and copied.
#pragma once

#include <QWidget>

#include "validation/import/findings.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;
QT_END_NAMESPACE

namespace cotenant::gui {

class FindingsModel;

class FindingsView : public QWidget {
  Q_OBJECT

 public:
  explicit FindingsView(QWidget* parent = nullptr);

  // In the order of the files.
  void setFindings(Findings findings);
  // To the clipboard, as `cotenant import` prints them: the selected ones, or all.
  void copy() const;

 private:
  Findings chosen() const;

  FindingsModel* model_;
  QSortFilterProxyModel* sorted_;
  QTableView* table_;
  QLabel* summary_;
  QPushButton* copy_;
};

}  // namespace cotenant::gui
