// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/plan_dialog.h"

#include <QDate>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "gui/document/document.h"
#include "gui/items/plan_model.h"
#include "gui/look/theme.h"
#include "scenarios/text_edit.h"

namespace cotenant::gui {
namespace {

std::int64_t today() { return QDate(1970, 1, 1).daysTo(QDate::currentDate()); }

bool has_setup(const Node& root, const std::string& name) {
  const Node* const setups = root.find("setups");
  return setups != nullptr && setups->find(name) != nullptr;
}

}  // namespace

PlanDialog::PlanDialog(QWidget* parent)
    : QDialog(parent),
      plans_(new PlanModel(shipped_catalog(), today(), this)),
      filter_(new QLineEdit(this)),
      table_(new QTableView(this)) {
  setWindowTitle(tr("Add a setup on a plan"));
  filter_->setPlaceholderText(tr("Provider, kind or name, such as: hetzner vps"));
  filter_->setAccessibleName(tr("Words to look for"));
  filter_->setClearButtonEnabled(true);
  table_->setModel(plans_);
  table_->setAccessibleName(tr("Plans"));
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setShowGrid(false);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->horizontalHeader()->setStretchLastSection(true);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->resizeColumnsToContents();
  auto* const note =
      new QLabel(tr("No quotes: look at the provider's page before you buy. ?: not published."));
  note->setForegroundRole(QPalette::PlaceholderText);
  auto* const buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
  QPushButton* const add = buttons->button(QDialogButtonBox::Ok);
  add->setText(tr("Add the setup"));
  add->setEnabled(false);
  for (QAbstractButton* const button : buttons->buttons()) button->setIcon({});
  auto* const column = new QVBoxLayout(this);
  column->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
  column->setSpacing(kGrid);
  column->addWidget(filter_);
  column->addWidget(table_, 1);
  column->addWidget(note);
  column->addWidget(buttons);
  resize(132 * kGrid, 64 * kGrid);
  const auto refresh = [this, add] { add->setEnabled(!chosen().empty()); };
  connect(filter_, &QLineEdit::textChanged, this, [this, refresh](const QString& words) {
    plans_->setFilter(words);
    table_->resizeColumnsToContents();
    if (plans_->rowCount() > 0) table_->selectRow(0);
    refresh();
  });
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, refresh);
  connect(table_, &QTableView::doubleClicked, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

std::string PlanDialog::chosen() const {
  const QModelIndexList rows = table_->selectionModel()->selectedRows();
  return rows.isEmpty() ? std::string() : plans_->plan(rows.front().row()).name;
}

bool addSetup(Document& document, const std::string& plan) {
  const auto& tree = document.tree();
  if (!tree) return false;
  std::string name = plan;
  for (int number = 2; has_setup(*tree, name); ++number) {
    name = plan + "-" + std::to_string(number);
  }
  const Node* const setups = tree->find("setups");
  if (setups == nullptr) return false;
  const std::string last = setups->keys.empty() ? std::string() : setups->keys.back().text;
  return document.insertEntry("/setups", last, name, "{ \"plan\": " + json_text(plan) + " }");
}

}  // namespace cotenant::gui
