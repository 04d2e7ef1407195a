// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/document/references.h"

#include <algorithm>
#include <array>
#include <utility>

#include "scenarios/grammar.h"

namespace cotenant::gui {
namespace {

using Kind = ValueType::Kind;

enum class Thing { service, request_class, group, node, guest, plan, operation };

// Of an object of the grammar, by its name there.
struct Naming {
  std::string_view object, key;
  Thing thing;
};
constexpr std::array kNamings = {
    Naming{"request_class", "service", Thing::service},
    Naming{"objective", "class", Thing::request_class},
    Naming{"session_arrivals", "script", Thing::request_class},
    Naming{"session_arrivals", "walk", Thing::request_class},
    Naming{"hop", "class", Thing::request_class},
    Naming{"placement", "group", Thing::group},
    Naming{"neighbor", "group", Thing::group},
    Naming{"guest", "group", Thing::group},
    Naming{"log_daemon", "group", Thing::group},
    Naming{"group", "parent", Thing::group},
    Naming{"placement", "node", Thing::node},
    Naming{"placement", "guest", Thing::guest},
    Naming{"neighbor", "guest", Thing::guest},
    Naming{"setup", "plan", Thing::plan},
    Naming{"node", "plan", Thing::plan},
    Naming{"call_step", "call", Thing::operation},
    Naming{"send_step", "send", Thing::operation},
};

// The object itself, or one that it may be.
bool may_be(const ObjectType& object, std::string_view name) {
  if (object.name == name) return true;
  return object.choice &&
         std::ranges::any_of(object.choice->alternatives, [name](const auto& alternative) {
           return alternative.object->name == name;
         });
}

std::optional<Thing> named_by(const ObjectType& owner, const Member& member) {
  if (member.references == "services") return Thing::service;
  for (const Naming& naming : kNamings) {
    if (naming.key == member.key && may_be(owner, naming.object)) return naming.thing;
  }
  return {};
}

// Without its last `levels` keys.
std::string outside(std::string pointer, int levels) {
  for (; levels > 0; --levels) pointer.erase(pointer.rfind('/'));
  return pointer;
}

std::string text_at(const Node& root, const std::string& pointer) {
  const Node* const node = find_pointer(root, pointer);
  return node != nullptr && node->kind == Node::Kind::string ? node->text : std::string();
}

// The setup or node whose computer an object is about: a placement names it, all else is in it.
std::string hosting_of(const Node& root, const std::string& object) {
  const std::vector<std::string> keys = pointer_keys(object);
  if (keys.size() < 2) return {};
  const std::string setup = pointer_token(keys[0]) + pointer_token(keys[1]);
  const bool inside = keys.size() > 3 && keys[2] == "nodes";
  const std::string node = inside ? keys[3] : text_at(root, object + "/node");
  return node.empty() ? setup : setup + "/nodes" + pointer_token(node);
}

// The table of the groups that an object may name.
std::string groups_for(const Node& root, const std::string& object, std::string_view owner) {
  if (owner == "group") return outside(object, 1);
  const std::string hosting = hosting_of(root, object);
  // Inside of a guest, but for the guest itself, whose virtual CPUs are in a group of the host.
  std::string guest = owner == "guest" ? std::string() : text_at(root, object + "/guest");
  if (owner == "log_daemon") {
    const std::vector<std::string> keys = pointer_keys(object);
    const auto guests = std::find(keys.begin(), keys.end(), "guests");
    if (guests != keys.end() && guests + 1 != keys.end()) guest = guests[1];
  }
  return guest.empty() ? hosting + "/groups"
                       : hosting + "/guests" + pointer_token(guest) + "/groups";
}

std::string table_of(Thing thing, const Node& root, const std::string& object,
                     std::string_view owner) {
  switch (thing) {
    case Thing::service:
    case Thing::operation:
      return "/application";
    case Thing::request_class:
      return "/workload/requests";
    case Thing::group:
      return groups_for(root, object, owner);
    case Thing::node:
      return outside(object, 2) + "/nodes";
    case Thing::guest:
      return hosting_of(root, object) + "/guests";
    case Thing::plan:
      break;
  }
  return "/plans";
}

class Finder {
 public:
  explicit Finder(const Node& root) : root_(root) {}

  std::vector<Reference> find() && {
    value(scenario_grammar().root, root_, "");
    return std::move(found_);
  }

 private:
  void value(const ValueType& type, const Node& node, const std::string& pointer) {
    switch (type.kind) {
      case Kind::object:
        if (node.kind == Node::Kind::object) object(*type.object, node, pointer);
        break;
      case Kind::tuple:
        for (std::size_t i = 0; i < std::min(node.items.size(), type.object->members.size()); ++i) {
          member(*type.object, type.object->members[i], node.items[i],
                 pointer + "/" + std::to_string(i), pointer);
        }
        break;
      case Kind::list:
      case Kind::table:
        for (std::size_t i = 0; i < node.items.size(); ++i) {
          value(*type.item, node.items[i], pointer + token(node, i));
        }
        break;
      default:
        break;
    }
  }

  void object(const ObjectType& type, const Node& node, const std::string& pointer) {
    for (const Member* const each : members_of(type, &node)) {
      const Node* const inner = node.find(each->key);
      if (inner != nullptr)
        member(type, *each, *inner, pointer + pointer_token(each->key), pointer);
    }
  }

