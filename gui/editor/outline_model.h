// SPDX-License-Identifier: GPL-3.0-or-later
//
// The document as an outline: what has a form of its own, with a line about it and a mark where
// there are problems. While the text is no JSON the outline stays as it last was.
#pragma once

#include <QAbstractItemModel>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/grammar.h"

namespace cotenant::gui {

class Document;

class OutlineModel : public QAbstractItemModel {
  Q_OBJECT

 public:
  enum Role { kPointerRole = Qt::UserRole, kSummaryRole, kProblemsRole };

  explicit OutlineModel(Document& document, QObject* parent = nullptr);
  ~OutlineModel() override;

  QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
  QModelIndex parent(const QModelIndex& index) const override;
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  // A new name for an entry of a table.
  bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

  std::string pointerAt(const QModelIndex& index) const;
  // Of the place, or the nearest one around it that has a row; invalid when there is none.
  QModelIndex indexOf(std::string_view pointer) const;
  bool isEntry(const QModelIndex& index) const;  // may be renamed
  bool isRemovable(const QModelIndex& index) const;

 Q_SIGNALS:
  void renamed(const std::string& pointer);  // is what the entry is called now

 private:
  struct Item;

  void refresh();
  std::unique_ptr<Item> build() const;
  void buildChildren(Item& item, const ValueType& type, const Node& node) const;
  void buildMembers(Item& item, const ObjectType& object, const Node& node) const;
  void buildItems(Item& item, const ValueType& type, const Node& node) const;
  void countProblems(Item& item) const;
  bool takeOver(Item& now, Item& next, const QModelIndex& at);
  const Item& itemAt(const QModelIndex& index) const;
  QModelIndex indexOfItem(const Item& item) const;
  QString toolTipOf(const Item& item) const;

  Document& document_;
  const Grammar& grammar_;
  std::unique_ptr<Item> root_;
};

}  // namespace cotenant::gui
