// SPDX-License-Identifier: Apache-2.0
//
// Walks the grammar beside a document.
#include "scenarios/grammar.h"

namespace cotenant {

namespace {

using Kind = ValueType::Kind;

const Choice::Alternative* alternative_named(const Choice& choice, std::string_view name) {
  for (const Choice::Alternative& alternative : choice.alternatives) {
    if (alternative.name == name) return &alternative;
  }
  return nullptr;
}

const Member* member_named(const ObjectType& object, const Node* node, std::string_view key) {
  for (const Member* member : members_of(object, node)) {
    if (member->key == key) return member;
  }
  return nullptr;
}

std::optional<std::size_t> index_of(std::string_view key) {
  const bool digits = !key.empty() && key.size() < 10 &&
                      key.find_first_not_of("0123456789") == std::string_view::npos;
  if (!digits) return std::nullopt;
  return static_cast<std::size_t>(std::stoul(std::string(key)));
}

const Node* item_at(const Node* node, std::size_t index) {
  const bool there =
      node != nullptr && node->kind == Node::Kind::array && index < node->items.size();
  return there ? &node->items[index] : nullptr;
}

const Node* member_at(const Node* node, std::string_view key) {
  return node != nullptr && node->kind == Node::Kind::object ? node->find(key) : nullptr;
}

bool step_to_member(DocumentPlace& place, std::string_view key) {
  const ObjectType& object = *place.value->object;
  const bool is_object = place.node != nullptr && place.node->kind == Node::Kind::object;
  const Member* member = member_named(object, is_object ? place.node : nullptr, key);
  if (member == nullptr) return false;
  place = {&object, member, &member->value, member_at(place.node, key)};
  return true;
}

bool step_to_item(DocumentPlace& place, std::string_view key) {
  const std::optional<std::size_t> index = index_of(key);
  if (!index) return false;
  place.node = item_at(place.node, *index);
  if (place.value->kind == Kind::list) {
    place.value = place.value->item.get();
    return true;
  }
  const ObjectType& object = *place.value->object;
  if (*index >= object.members.size()) return false;
  const Member& member = object.members[*index];
  place = {&object, &member, &member.value, place.node};
  return true;
}

bool step(DocumentPlace& place, std::string_view key) {
  switch (place.value->kind) {
    case Kind::object:
      return step_to_member(place, key);
    case Kind::tuple:
    case Kind::list:
      return step_to_item(place, key);
    case Kind::table:
      place.node = member_at(place.node, key);
      place.value = place.value->item.get();
      return true;
    default:
      return false;
  }
}

}  // namespace

const Choice::Alternative* chosen(const ObjectType& object, const Node& node) {
  if (!object.choice) return nullptr;
  const Choice& choice = *object.choice;
  if (choice.tag.empty()) {
    for (const Key& key : node.keys) {
      if (const auto* found = alternative_named(choice, key.text)) return found;
    }
    return nullptr;
  }
  const Node* tag = member_at(&node, choice.tag);
  if (tag == nullptr) return alternative_named(choice, choice.fallback);
  return tag->kind == Node::Kind::string ? alternative_named(choice, tag->text) : nullptr;
}

std::vector<const Member*> members_of(const ObjectType& object, const Node* node) {
  static const Node kNothing;
  std::vector<const Member*> members;
  for (const Member& member : object.members) members.push_back(&member);
  if (!object.choice) return members;
  const Choice::Alternative* alternative = chosen(object, node == nullptr ? kNothing : *node);
  if (alternative == nullptr) return members;
  const std::vector<const Member*> theirs = members_of(*alternative->object, node);
  const auto place = members.begin() + static_cast<std::ptrdiff_t>(object.choice->place);
  members.insert(place, theirs.begin(), theirs.end());
  return members;
}

std::optional<DocumentPlace> place_at(const Grammar& grammar, const Node& root,
                                      std::string_view pointer) {
  DocumentPlace place{nullptr, nullptr, &grammar.root, &root};
  for (const std::string& key : pointer_keys(pointer)) {
    if (!step(place, key)) return std::nullopt;
  }
  return place;
}

}  // namespace cotenant
