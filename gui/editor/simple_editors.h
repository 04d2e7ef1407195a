// SPDX-License-Identifier: GPL-3.0-or-later
//
// Editors of truths, choices, numbers, texts with or without a unit, and tuples of these.
#pragma once

#include <vector>

#include "gui/editor/field_editor.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;

namespace cotenant::gui {

class NumberBox;

class TruthEditor : public FieldEditor {
  Q_OBJECT

 public:
  TruthEditor(const Member* member, QWidget* parent);
  void showValue(const Node* node) override;
  void setName(const QString& name) override;
  QWidget* focusTarget() override;

 private:
  QCheckBox* box_;
  std::string fallback_;
};

class ChoiceEditor : public FieldEditor {
  Q_OBJECT

 public:
  ChoiceEditor(const ValueType& type, const Member* member, QWidget* parent);
  void showValue(const Node* node) override;
  void setName(const QString& name) override;
  QWidget* focusTarget() override;

 private:
  QComboBox* box_;
};

// A text, a quantity or a bound in one line; judged with each key, told when it fits or when the
// user leaves it. A click or the arrow down shows what there is to choose from.
class LineEditor : public FieldEditor {
  Q_OBJECT

 public:
  LineEditor(const ValueType& type, const Member* member, QWidget* parent);
  void showValue(const Node* node) override;
  void setName(const QString& name) override;
  QWidget* focusTarget() override;
  void suggest(const std::vector<Suggestion>& suggestions) override;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void onTyped();
  void onLeft();
  std::string json() const;
  QString problem() const;

  const ValueType& type_;
  bool required_;
  QLineEdit* line_;
  std::vector<Suggestion> suggestions_;
  QString shown_;  // what the document says
};

class LongTextEditor : public FieldEditor {
  Q_OBJECT

 public:
  LongTextEditor(const Member* member, QWidget* parent);
  void showValue(const Node* node) override;
  void setName(const QString& name) override;
  QWidget* focusTarget() override;

 private:
  QPlainTextEdit* text_;
};

// A number, whole or real, that the arrow keys change by one in its last digit.
class NumberEditor : public FieldEditor {
  Q_OBJECT

 public:
  NumberEditor(const ValueType& type, const Member* member, QWidget* parent);
  void showValue(const Node* node) override;
  void setName(const QString& name) override;
  QWidget* focusTarget() override;

 private:
  NumberBox* box_;
};

class TupleEditor : public FieldEditor {
  Q_OBJECT

 public:
  TupleEditor(const ValueType& type, QWidget* parent);
  void showValue(const Node* node) override;
  void setName(const QString& name) override;
  QWidget* focusTarget() override;

 private:
  const ValueType& type_;
  std::vector<FieldEditor*> parts_;
  std::vector<std::string> json_;
};

}  // namespace cotenant::gui
