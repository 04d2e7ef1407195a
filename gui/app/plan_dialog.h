// SPDX-License-Identifier: GPL-3.0-or-later
//
// The plan catalog, searched while one types; what is chosen becomes a setup.
#pragma once

#include <QDialog>

QT_BEGIN_NAMESPACE
class QLineEdit;
class QTableView;
QT_END_NAMESPACE

namespace cotenant::gui {

class Document;
class PlanModel;

class PlanDialog : public QDialog {
  Q_OBJECT

 public:
  explicit PlanDialog(QWidget* parent = nullptr);

  QLineEdit& filter() { return *filter_; }
  // The name of the plan in the row chosen; empty: none is.
  std::string chosen() const;

 private:
  PlanModel* plans_;
  QLineEdit* filter_;
  QTableView* table_;
};

// A setup on that plan, named after it, behind those that are there.
bool addSetup(Document& document, const std::string& plan);

}  // namespace cotenant::gui