  void member(const ObjectType& owner, const Member& member, const Node& node,
              const std::string& pointer, const std::string& object) {
    if (const auto thing = named_by(owner, member)) {
      const std::string table = table_of(*thing, root_, object, owner.name);
      if (node.kind == Node::Kind::string) text(*thing, table, node.text, pointer);
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        const std::string inner = pointer + token(node, i);
        if (member.value.kind == Kind::table && i < node.keys.size()) {
          found_.push_back({inner, table, "", node.keys[i].text, "", true});
        } else if (node.items[i].kind == Node::Kind::string) {
          text(*thing, table, node.items[i].text, inner);
        }
      }
    }
    value(member.value, node, pointer);
  }

  // "database.list" names a service, and an operation of it.
  void text(Thing thing, const std::string& table, const std::string& said,
            const std::string& pointer) {
    const std::size_t dot = thing == Thing::operation ? said.find('.') : std::string::npos;
    const std::string name = said.substr(0, dot);
    const std::string rest = dot == std::string::npos ? std::string() : said.substr(dot);
    found_.push_back({pointer, table, "", name, rest});
    if (rest.empty()) return;
    found_.push_back(
        {pointer, table + pointer_token(name) + "/operations", name + ".", rest.substr(1), ""});
  }

  static std::string token(const Node& node, std::size_t place) {
    return place < node.keys.size() ? pointer_token(node.keys[place].text)
                                    : "/" + std::to_string(place);
  }

  const Node& root_;
  std::vector<Reference> found_;
};

std::vector<std::string> keys_at(const Node& root, const std::string& pointer) {
  std::vector<std::string> keys;
  const Node* const table = find_pointer(root, pointer);
  if (table == nullptr) return keys;
  for (const Key& key : table->keys) keys.push_back(key.text);
  return keys;
}

// The member that a pointer leads to, or of which it is an item.
std::optional<std::pair<DocumentPlace, std::string>> naming_place(const Node& root,
                                                                  std::string_view pointer) {
  const auto place = place_at(scenario_grammar(), root, pointer);
  if (!place || place->owner == nullptr || place->member == nullptr) return {};
  std::string member(pointer);
  if (place->value != &place->member->value) member = outside(member, 1);
  if (member.empty()) return {};
  return std::pair{*place, outside(member, 1)};
}

std::vector<std::string> operations_in(const Node& root) {
  std::vector<std::string> names;
  for (const std::string& service : keys_at(root, "/application")) {
    const std::string table = "/application" + pointer_token(service) + "/operations";
    for (const std::string& operation : keys_at(root, table)) {
      names.push_back(service + "." + operation);
    }
  }
  return names;
}

// Makes edits of one text after the other.
class Editing {
 public:
  explicit Editing(std::string_view text) : text_(text) { parse(); }

  bool make(const std::optional<TextEdit>& edit) {
    if (!edit) return false;
    apply_edit(*edit, text_);
    parse();
    return tree_.has_value();
  }
  const std::string& text() const { return text_; }
  const Node& tree() const { return *tree_; }

 private:
  void parse() {
    Diagnostics ignored;
    tree_ = parse_document(text_, ignored);
  }

  std::string text_;
  std::optional<Node> tree_;
};

}  // namespace

std::vector<Reference> references_in(const Node& root) { return Finder(root).find(); }

std::vector<std::string> names_for(const Node& root, std::string_view pointer) {
  const auto place = naming_place(root, pointer);
  if (!place) return {};
  const auto& [said, object] = *place;
  const auto thing = named_by(*said.owner, *said.member);
  if (!thing) return {};
  if (*thing == Thing::operation) return operations_in(root);
  return keys_at(root, table_of(*thing, root, object, said.owner->name));
}

bool namesPlan(const Node& root, std::string_view pointer) {
  const auto place = naming_place(root, pointer);
  return place && named_by(*place->first.owner, *place->first.member) == Thing::plan;
}

std::optional<TextEdit> rename_everywhere(std::string_view text, const Node& root,
                                          std::string_view pointer, std::string_view name) {
  const std::vector<std::string> keys = pointer_keys(pointer);
  if (keys.empty()) return {};
  const std::string table = outside(std::string(pointer), 1);
  std::vector<Reference> uses = references_in(root);
  std::erase_if(
      uses, [&](const Reference& use) { return use.table != table || use.name != keys.back(); });
  // Texts first and then keys from the inside, so that pointers lead where they did.
  std::stable_sort(uses.begin(), uses.end(), [](const Reference& a, const Reference& b) {
    if (a.isKey != b.isKey) return b.isKey;
    return a.isKey && a.pointer.size() > b.pointer.size();
  });
  Editing editing(text);
  for (const Reference& use : uses) {
    const std::string said = use.before + std::string(name) + use.after;
    // A key that is taken, which is a problem already, is left alone.
    editing.make(use.isKey
                     ? rename_key(editing.text(), editing.tree(), use.pointer, said)
                     : set_value(editing.text(), editing.tree(), use.pointer, json_text(said)));
  }
  if (!editing.make(rename_key(editing.text(), editing.tree(), pointer, name))) return {};
  return difference(text, editing.text());
}

}  // namespace cotenant::gui
