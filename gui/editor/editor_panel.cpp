// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/editor_panel.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QListView>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "gui/document/document.h"
#include "gui/editor/finder_model.h"
#include "gui/editor/form_view.h"
#include "gui/editor/outline_model.h"
#include "gui/editor/outline_view.h"
#include "gui/editor/problems_model.h"
#include "gui/editor/raw_view.h"
#include "gui/editor/tinted_label.h"
#include "gui/editor/words.h"
#include "gui/look/theme.h"

namespace cotenant::gui {

namespace {

constexpr int kOutlineHeight = 38 * kGrid;
constexpr int kFormHeight = 55 * kGrid;
constexpr int kProblemsHeight = 14 * kGrid;

QVBoxLayout* columnOf(QWidget* widget) {
  auto* layout = new QVBoxLayout(widget);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  return layout;
}

QListView* listOf(QAbstractItemModel* model, const QString& name) {
  auto* list = new QListView;
  list->setModel(model);
  list->setAccessibleName(name);
  list->setWordWrap(true);
  list->setResizeMode(QListView::Adjust);
  list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list->setStyleSheet(QStringLiteral("padding: 0 %1px").arg(kGrid));
  return list;
}

}  // namespace

EditorPanel::EditorPanel(Document& document, QWidget* parent)
    : QWidget(parent),
      document_(document),
      outline_(new OutlineView(document)),
      form_(new FormView(document)),
      raw_(new RawView(document)),
      tabs_(new QTabWidget),
      find_(new QLineEdit),
      found_(new FinderModel(document, this)),
      hits_(listOf(found_, tr("Fields found"))),
      nothing_(new TintedLabel(TintedLabel::Tint::secondary)),
      stack_(new QStackedWidget),
      problems_(new ProblemsModel(document, this)),
      problemsTitle_(new TintedLabel(TintedLabel::Tint::problem)),
      problemsList_(listOf(problems_, tr("Problems"))) {
  tabs_->setDocumentMode(true);
  tabs_->addTab(makeFormTab(), tr("Form"));
  tabs_->addTab(raw_, tr("JSON"));
  auto* column = columnOf(this);
  column->addWidget(tabs_, 1);
  makeProblems();
  connectParts();
  refreshProblems();
  goTo("");
}

QWidget* EditorPanel::makeFormTab() {
  auto* splitter = new QSplitter(Qt::Vertical);
  splitter->addWidget(makeOutlineSide());
  splitter->addWidget(form_);
  splitter->setSizes({kOutlineHeight, kFormHeight});
  splitter->setStretchFactor(1, 1);
  splitter->setChildrenCollapsible(false);
  return splitter;
}

QWidget* EditorPanel::makeOutlineSide() {
  auto* side = new QWidget;
  auto* column = columnOf(side);
  auto* top = new QHBoxLayout;
  top->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
  top->setSpacing(kGrid);
  find_->setPlaceholderText(tr("Find a field (Ctrl+F)"));
  find_->setAccessibleName(tr("Find a field"));
  find_->setClearButtonEnabled(true);
  const auto button = [&](const QString& text, const QString& name) {
    auto* made = new QToolButton;
    made->setText(text);
    made->setToolTip(name);
    made->setAccessibleName(name);
    made->setFocusPolicy(Qt::StrongFocus);
    return made;
  };
  rename_ = button(tr("Rename"), tr("Rename the selected entry (F2)"));
  remove_ = button(tr("Remove"), tr("Remove the selected entry (Del)"));
  top->addWidget(find_, 1);
  top->addWidget(rename_);
  top->addWidget(remove_);
  stack_->addWidget(outline_);
  stack_->addWidget(hits_);
  nothing_->setText(
      tr("No field of this scenario is called that, and none explains itself with these "
         "words. Try fewer of them."));
  nothing_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  nothing_->setContentsMargins(2 * kGrid, kGrid, 2 * kGrid, kGrid);
  stack_->addWidget(nothing_);
  column->addLayout(top);
  column->addWidget(stack_, 1);
  return side;
}

void EditorPanel::makeProblems() {
  problemsTitle_->setContentsMargins(2 * kGrid, kGrid, 2 * kGrid, kGrid);
  problemsList_->setMaximumHeight(kProblemsHeight);
  layout()->addWidget(problemsTitle_);
  layout()->addWidget(problemsList_);
}

void EditorPanel::connectParts() {
  connect(outline_, &OutlineView::opened, this, [this](const std::string& pointer) {
    form_->goTo(pointer);
    raw_->goTo(pointer);
    refreshButtons();
  });
  connect(&outline_->outline(), &OutlineModel::renamed, this,
          [this](const std::string& pointer) { goTo(pointer); });
  connect(form_, &FormView::openRequested, this, &EditorPanel::goTo);
  connect(form_, &FormView::focused, raw_, &RawView::goTo);
  connect(form_, &FormView::renameRequested, this, [this](const std::string& pointer) {
    outline_->rename(pointer);
    refreshButtons();
  });
  connect(&document_, &Document::changed, this, [this] {
    refreshProblems();
    refreshButtons();
  });
  connect(rename_, &QToolButton::clicked, outline_, &OutlineView::renameSelected);
  connect(remove_, &QToolButton::clicked, outline_, &OutlineView::removeSelected);
  connect(find_, &QLineEdit::textChanged, this, &EditorPanel::onFind);
  connect(find_, &QLineEdit::returnPressed, this, [this] { openHit(0); });
  connect(hits_, &QListView::activated, this,
          [this](const QModelIndex& index) { openHit(index.row()); });
  connect(hits_, &QListView::clicked, this,
          [this](const QModelIndex& index) { openHit(index.row()); });
  connect(problemsList_, &QListView::activated, this,
          [this](const QModelIndex& index) { openProblem(index.row()); });
  connect(problemsList_, &QListView::clicked, this,
          [this](const QModelIndex& index) { openProblem(index.row()); });
  auto* find = new QShortcut(QKeySequence::Find, this);
  find->setContext(Qt::WidgetWithChildrenShortcut);
  connect(find, &QShortcut::activated, this, &EditorPanel::findField);
  auto* stop = new QShortcut(QKeySequence(Qt::Key_Escape), find_);
  stop->setContext(Qt::WidgetShortcut);
  connect(stop, &QShortcut::activated, find_, &QLineEdit::clear);
}

void EditorPanel::goTo(std::string_view pointer) {
  const std::string at(pointer);  // it may be the form's own
  outline_->finishEditing();
  form_->goTo(at);
  outline_->select(form_->pointer());
  raw_->goTo(at);
  refreshButtons();
}

void EditorPanel::findField() {
  tabs_->setCurrentIndex(0);
  find_->setFocus(Qt::ShortcutFocusReason);
  find_->selectAll();
}

void EditorPanel::onFind(const QString& words) {
  found_->find(words);
  QWidget* const hits = found_->rowCount() > 0 ? static_cast<QWidget*>(hits_) : nothing_;
  stack_->setCurrentWidget(words.trimmed().isEmpty() ? outline_ : hits);
  if (found_->rowCount() > 0) hits_->setCurrentIndex(found_->index(0));
}

void EditorPanel::openHit(int row) {
  if (row >= found_->rowCount()) return;
  const std::string pointer = found_->pointerAt(found_->index(row));
  goTo(pointer);
}

void EditorPanel::openProblem(int row) {
  const Diagnostic problem = problems_->problem(problems_->index(row));
  goTo(problem.pointer);
  if (problem.line > 0) raw_->goToLine(problem.line, problem.column);
  if (!document_.tree()) tabs_->setCurrentWidget(raw_);
}

void EditorPanel::refreshProblems() {
  const int count = problems_->rowCount();
  problemsTitle_->setVisible(count > 0);
  problemsList_->setVisible(count > 0);
  problemsTitle_->setText(tr("%1. Nothing is simulated until nothing is wrong.")
                              .arg(counted(count, tr("problem"), tr("problems"))));
}

void EditorPanel::refreshButtons() {
  const QModelIndex index = outline_->currentIndex();
  rename_->setEnabled(outline_->outline().isEntry(index));
  remove_->setEnabled(outline_->outline().isRemovable(index));
}

}  // namespace cotenant::gui
