// SPDX-License-Identifier: GPL-3.0-or-later
//
// The table of setups: sortable, the setup's color before its name, the verdict with its shape.
#pragma once

#include <QMap>
#include <QStringList>
#include <QTableView>
#include <QVariantMap>

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

  // Which columns are hidden and how wide others were made: what the window keeps.
  QVariantMap columns() const;
  void setColumns(const QVariantMap& columns);
  void setColumnHiddenByUser(const QString& key, bool hidden);
  // To hide columns and show them again.
  void showColumnMenu(const QPoint& at);

 Q_SIGNALS:
  void setupSelected(int setup);

 private:
  QString keyAt(int column) const;
  void arrangeColumns();
  void widenColumns();

  ComparisonModel* model_;
  QSortFilterProxyModel* sorted_;
  bool stale_ = false;
  bool is_arranging_ = false;  // the widths that change are not the user's
  QStringList hidden_;         // keys of columns
  QMap<QString, int> widths_;  // by key, of those that the user has changed
};

}  // namespace cotenant::gui
