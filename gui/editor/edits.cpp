// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/edits.h"

#include <algorithm>
#include <vector>

#include "gui/document/document.h"
#include "gui/editor/words.h"

namespace cotenant::gui {

namespace {

bool knows(const std::vector<const Member*>& members, std::string_view key) {
  return std::any_of(members.begin(), members.end(),
                     [&](const Member* member) { return member->key == key; });
}

// An object that is nothing but the alternative.
Node exampleOf(const Choice& choice, const std::string& name) {
  Node node;
  node.kind = Node::Kind::object;
  node.keys.push_back({choice.tag.empty() ? name : choice.tag, {}, {}});
  node.items.emplace_back();
  node.items[0].kind = Node::Kind::string;
  node.items[0].text = name;
  return node;
}

}  // namespace

void switchAlternative(Document& document, std::string_view pointer, const ObjectType& object,
                       const std::string& name) {
  const Node* node = document.tree() ? find_pointer(*document.tree(), pointer) : nullptr;
  if (node == nullptr || !object.choice) return;
  const std::string at(pointer);
  const Choice& choice = *object.choice;
  const Node example = exampleOf(choice, name);
  const std::vector<const Member*> members = members_of(object, &example);
  std::vector<std::string> leaving;
  for (const Key& key : node->keys) {
    if (!knows(members, key.text)) leaving.push_back(key.text);
  }
  std::vector<const Member*> coming;
  for (const Member* member : members) {
    const bool needed = member->required || (choice.tag.empty() && member->key == name);
    if (needed && member->key != choice.tag && node->find(member->key) == nullptr) {
      coming.push_back(member);
    }
  }
  document.undoStack().beginMacro(Document::tr("Make it %1").arg(fromUtf8(name)));
  if (!choice.tag.empty()) document.setValue(at + pointer_token(choice.tag), json_text(name));
  for (const std::string& key : leaving) document.remove(at + pointer_token(key));
  for (const Member* member : coming) {
    document.setValue(at + pointer_token(member->key), starting_value(*member));
  }
  document.undoStack().endMacro();
}

std::string freshName(const Document& document, std::string_view table, const std::string& wish) {
  const Node* node = document.tree() ? find_pointer(*document.tree(), table) : nullptr;
  std::string name = wish;
  for (int i = 2; node != nullptr && node->find(name) != nullptr; ++i) {
    name = wish + " " + std::to_string(i);
  }
  return name;
}

}  // namespace cotenant::gui
