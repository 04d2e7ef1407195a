// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of setups: sortable, the setup's color before its name, the verdict with its shape.
#pragma once

#include <QTableView>

#include "gui/items/comparison_model.h"

QT_BEGIN_NAMESPACE
class QSortFilterProxyModel;
QT_END_NAMESPACE

namespace cotenant::gui {

class ComparisonView : public QTableView {
  Q_OBJECT

 public:
  explicit ComparisonView(QWidget* parent = nullptr);

  void setReport(ReportPtr report, const QString& file);
  // Dimmed: it belongs to an older scenario.
  void setStale(bool stale);
  bool isStale() const { return stale_; }

  int selectedSetup() const;  // in the report; -1: none
  void selectSetup(int setup);

  const ComparisonModel& comparison() const { return *model_; }

 Q_SIGNALS:
  void setupSelected(int setup);

 private:
  ComparisonModel* model_;
  QSortFilterProxyModel* sorted_;
  bool stale_ = false;
};

}  // namespace cotenant::gui
