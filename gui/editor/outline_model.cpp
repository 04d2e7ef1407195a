// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/outline_model.h"

#include <algorithm>

#include "gui/document/document.h"
#include "gui/editor/form_rows.h"
#include "gui/editor/tinted_label.h"
#include "gui/editor/words.h"
#include "gui/look/theme.h"

namespace cotenant::gui {

namespace {

using Kind = ValueType::Kind;

bool concerns(const Diagnostic& problem, const std::string& pointer) {
  const std::string& at = problem.pointer;
  return at.compare(0, pointer.size(), pointer) == 0 &&
         (at.size() == pointer.size() || at[pointer.size()] == '/');
}

}  // namespace

struct OutlineModel::Item {
  std::string pointer;
  QString label;
  QString summary;
  QString help;
  int problems = 0;  // here and below
  bool isEntry = false;
  bool isItem = false;  // of a list
  bool isRemovable = false;
  Item* parent = nullptr;
  int row = 0;
  std::vector<std::unique_ptr<Item>> children;

  Item& add(std::string at, QString words) {
    auto child = std::make_unique<Item>();
    child->pointer = std::move(at);
    child->label = std::move(words);
    child->parent = this;
    child->row = static_cast<int>(children.size());
    children.push_back(std::move(child));
    return *children.back();
  }
};

OutlineModel::OutlineModel(Document& document, QObject* parent)
    : QAbstractItemModel(parent),
      document_(document),
      grammar_(scenario_grammar()),
      root_(build()) {
  connect(&document, &Document::changed, this, &OutlineModel::refresh);
}

OutlineModel::~OutlineModel() = default;

// The first row is the scenario itself, for its name and seed; the rest stands beside it.
std::unique_ptr<OutlineModel::Item> OutlineModel::build() const {
  auto root = std::make_unique<Item>();
  if (!document_.tree()) return root;
  const Node& node = *document_.tree();
  Item& itself = root->add("", tr("Scenario"));
  const Node* name = node.find("name");
  if (name != nullptr) itself.summary = plainText(*name);
  itself.help = fromUtf8(grammar_.root.object->help);
  for (const Diagnostic& problem : document_.problems()) {
    // Those of its plain members.
    const auto keys = pointer_keys(problem.pointer);
    if (keys.size() <= 1) ++itself.problems;
  }
  buildMembers(*root, *grammar_.root.object, node);
  for (std::size_t i = 1; i < root->children.size(); ++i) countProblems(*root->children[i]);
  return root;
}

void OutlineModel::buildChildren(Item& item, const ValueType& type, const Node& node) const {
  item.summary = summaryOf(type, node);
  if (type.kind == Kind::object && node.kind == Node::Kind::object) {
    buildMembers(item, *type.object, node);
  } else if (type.kind == Kind::list || type.kind == Kind::table) {
    buildItems(item, type, node);
  }
}

void OutlineModel::buildMembers(Item& item, const ObjectType& object, const Node& node) const {
  if (node.kind != Node::Kind::object) return;
  for (const Member* member : members_of(object, &node)) {
    const Node* value = node.find(member->key);
    if (value == nullptr || !hasForm(member->value)) continue;
    Item& child = item.add(item.pointer + pointer_token(member->key), labelOf(member->key));
    child.help = fromUtf8(member->help);
    child.isRemovable = !member->required;
    buildChildren(child, member->value, *value);
  }
}

void OutlineModel::buildItems(Item& item, const ValueType& type, const Node& node) const {
  const bool table = type.kind == Kind::table;
  if (node.kind != (table ? Node::Kind::object : Node::Kind::array)) return;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string token = table ? pointer_token(node.keys[i].text) : "/" + std::to_string(i);
    const QString label = table ? fromUtf8(node.keys[i].text) : QString::number(i + 1);
    Item& child = item.add(item.pointer + token, label);
    child.isEntry = table;
    child.isItem = !table;
    child.isRemovable = node.items.size() > type.min_items;
    if (type.item->object != nullptr) child.help = fromUtf8(type.item->object->help);
    buildChildren(child, *type.item, node.items[i]);
  }
}

void OutlineModel::countProblems(Item& item) const {
  for (const Diagnostic& problem : document_.problems()) {
    if (concerns(problem, item.pointer)) ++item.problems;
  }
  for (const auto& child : item.children) countProblems(*child);
}

void OutlineModel::refresh() {
  if (!document_.tree()) return;
  std::unique_ptr<Item> next = build();
  if (takeOver(*root_, *next, {})) return;
  beginResetModel();
  root_ = std::move(next);
  endResetModel();
}

