// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/problems_model.h"

#include "gui/document/document.h"
#include "gui/editor/tinted_label.h"
#include "gui/editor/words.h"

namespace cotenant::gui {

namespace {

// "vps › Machine › Cores", or nothing for the whole document.
QString placeOf(const std::string& pointer) {
  QStringList parts;
  for (const std::string& key : pointer_keys(pointer)) parts.push_back(labelOf(key));
  return parts.join(QStringLiteral(" › "));
}

QString textOf(const Diagnostic& problem) {
  const QString place = placeOf(problem.pointer);
  QString text = place.isEmpty() ? fromUtf8(problem.message)
                                 : QStringLiteral("%1 %2").arg(place, fromUtf8(problem.message));
  if (!problem.nearest.empty()) {
    text += ProblemsModel::tr("; did you mean \"%1\"?").arg(fromUtf8(problem.nearest));
  }
  return text;
}

}  // namespace

ProblemsModel::ProblemsModel(Document& document, QObject* parent)
    : QAbstractListModel(parent), document_(document), problems_(document.problems()) {
  connect(&document, &Document::changed, this, &ProblemsModel::refresh);
}

void ProblemsModel::refresh() {
  if (problems_ == document_.problems()) return;
  beginResetModel();
  problems_ = document_.problems();
  endResetModel();
}

int ProblemsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(problems_.size());
}

QVariant ProblemsModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Diagnostic& at = problem(index);
  switch (role) {
    case Qt::DisplayRole:
      return problemText(textOf(at));
    case Qt::ToolTipRole:
      return at.line == 0 ? textOf(at) : tr("Line %1: %2").arg(at.line).arg(textOf(at));
    default:
      return {};
  }
}

const Diagnostic& ProblemsModel::problem(const QModelIndex& index) const {
  return problems_[static_cast<std::size_t>(index.row())];
}

}  // namespace cotenant::gui
