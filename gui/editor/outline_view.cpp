// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/outline_view.h"

#include <QAction>
#include <QPainter>
#include <QStyledItemDelegate>

#include "gui/document/document.h"
#include "gui/editor/outline_model.h"
#include "gui/editor/tinted_label.h"
#include "gui/look/theme.h"

namespace cotenant::gui {

namespace {

// A name, what is behind it in a quieter color, and a mark at the right where there are problems.
class OutlineDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;

  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override {
    QStyledItemDelegate::paint(painter, option, index);
    painter->save();
    QRect rest = option.rect.adjusted(kGrid, 0, -kGrid, 0);
    const int problems = index.data(OutlineModel::kProblemsRole).toInt();
    if (problems > 0) {
      const QString mark = QStringLiteral("▲ %1").arg(problems);
      painter->setPen(problemColor());
      painter->drawText(rest, Qt::AlignRight | Qt::AlignVCenter, mark);
      rest.setRight(rest.right() - option.fontMetrics.horizontalAdvance(mark) - kGrid);
    }
    const QString label = index.data(Qt::DisplayRole).toString();
    rest.setLeft(rest.left() + option.fontMetrics.horizontalAdvance(label) + 3 * kGrid / 2);
    const QString summary = option.fontMetrics.elidedText(
        index.data(OutlineModel::kSummaryRole).toString(), Qt::ElideRight, rest.width());
    painter->setPen(currentTheme().secondary);
    painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter, summary);
    painter->restore();
  }

  // Names are edited in a row as high as the others.
  QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                        const QModelIndex& index) const override {
    QWidget* editor = QStyledItemDelegate::createEditor(parent, option, index);
    editor->setStyleSheet(QStringLiteral("min-height: 0; padding: 0 %1px").arg(kGrid / 2));
    return editor;
  }
  void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                            const QModelIndex&) const override {
    editor->setGeometry(option.rect);
  }
};

}  // namespace

OutlineView::OutlineView(Document& document, QWidget* parent)
    : QTreeView(parent), document_(document), model_(new OutlineModel(document, this)) {
  setModel(model_);
  setItemDelegate(new OutlineDelegate(this));
  setHeaderHidden(true);
  setUniformRowHeights(true);
  setIndentation(2 * kGrid);
  setAccessibleName(tr("Outline of the scenario"));
  setEditTriggers(QAbstractItemView::EditKeyPressed);
  setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  const auto addAction = [this](const QKeySequence& keys, void (OutlineView::*what)()) {
    auto* action = new QAction(this);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetShortcut);
    connect(action, &QAction::triggered, this, what);
    QWidget::addAction(action);
  };
  addAction(QKeySequence::Delete, &OutlineView::removeSelected);
  connect(this, &QTreeView::expanded, this,
          [this](const QModelIndex& index) { unfolded_.insert(model_->pointerAt(index)); });
  connect(this, &QTreeView::collapsed, this,
          [this](const QModelIndex& index) { unfolded_.erase(model_->pointerAt(index)); });
  connect(model_, &QAbstractItemModel::modelReset, this, &OutlineView::keepUnfolded);
  connect(selectionModel(), &QItemSelectionModel::currentChanged, this,
          [this](const QModelIndex& index) {
            if (silent_ || !index.isValid()) return;
            selected_ = model_->pointerAt(index);
            Q_EMIT opened(selected_);
          });
  expandToDepth(0);
}

void OutlineView::select(std::string_view pointer) {
  selected_ = pointer;
  const QModelIndex index = model_->indexOf(pointer);
  silent_ = true;
  setCurrentIndex(index);
  scrollTo(index);
  silent_ = false;
}

void OutlineView::rename(std::string_view pointer) {
  select(pointer);
  renameSelected();
}

void OutlineView::renameSelected() {
  if (model_->isEntry(currentIndex())) edit(currentIndex());
}

void OutlineView::removeSelected() {
  if (!model_->isRemovable(currentIndex())) return;
  document_.remove(model_->pointerAt(currentIndex()));
}

void OutlineView::finishEditing() {
  QWidget* editor = state() == EditingState ? indexWidget(currentIndex()) : nullptr;
  if (editor == nullptr) return;
  commitData(editor);
  // Rows that change close their editors themselves.
  if (state() == EditingState) closeEditor(editor, QAbstractItemDelegate::NoHint);
}

void OutlineView::keepUnfolded() {
  const std::set<std::string> unfolded = unfolded_;
  for (const std::string& pointer : unfolded) {
    const QModelIndex index = model_->indexOf(pointer);
    if (model_->pointerAt(index) == pointer) setExpanded(index, true);
  }
  select(selected_);
}

}  // namespace cotenant::gui
