// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/findings_view.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <algorithm>
#include <utility>

#include "gui/items/findings_model.h"
#include "gui/items/texts.h"
#include "gui/look/theme.h"

namespace cotenant::gui {
namespace {

// Of copied lines: what mails and tickets show without breaking them.
constexpr std::size_t kCopiedWidth = 100;

qsizetype count(const Findings& findings, FindingKind kind) {
  return std::ranges::count(findings, kind, &Finding::kind);
}

QString summary_of(const Findings& findings) {
  if (findings.empty()) return FindingsView::tr("Nothing was imported into this scenario.");
  return FindingsView::tr("%1 taken, %2 assumed because no file says it, %3 ignored")
      .arg(count(findings, FindingKind::taken))
      .arg(count(findings, FindingKind::assumed))
      .arg(count(findings, FindingKind::ignored));
}

void arrange(QTableView& table) {
  table.setAccessibleName(FindingsView::tr("Findings of the import"));
  table.setSelectionBehavior(QAbstractItemView::SelectRows);
  table.setSelectionMode(QAbstractItemView::ExtendedSelection);
  table.setFrameShape(QFrame::NoFrame);
  table.setShowGrid(false);
  table.setWordWrap(true);
  table.setTabKeyNavigation(false);
  table.verticalHeader()->hide();
  table.verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table.horizontalHeader()->setStretchLastSection(true);
  table.horizontalHeader()->setHighlightSections(false);
  table.horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  table.horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);  // as they were found
  table.setSortingEnabled(true);
}

}  // namespace

FindingsView::FindingsView(QWidget* parent)
    : QWidget(parent),
      model_(new FindingsModel(this)),
      sorted_(new QSortFilterProxyModel(this)),
      table_(new QTableView(this)),
      summary_(new QLabel(this)),
      copy_(new QPushButton(tr("Copy"), this)) {
  sorted_->setSourceModel(model_);
  table_->setModel(sorted_);
  arrange(*table_);
  copy_->setToolTip(tr("The selected findings as text, or all of them (Ctrl+C)"));
  connect(copy_, &QPushButton::clicked, this, &FindingsView::copy);
  auto* const copying = new QAction(tr("Copy"), table_);
  copying->setShortcut(QKeySequence::Copy);
  copying->setShortcutContext(Qt::WidgetWithChildrenShortcut);
  connect(copying, &QAction::triggered, this, &FindingsView::copy);
  table_->addAction(copying);
  table_->setContextMenuPolicy(Qt::ActionsContextMenu);
  auto* const line = new QHBoxLayout;
  line->setContentsMargins(kGrid, kGrid / 2, kGrid, 0);
  line->addWidget(summary_, 1);
  line->addWidget(copy_);
  auto* const column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(kGrid / 2);
  column->addLayout(line);
  column->addWidget(table_, 1);
  setFocusProxy(table_);
  setFindings({});
}

void FindingsView::setFindings(Findings findings) {
  summary_->setText(summary_of(findings));
  copy_->setEnabled(!findings.empty());
  model_->setFindings(std::move(findings));
  table_->resizeColumnsToContents();
}

Findings FindingsView::chosen() const {
  std::vector<int> rows;
  for (const QModelIndex& index : table_->selectionModel()->selectedRows()) {
    rows.push_back(sorted_->mapToSource(index).row());
  }
  if (rows.empty()) return model_->findings();
  std::ranges::sort(rows);
  Findings findings;
  for (const int row : rows) {
    findings.push_back(model_->findings()[static_cast<std::size_t>(row)]);
  }
  return findings;
}

void FindingsView::copy() const {
  QApplication::clipboard()->setText(text(findings_text(chosen(), kCopiedWidth)));
}

}  // namespace cotenant::gui
