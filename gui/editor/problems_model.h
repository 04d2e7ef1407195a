// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is wrong with the document, one row each, in the order of the file.
#pragma once

#include <QAbstractListModel>

#include "sim/base/diagnostics.h"

namespace cotenant::gui {

class Document;

class ProblemsModel : public QAbstractListModel {
  Q_OBJECT

 public:
  explicit ProblemsModel(Document& document, QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  const Diagnostic& problem(const QModelIndex& index) const;

 private:
  void refresh();

  Document& document_;
  Diagnostics problems_;  // as shown
};

}  // namespace cotenant::gui
