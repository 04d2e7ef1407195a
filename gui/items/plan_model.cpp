// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/items/plan_model.h"

#include <QStringList>
#include <algorithm>
#include <array>
#include <iterator>

#include "gui/items/texts.h"

namespace cotenant::gui {
namespace {

struct Column {
  const char* heading;
  std::string PlanWords::*words;
  bool is_number;
};
constexpr std::array kColumns = {
    Column{QT_TRANSLATE_NOOP("PlanModel", "Plan"), &PlanWords::name, false},
    Column{QT_TRANSLATE_NOOP("PlanModel", "Provider"), &PlanWords::provider, false},
    Column{QT_TRANSLATE_NOOP("PlanModel", "Kind"), &PlanWords::kind, false},
    Column{QT_TRANSLATE_NOOP("PlanModel", "vCPUs"), &PlanWords::vcpus, true},
    Column{QT_TRANSLATE_NOOP("PlanModel", "CPU"), &PlanWords::cpu, false},
    Column{QT_TRANSLATE_NOOP("PlanModel", "Memory"), &PlanWords::memory, true},
    Column{QT_TRANSLATE_NOOP("PlanModel", "Price"), &PlanWords::price, true},
    Column{QT_TRANSLATE_NOOP("PlanModel", "As of"), &PlanWords::as_of, false},
};

const Column& column_at(int section) { return kColumns[static_cast<std::size_t>(section)]; }

QVariant alignment(const Column& column) {
  return QVariant::fromValue(
      Qt::Alignment((column.is_number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
}

}  // namespace

PlanModel::PlanModel(const Catalog& catalog, std::int64_t today, QObject* parent)
    : QAbstractTableModel(parent) {
  for (const auto& [name, plan] : catalog.plans) all_.push_back(words_of(name, plan, today));
  shown_ = all_;
}

void PlanModel::setFilter(const QString& words) {
  std::vector<std::string> wanted;
  for (const QString& word : words.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
    wanted.push_back(utf8(word));
  }
  beginResetModel();
  shown_.clear();
  std::copy_if(all_.begin(), all_.end(), std::back_inserter(shown_),
               [&](const PlanWords& plan) { return matches(plan, wanted); });
  endResetModel();
}

int PlanModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

int PlanModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(kColumns.size());
}

QVariant PlanModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Column& column = column_at(index.column());
  const PlanWords& plan = shown_[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return text(plan.*column.words);
    case Qt::ToolTipRole:
      return plan.is_old ? tr("The price is old, or of unknown age: check it before you buy.")
                         : QString();
    case Qt::TextAlignmentRole:
      return alignment(column);
    default:
      return {};
  }
}

QVariant PlanModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  if (role == Qt::DisplayRole) return tr(column_at(section).heading);
  return role == Qt::TextAlignmentRole ? alignment(column_at(section)) : QVariant();
}

}  // namespace cotenant::gui
