// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/finder_model.h"

#include <algorithm>

#include "gui/document/document.h"
#include "gui/editor/form_rows.h"
#include "gui/editor/words.h"

namespace cotenant::gui {

namespace {

// Without what tells one from many: "retry" finds "retries".
QString stemOf(const QString& word) {
  constexpr int kShortest = 4;
  if (word.size() < kShortest) return word;
  if (word.endsWith(QStringLiteral("ies"))) return word.chopped(3);
  const bool ending = word.endsWith(QLatin1Char('y')) || word.endsWith(QLatin1Char('s'));
  return ending ? word.chopped(1) : word;
}

bool hasAll(const QString& text, const QStringList& words) {
  return std::all_of(words.begin(), words.end(),
                     [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

// All objects, lists and tables that have a form, also those that could be added to one.
void addForms(const Grammar& grammar, const Node& root, const std::string& pointer, bool isSet,
              std::vector<std::string>& forms) {
  forms.push_back(pointer);
  for (const FormRow& row : formRows(grammar, root, pointer)) {
    const bool inner = row.value != nullptr && row.pointer != pointer && hasForm(*row.value);
    const bool addable = isSet && row.kind == FormRow::Kind::link;
    if (inner && (row.isSet || addable)) addForms(grammar, root, row.pointer, row.isSet, forms);
  }
}

QString placeOf(const std::string& form) {
  QStringList parts;
  for (const std::string& key : pointer_keys(form)) parts.push_back(fromUtf8(key));
  return parts.isEmpty() ? FinderModel::tr("scenario") : parts.join(QStringLiteral(" › "));
}

}  // namespace

FinderModel::FinderModel(Document& document, QObject* parent)
    : QAbstractListModel(parent), document_(document) {}

std::vector<FinderModel::Hit> FinderModel::allFields() const {
  std::vector<Hit> fields;
  if (!document_.tree()) return fields;
  const Grammar& grammar = scenario_grammar();
  const Node& root = *document_.tree();
  std::vector<std::string> forms;
  addForms(grammar, root, "", true, forms);
  for (const std::string& form : forms) {
    for (const FormRow& row : formRows(grammar, root, form)) {
      if (row.member == nullptr || row.pointer == form) continue;
      fields.push_back({row.pointer, row.label, placeOf(form), fromUtf8(row.member->help)});
    }
  }
  return fields;
}

void FinderModel::find(const QString& words) {
  QStringList wanted = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  for (QString& word : wanted) word = stemOf(word);
  std::vector<Hit> hits;
  if (!wanted.isEmpty()) {
    for (Hit& field : allFields()) {
      const QString key = fromUtf8(pointer_keys(field.pointer).back());
      const QString all = field.label + QLatin1Char(' ') + key + QLatin1Char(' ') + field.place;
      if (hasAll(all + QLatin1Char(' ') + field.help, wanted)) hits.push_back(std::move(field));
    }
    std::stable_partition(hits.begin(), hits.end(),
                          [&](const Hit& hit) { return hasAll(hit.label, wanted); });
  }
  beginResetModel();
  hits_ = std::move(hits);
  endResetModel();
}

int FinderModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(hits_.size());
}

QVariant FinderModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Hit& hit = hits_[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return tr("%1 — %2").arg(hit.label, hit.place);
    case Qt::ToolTipRole:
      return hit.help;
    case kPlaceRole:
      return hit.place;
    case kPointerRole:
      return fromUtf8(hit.pointer);
    default:
      return {};
  }
}

std::string FinderModel::pointerAt(const QModelIndex& index) const {
  return hits_[static_cast<std::size_t>(index.row())].pointer;
}

}  // namespace cotenant::gui
