// SPDX-License-Identifier: GPL-3.0-or-later
//
// Finds fields by words of their labels and help, set or not: everything that could be said
// somewhere in the document as it is now.
#pragma once

#include <QAbstractListModel>
#include <string>
#include <vector>

namespace cotenant::gui {

class Document;

class FinderModel : public QAbstractListModel {
  Q_OBJECT

 public:
  enum Role { kPlaceRole = Qt::UserRole, kPointerRole };

  explicit FinderModel(Document& document, QObject* parent = nullptr);

  // Fields that have all of the words; those that have them in their label first.
  void find(const QString& words);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  std::string pointerAt(const QModelIndex& index) const;

 private:
  struct Hit {
    std::string pointer;
    QString label;
    QString place;
    QString help;
  };

  std::vector<Hit> allFields() const;

  Document& document_;
  std::vector<Hit> hits_;
};

}  // namespace cotenant::gui
