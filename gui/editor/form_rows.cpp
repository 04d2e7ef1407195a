// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/form_rows.h"

#include <algorithm>

#include "gui/editor/words.h"

namespace cotenant::gui {

namespace {

using Kind = ValueType::Kind;

// Longer lists are for the raw view.
constexpr std::size_t kMostItems = 50;

const Node* memberOf(const Node* node, const std::string& key) {
  return node != nullptr && node->kind == Node::Kind::object ? node->find(key) : nullptr;
}

class RowMaker {
 public:
  explicit RowMaker(std::vector<FormRow>& rows) : rows_(rows) {}

  void members(const ObjectType& object, const std::string& pointer, const Node* node, int depth) {
    const bool keyed = object.choice && object.choice->tag.empty();
    if (keyed) addWhich(object, pointer, node, depth);
    for (const Member* member : members_of(object, node)) {
      FormRow row;
      row.pointer = pointer + pointer_token(member->key);
      row.label = labelOf(member->key);
      row.member = member;
      row.value = &member->value;
      row.depth = depth;
      value(std::move(row), memberOf(node, member->key));
    }
  }

  // What stands inside a list or table.
  void items(const ValueType& type, const std::string& pointer, const Node& node, int depth) {
    const bool table = type.kind == Kind::table;
    if (node.kind != (table ? Node::Kind::object : Node::Kind::array)) return;
    const std::size_t shown = std::min(node.items.size(), kMostItems);
    for (std::size_t i = 0; i < shown; ++i) {
      FormRow row;
      row.pointer = pointer + (table ? pointer_token(node.keys[i].text) : "/" + std::to_string(i));
      row.label = table ? fromUtf8(node.keys[i].text) : QString::number(i + 1);
      row.value = type.item.get();
      row.depth = depth;
      row.isItem = true;
      row.isEntry = table;
      value(std::move(row), &node.items[i]);
    }
    if (shown < node.items.size()) {
      FormRow row;
      row.kind = FormRow::Kind::truncated;
      row.pointer = pointer;
      row.label = QString::number(node.items.size() - shown);
      row.depth = depth;
      rows_.push_back(std::move(row));
    }
  }

 private:
  void addWhich(const ObjectType& object, const std::string& pointer, const Node* node, int depth) {
    FormRow row;
    row.kind = FormRow::Kind::which;
    row.pointer = pointer;
    row.depth = depth;
    row.isSet = node != nullptr && chosen(object, *node) != nullptr;
    row.object = &object;
    rows_.push_back(std::move(row));
  }

  void value(FormRow row, const Node* node) {
    row.isSet = node != nullptr;
    const ValueType& type = *row.value;
    if (type.kind == Kind::list || type.kind == Kind::table) return list(std::move(row), node);
    if (type.kind != Kind::object) return add(std::move(row), FormRow::Kind::field);
    if (type.object->brief == nullptr) return add(std::move(row), FormRow::Kind::link);
    if (node == nullptr || node->kind != Node::Kind::object) {
      return add(std::move(row), FormRow::Kind::field);
    }
    const std::string pointer = row.pointer;
    const int depth = row.depth + 1;
    add(std::move(row), FormRow::Kind::group);
    members(*type.object, pointer, node, depth);
  }

  void list(FormRow row, const Node* node) {
    const ValueType& type = *row.value;
    const std::string pointer = row.pointer;
    const int depth = row.depth + 1;
    add(std::move(row), FormRow::Kind::items);
    if (node != nullptr) items(type, pointer, *node, depth);
  }

  void add(FormRow row, FormRow::Kind kind) {
    row.kind = kind;
    rows_.push_back(std::move(row));
  }

  std::vector<FormRow>& rows_;
};

}  // namespace

bool FormRow::sameLayout(const FormRow& other) const {
  // Links look different when there is nothing behind them yet.
  const bool sameState = isSet == other.isSet || kind == Kind::field;
  return kind == other.kind && pointer == other.pointer && label == other.label &&
         value == other.value && member == other.member && depth == other.depth && sameState;
}

std::vector<FormRow> formRows(const Grammar& grammar, const Node& root, std::string_view pointer) {
  std::vector<FormRow> rows;
  const std::optional<DocumentPlace> place = place_at(grammar, root, pointer);
  if (!place) return rows;
  RowMaker maker(rows);
  const std::string at(pointer);
  const ValueType& type = *place->value;
  if (type.kind == Kind::object) {
    maker.members(*type.object, at, place->node, 0);
  } else if (type.kind == Kind::list || type.kind == Kind::table) {
    FormRow row;
    row.kind = FormRow::Kind::items;
    row.pointer = at;
    row.label = labelOf(place->member->key);
    row.member = place->member;
    row.value = &type;
    row.isSet = place->node != nullptr;
    rows.push_back(std::move(row));
    if (place->node != nullptr) maker.items(type, at, *place->node, 0);
  }
  return rows;
}

bool hasForm(const ValueType& type) {
  if (type.kind == Kind::object) return type.object->brief == nullptr;
  if (type.kind == Kind::list || type.kind == Kind::table) return hasForm(*type.item);
  return false;
}

std::string formOf(const Grammar& grammar, const Node& root, std::string_view pointer) {
  std::string form;
  std::string at;
  for (const std::string& key : pointer_keys(pointer)) {
    at += pointer_token(key);
    const std::optional<DocumentPlace> place = place_at(grammar, root, at);
    if (!place || place->node == nullptr) break;
    if (hasForm(*place->value)) form = at;
  }
  return form;
}

}  // namespace cotenant::gui
