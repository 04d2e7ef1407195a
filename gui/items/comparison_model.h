// SPDX-License-Identifier: GPL-3.0-or-later
//
// The setups of a report side by side, one row each: price, the figures of the terminal's summary,
// the differences to the baseline, the verdict. Knows no screen and computes nothing: each cell is
// a text of the report's writers, and a number to sort by.
#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <memory>
#include <optional>
#include <vector>

#include "study/report.h"

namespace cotenant::gui {

using ReportPtr = std::shared_ptr<const Report>;

class ComparisonModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Role {
    sortRole = Qt::UserRole,  // a number or a text; invalid where there is none: it sorts last
    setupRole,                // the number of the setup in the report
    verdictRole,              // int(Verdict), in the column of verdicts
    keyRole,                  // of a heading: what the column is, whatever its unit
  };

  using QAbstractTableModel::QAbstractTableModel;

  // `file` is what the command in the tooltips names.
  void setReport(ReportPtr report, const QString& file);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 private:
  struct Cell {
    QString text, explanation;
    QVariant sort;
  };
  struct Column {
    QString key, heading, explanation;
    bool is_number = true;
    std::vector<Cell> cells;  // by setup
    bool is_verdict = false;
  };

  Column setupColumn() const;
  Column priceColumn() const;
  std::vector<Column> metricColumns(const QString& command) const;
  std::vector<Column> differenceColumns() const;
  Column verdictColumn() const;

  ReportPtr report_;
  std::vector<Column> columns_;
};

}  // namespace cotenant::gui