// Rows that stay where they are take over what is said of them. False at the first that does not;
// what has been taken over until then is right all the same.
bool OutlineModel::takeOver(Item& now, Item& next, const QModelIndex& at) {
  if (now.pointer != next.pointer || now.children.size() != next.children.size()) return false;
  const bool changed = now.label != next.label || now.summary != next.summary ||
                       now.problems != next.problems || now.help != next.help;
  now.label = next.label;
  now.summary = next.summary;
  now.help = next.help;
  now.problems = next.problems;
  now.isRemovable = next.isRemovable;
  if (changed && at.isValid()) Q_EMIT dataChanged(at, at);
  for (std::size_t i = 0; i < now.children.size(); ++i) {
    const QModelIndex child = index(static_cast<int>(i), 0, at);
    if (!takeOver(*now.children[i], *next.children[i], child)) return false;
  }
  return true;
}

const OutlineModel::Item& OutlineModel::itemAt(const QModelIndex& index) const {
  return index.isValid() ? *static_cast<const Item*>(index.constInternalPointer()) : *root_;
}

QModelIndex OutlineModel::indexOfItem(const Item& item) const {
  return item.parent == nullptr ? QModelIndex() : createIndex(item.row, 0, &item);
}

QModelIndex OutlineModel::index(int row, int column, const QModelIndex& parent) const {
  if (!hasIndex(row, column, parent)) return {};
  return createIndex(row, column, itemAt(parent).children[static_cast<std::size_t>(row)].get());
}

QModelIndex OutlineModel::parent(const QModelIndex& index) const {
  const Item& item = itemAt(index);
  return item.parent == nullptr ? QModelIndex() : indexOfItem(*item.parent);
}

int OutlineModel::rowCount(const QModelIndex& parent) const {
  return parent.column() > 0 ? 0 : static_cast<int>(itemAt(parent).children.size());
}
int OutlineModel::columnCount(const QModelIndex&) const { return 1; }

QVariant OutlineModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Item& item = itemAt(index);
  switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
      return item.label;
    case Qt::ToolTipRole:
      return toolTipOf(item);
    case Qt::AccessibleTextRole:
      return QStringLiteral("%1 %2").arg(item.label, item.summary).trimmed();
    case Qt::AccessibleDescriptionRole:
      return item.problems == 0 ? QString() : counted(item.problems, tr("problem"), tr("problems"));
    case kPointerRole:
      return fromUtf8(item.pointer);
    case kSummaryRole:
      return item.summary;
    case kProblemsRole:
      return item.problems;
    default:
      return {};
  }
}

QString OutlineModel::toolTipOf(const Item& item) const {
  for (const Diagnostic& problem : document_.problems()) {
    if (item.problems > 0 && concerns(problem, item.pointer)) {
      return problemText(fromUtf8(problem.message));
    }
  }
  return item.help;
}

Qt::ItemFlags OutlineModel::flags(const QModelIndex& index) const {
  if (!index.isValid()) return Qt::NoItemFlags;
  const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
  return itemAt(index).isEntry ? flags | Qt::ItemIsEditable : flags;
}

bool OutlineModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (role != Qt::EditRole || !isEntry(index)) return false;
  const std::string pointer = itemAt(index).pointer;
  const std::string name = value.toString().trimmed().toStdString();
  if (name == pointer_keys(pointer).back()) return true;
  if (!document_.rename(pointer, name)) return false;
  Q_EMIT renamed(pointer.substr(0, pointer.rfind('/')) + pointer_token(name));
  return true;
}

std::string OutlineModel::pointerAt(const QModelIndex& index) const {
  return itemAt(index).pointer;
}

QModelIndex OutlineModel::indexOf(std::string_view pointer) const {
  const Item* found = root_->children.empty() ? root_.get() : root_->children[0].get();
  const Item* at = root_.get();
  while (at != nullptr) {
    const Item* inner = nullptr;
    for (const auto& child : at->children) {
      const std::string& p = child->pointer;
      const bool on_way = pointer.substr(0, p.size()) == p &&
                          (pointer.size() == p.size() || pointer[p.size()] == '/');
      if (on_way && !p.empty()) inner = child.get();
    }
    if (inner != nullptr) found = inner;
    at = inner;
  }
  return indexOfItem(*found);
}

bool OutlineModel::isEntry(const QModelIndex& index) const {
  return index.isValid() && itemAt(index).isEntry;
}
bool OutlineModel::isRemovable(const QModelIndex& index) const {
  return index.isValid() && itemAt(index).isRemovable;
}

}  // namespace cotenant::gui
