// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/comparison_view.h"

#include <QHeaderView>
#include <QMenu>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <utility>

#include "gui/look/theme.h"

namespace cotenant::gui {
namespace {

constexpr int kDot = 10;

// The dot in the color of the setup, and the verdict in its own.
class SetupDelegate : public QStyledItemDelegate {
 public:
  explicit SetupDelegate(ComparisonView* view) : QStyledItemDelegate(view), view_(*view) {}

  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override {
    QStyleOptionViewItem item = option;
    item.state &= ~QStyle::State_HasFocus;  // the row is selected, not a cell
    const QVariant verdict = index.data(ComparisonModel::verdictRole);
    if (verdict.isValid()) {
      setTextColor(item, colorOf(static_cast<Verdict>(verdict.toInt())));
    }
    if (view_.isStale()) setTextColor(item, currentTheme().secondary);
    if (index.column() > 0) return QStyledItemDelegate::paint(painter, item, index);
    item.rect.setLeft(item.rect.left() + kDot + kGrid);
    QStyledItemDelegate::paint(painter, item, index);
    const QRectF dot(option.rect.left() + kGrid, option.rect.center().y() - kDot / 2.0 + 0.5, kDot,
                     kDot);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(currentTheme().background, 1));
    painter->setBrush(
        setupColor(static_cast<std::size_t>(index.data(ComparisonModel::setupRole).toInt())));
    painter->drawEllipse(dot);
    painter->restore();
  }

  QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    if (index.column() == 0) size.rwidth() += kDot + kGrid;
    return size;
  }

 private:
  static void setTextColor(QStyleOptionViewItem& item, const QColor& color) {
    item.palette.setColor(QPalette::Text, color);
    item.palette.setColor(QPalette::HighlightedText, color);
  }

  const ComparisonView& view_;
};

// What has no number comes last, whatever the order.
class NumbersFirst : public QSortFilterProxyModel {
 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;

 protected:
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override {
    const QVariant a = left.data(ComparisonModel::sortRole);
    const QVariant b = right.data(ComparisonModel::sortRole);
    if (!a.isValid() || !b.isValid()) {
      const bool ascending = sortOrder() == Qt::AscendingOrder;
      return a.isValid() != b.isValid() && a.isValid() == ascending;
    }
    return QSortFilterProxyModel::lessThan(left, right);
  }
};

}  // namespace

ComparisonView::ComparisonView(QWidget* parent)
    : QTableView(parent), model_(new ComparisonModel(this)), sorted_(new NumbersFirst(this)) {
  sorted_->setSourceModel(model_);
  sorted_->setSortRole(ComparisonModel::sortRole);
  sorted_->setSortLocaleAware(true);
  setModel(sorted_);
  setItemDelegate(new SetupDelegate(this));
  setAccessibleName(tr("Setups side by side"));
  setSelectionBehavior(QAbstractItemView::SelectRows);
  setSelectionMode(QAbstractItemView::SingleSelection);
  setShowGrid(false);
  setFont(tabularFont());
  setFrameShape(QFrame::NoFrame);
  setTabKeyNavigation(false);
  setWordWrap(false);
  verticalHeader()->hide();
  verticalHeader()->setDefaultSectionSize(4 * kGrid);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setStretchLastSection(true);
  horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
  connect(horizontalHeader(), &QWidget::customContextMenuRequested, this,
          [this](const QPoint& at) { showColumnMenu(horizontalHeader()->mapToGlobal(at)); });
  connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this](int column, int, int now) {
    const bool is_last = column == model_->columnCount() - 1;  // which takes what is left
    if (!is_arranging_ && !is_last && now > 0) widths_[keyAt(column)] = now;
  });
  // As in the file until somebody asks for another order.
  horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
  setSortingEnabled(true);
  connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
    if (selectedSetup() >= 0) Q_EMIT setupSelected(selectedSetup());
  });
}

void ComparisonView::setReport(ReportPtr report, const QString& file) {
  const int columns = model_->columnCount();
  const int selected = selectedSetup();
  model_->setReport(std::move(report), file);
  if (model_->columnCount() != columns) {
    arrangeColumns();
    selectSetup(selected);
  } else {
    widenColumns();
  }
}

// Numbers become longer when intervals come; columns do not jump back when they become shorter.
void ComparisonView::widenColumns() {
  is_arranging_ = true;
  for (int column = 0; column < model_->columnCount(); ++column) {
    if (isColumnHidden(column) || widths_.contains(keyAt(column))) continue;
    const int needed = sizeHintForColumn(column);
    if (needed > columnWidth(column)) setColumnWidth(column, needed);
  }
  is_arranging_ = false;
}

QString ComparisonView::keyAt(int column) const {
  return model_->headerData(column, Qt::Horizontal, ComparisonModel::keyRole).toString();
}

void ComparisonView::arrangeColumns() {
  is_arranging_ = true;
  resizeColumnsToContents();
  for (int column = 0; column < model_->columnCount(); ++column) {
    const QString key = keyAt(column);
    if (widths_.contains(key)) setColumnWidth(column, widths_[key]);
    setColumnHidden(column, hidden_.contains(key));
  }
  is_arranging_ = false;
}

QVariantMap ComparisonView::columns() const {
  QVariantMap widths;
  for (auto width = widths_.begin(); width != widths_.end(); ++width) {
    widths[width.key()] = width.value();
  }
  return {{QStringLiteral("hidden"), hidden_}, {QStringLiteral("widths"), widths}};
}

void ComparisonView::setColumns(const QVariantMap& columns) {
  hidden_ = columns.value(QStringLiteral("hidden")).toStringList();
  widths_.clear();
  const QVariantMap widths = columns.value(QStringLiteral("widths")).toMap();
  for (auto width = widths.begin(); width != widths.end(); ++width) {
    if (width->toInt() > 0) widths_[width.key()] = width->toInt();
  }
  arrangeColumns();
}

void ComparisonView::setColumnHiddenByUser(const QString& key, bool hidden) {
  hidden_.removeAll(key);
  if (hidden) hidden_.push_back(key);
  arrangeColumns();
}

void ComparisonView::showColumnMenu(const QPoint& at) {
  QMenu menu(this);
  for (int column = 1; column < model_->columnCount();
       ++column) {  // the first says whose row it is
    const QString key = keyAt(column);
    QAction* const action = menu.addAction(model_->headerData(column, Qt::Horizontal).toString());
    action->setCheckable(true);
    action->setChecked(!isColumnHidden(column));
    connect(action, &QAction::toggled, this,
            [this, key](bool shown) { setColumnHiddenByUser(key, !shown); });
  }
  menu.exec(at);
}

void ComparisonView::setStale(bool stale) {
  if (stale == std::exchange(stale_, stale)) return;
  viewport()->update();
}

int ComparisonView::selectedSetup() const {
  const QModelIndex current = currentIndex();
  return current.isValid() ? current.data(ComparisonModel::setupRole).toInt() : -1;
}

void ComparisonView::selectSetup(int setup) {
  if (setup < 0 || setup >= model_->rowCount() || setup == selectedSetup()) return;
  setCurrentIndex(sorted_->mapFromSource(model_->index(setup, 0)));
}

}  // namespace cotenant::gui
