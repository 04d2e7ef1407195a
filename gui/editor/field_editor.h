// SPDX-License-Identifier: GPL-3.0-or-later
//
// The editor of one value, fit for its kind. It shows what the document says and tells what the
// user made of it; it neither knows the document nor where in it the value is.
#pragma once

#include <QString>
#include <QWidget>
#include <string>

#include "gui/editor/suggestions.h"
#include "scenarios/grammar.h"

namespace cotenant::gui {

class FieldEditor : public QWidget {
  Q_OBJECT

 public:
  explicit FieldEditor(QWidget* parent) : QWidget(parent) {}

  // Null: not set. While the user is typing something else, that stays.
  virtual void showValue(const Node* node) = 0;
  // What is said to those who do not see the label.
  virtual void setName(const QString& name) = 0;
  virtual QWidget* focusTarget() = 0;
  // What the user might want to write; for editors of texts.
  virtual void suggest(const std::vector<Suggestion>&) {}

 Q_SIGNALS:
  void edited(const std::string& json);     // a value that fits, or that the user insists on
  void cleared();                           // as if it were not set
  void complained(const QString& problem);  // about what is being typed; empty: no more
};

// `member` is null for items of lists. An object with a short form is edited in that.
FieldEditor* makeFieldEditor(const ValueType& type, const Member* member, QWidget* parent);

}  // namespace cotenant::gui
