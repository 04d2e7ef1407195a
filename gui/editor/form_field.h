// SPDX-License-Identifier: GPL-3.0-or-later
//
// A row of a form: label, editor or buttons, and below them what is wrong and, while the row has
// the focus, what it means.
#pragma once

#include <QWidget>
#include <string>

#include "gui/editor/form_rows.h"
#include "gui/editor/suggestions.h"

class QBoxLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace cotenant::gui {

class FieldEditor;
class TintedLabel;

class FormField : public QWidget {
  Q_OBJECT

 public:
  FormField(const FormRow& row, QWidget* parent);

  const FormRow& row() const { return row_; }
  // The state of the document: the value here, and the first problem with it.
  void display(const FormRow& row, const Node* node, const QString& problem);
  // For its editor.
  void suggest(const std::vector<Suggestion>& suggestions);
  void takeFocus();

 Q_SIGNALS:
  void edited(const std::string& pointer, const std::string& json);
  void cleared(const std::string& pointer);
  void alternativeChosen(const std::string& pointer, const QString& name);
  void addRequested(const FormRow& row);
  void openRequested(const std::string& pointer);
  void expandRequested(const FormRow& row);    // from the short form to the object
  void simplifyRequested(const FormRow& row);  // and back
  void focused(const std::string& pointer);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void buildEditor(QBoxLayout* line);
  void buildWhich(QBoxLayout* line);
  void buildLink(QBoxLayout* line);
  void buildItems(QBoxLayout* line);
  void buildGroup(QBoxLayout* line);
  void addRemoveButton(QBoxLayout* line);
  QToolButton* button(const QString& text, const QString& name);
  void showProblem();
  void watch(QWidget* widget);

  FormRow row_;
  QLabel* label_ = nullptr;
  FieldEditor* editor_ = nullptr;
  QWidget* main_ = nullptr;  // what takes the focus
  QPushButton* open_ = nullptr;
  QToolButton* remove_ = nullptr;
  TintedLabel* problem_ = nullptr;
  TintedLabel* help_ = nullptr;
  QString wrong_;      // in the document
  QString complaint_;  // about what is being typed
};

}  // namespace cotenant::gui
