// SPDX-License-Identifier: GPL-3.0-or-later
//
// What became of the lines of imported files, one row for each finding.
#pragma once

#include <QAbstractTableModel>

#include "validation/import/findings.h"

namespace cotenant::gui {

class FindingsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;

  void setFindings(Findings findings);
  const Findings& findings() const { return findings_; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 private:
  Findings findings_;
};

}  // namespace cotenant::gui
