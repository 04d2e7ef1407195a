// SPDX-License-Identifier: GPL-3.0-or-later
//
// The form of one object, list or table of the document. What is set or required comes first; the
// rest waits behind a button, or a service would be a wall of sixty fields.
#pragma once

#include <QScrollArea>
#include <string>
#include <string_view>
#include <vector>

#include "gui/editor/form_rows.h"

class QVBoxLayout;

namespace cotenant::gui {

class Document;
class FormField;
class TintedLabel;

class FormView : public QScrollArea {
  Q_OBJECT

 public:
  explicit FormView(Document& document, QWidget* parent = nullptr);

  const std::string& pointer() const { return pointer_; }
  // Shows the form that edits the place, and that field of it.
  void goTo(std::string_view pointer);
  const std::vector<FormField*>& fields() const { return fields_; }
  FormField* field(std::string_view pointer) const;  // or null
  void showAll(bool on);

 Q_SIGNALS:
  void openRequested(const std::string& pointer);    // another form
  void renameRequested(const std::string& pointer);  // of an entry just made
  void focused(const std::string& pointer);

 private:
  void refresh();
  void rebuild(std::vector<FormRow> rows);
  void showValues();
  std::size_t addFields(QVBoxLayout* layout, bool wanted);
  void addMore(QVBoxLayout* layout, std::size_t hidden);
  void addHeading(QVBoxLayout* layout);
  QString problemOf(const FormRow& row) const;
  bool isUpFront(const FormRow& row) const;

  void onEdited(const std::string& pointer, const std::string& json);
  void onAdd(const FormRow& row);
  void addEntry(const FormRow& row);
  void connectField(FormField* field);

  Document& document_;
  const Grammar& grammar_;
  std::string pointer_;
  std::string focus_;  // the field that has the focus
  int mergeId_ = -1;   // of its edits
  std::vector<FormRow> rows_;
  std::vector<FormField*> fields_;  // of those that are shown
  std::vector<std::size_t> rowOfField_;
  TintedLabel* note_ = nullptr;
  bool showsAll_ = false;
};

}  // namespace cotenant::gui
