// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/items/findings_model.h"

#include <QFileInfo>
#include <QStringList>
#include <utility>

#include "gui/items/texts.h"

namespace cotenant::gui {
namespace {

enum Column { kKind, kPlace, kText, kColumns };

QString kind_text(FindingKind kind) {
  switch (kind) {
    case FindingKind::taken:
      return FindingsModel::tr("taken");
    case FindingKind::assumed:
      return FindingsModel::tr("assumed");
    case FindingKind::ignored:
      break;
  }
  return FindingsModel::tr("ignored");
}

QString place_text(const Finding& finding) {
  const QString name = QFileInfo(text(finding.file)).fileName();
  return finding.line == 0 ? name : QStringLiteral("%1:%2").arg(name).arg(finding.line);
}

QString shown(const Finding& finding, int column) {
  switch (column) {
    case kKind:
      return kind_text(finding.kind);
    case kPlace:
      return place_text(finding);
    default:
      return QStringLiteral("%1: %2").arg(text(finding.what), text(finding.text));
  }
}

}  // namespace

void FindingsModel::setFindings(Findings findings) {
  beginResetModel();
  findings_ = std::move(findings);
  endResetModel();
}

int FindingsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(findings_.size());
}

int FindingsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : kColumns;
}

QVariant FindingsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Finding& finding = findings_[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return shown(finding, index.column());
    case Qt::ToolTipRole:
      return index.column() == kPlace ? text(finding.file) : shown(finding, index.column());
    case Qt::TextAlignmentRole:
      return QVariant::fromValue(Qt::Alignment(Qt::AlignLeft | Qt::AlignTop));
    default:
      return {};
  }
}

QVariant FindingsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return QStringList{tr("Finding"), tr("File and line"), tr("What became of it")}.value(section);
}

}  // namespace cotenant::gui
