// SPDX-License-Identifier: GPL-3.0-or-later
//
// The plans of a catalog, one row each, that a few words leave.
#pragma once

#include <QAbstractTableModel>
#include <cstdint>
#include <vector>

#include "scenarios/catalog.h"
#include "study/writers/plan_words.h"

namespace cotenant::gui {

class PlanModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  // Of the catalog, which must outlive it. `today` in days since 1970-01-01.
  PlanModel(const Catalog& catalog, std::int64_t today, QObject* parent = nullptr);

  // Rows whose name, provider, kind or CPU has each of these words.
  void setFilter(const QString& words);
  const PlanWords& plan(int row) const { return shown_[static_cast<std::size_t>(row)]; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  QVariant headerData(int section, Qt::Orientation orientation,
                      int role = Qt::DisplayRole) const override;

 private:
  std::vector<PlanWords> all_, shown_;
};

}  // namespace cotenant::gui
