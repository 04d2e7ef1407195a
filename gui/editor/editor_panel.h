// SPDX-License-Identifier: GPL-3.0-or-later
//
// The left side of the window: outline above form, the text in a second tab, problems below, and
// Ctrl+F to find a field. What is selected in one of them is shown by the others.
#pragma once

#include <QWidget>
#include <string>
#include <string_view>

class QLabel;
class QLineEdit;
class QListView;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace cotenant::gui {

class Document;
class FinderModel;
class FormView;
class OutlineView;
class ProblemsModel;
class RawView;

class EditorPanel : public QWidget {
  Q_OBJECT

 public:
  explicit EditorPanel(Document& document, QWidget* parent = nullptr);

  // Shows the place in outline, form and text; the tab stays.
  void goTo(std::string_view pointer);
  void findField();  // Ctrl+F

  OutlineView& outline() { return *outline_; }
  FormView& form() { return *form_; }
  RawView& raw() { return *raw_; }
  QLineEdit& finder() { return *find_; }
  QTabWidget& tabs() { return *tabs_; }

 private:
  QWidget* makeFormTab();
  QWidget* makeOutlineSide();
  void makeProblems();
  void connectParts();
  void onFind(const QString& words);
  void openHit(int row);
  void openProblem(int row);
  void refreshProblems();
  void refreshButtons();

  Document& document_;
  OutlineView* outline_;
  FormView* form_;
  RawView* raw_;
  QTabWidget* tabs_;
  QLineEdit* find_;
  FinderModel* found_;
  QListView* hits_;
  QLabel* nothing_;        // was found
  QStackedWidget* stack_;  // outline, or what was found
  QToolButton* rename_ = nullptr;
  QToolButton* remove_ = nullptr;
  ProblemsModel* problems_;
  QLabel* problemsTitle_;
  QListView* problemsList_;
};

}  // namespace cotenant::gui
