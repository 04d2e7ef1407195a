// SPDX-License-Identifier: Apache-2.0
//
// Recursion is as deep as the treap, which is logarithmic for any order of insertion because
// priorities do not depend on deadlines.
#include "models/cpu/eevdf_timeline.h"

#include <algorithm>

#include "sim/base/assert.h"
#include "sim/base/hash.h"

namespace cotenant::timeline {
namespace {

bool earlier(const Entity& a, const Entity& b) {
  const std::int64_t difference = a.deadline - b.deadline;
  return difference != 0 ? difference < 0 : a.order < b.order;
}

bool above(EntityId a, EntityId b) { return mix64(a.index()) > mix64(b.index()); }

void update(Entities& entities, EntityId at) {
  Entity& entity = entities[at];
  VirtualTime least = entity.vruntime;
  for (const EntityId child : {entity.left, entity.right}) {
    if (child.is_none()) continue;
    const VirtualTime below = entities[child].least_vruntime;
    if (below - least < 0) least = below;
  }
  entity.least_vruntime = least;
}

struct Halves {
  EntityId before;
  EntityId after;
};

Halves split(Entities& entities, EntityId root, const Entity& at) {
  if (root.is_none()) return {};
  Entity& entity = entities[root];
  Halves halves;
  if (earlier(entity, at)) {
    halves = split(entities, entity.right, at);
    entity.right = halves.before;
    halves.before = root;
  } else {
    halves = split(entities, entity.left, at);
    entity.left = halves.after;
    halves.after = root;
  }
  update(entities, root);
  return halves;
}

EntityId merge(Entities& entities, EntityId before, EntityId after) {
  if (before.is_none()) return after;
  if (after.is_none()) return before;
  const EntityId root = above(before, after) ? before : after;
  Entity& entity = entities[root];
  if (root == before) {
    entity.right = merge(entities, entity.right, after);
  } else {
    entity.left = merge(entities, before, entity.left);
  }
  update(entities, root);
  return root;
}

}  // namespace

EntityId insert(Entities& entities, EntityId root, EntityId added) {
  Entity& entity = entities[added];
  if (root.is_none() || above(added, root)) {
    const Halves halves = split(entities, root, entity);
    entity.left = halves.before;
    entity.right = halves.after;
    update(entities, added);
    return added;
  }
  Entity& top = entities[root];
  EntityId& side = earlier(entity, top) ? top.left : top.right;
  side = insert(entities, side, added);
  update(entities, root);
  return root;
}

EntityId erase(Entities& entities, EntityId root, EntityId removed) {
  COTENANT_ASSERT(!root.is_none());
  if (root == removed) {
    return merge(entities, entities[root].left, entities[root].right);
  }
  Entity& top = entities[root];
  EntityId& side = earlier(entities[removed], top) ? top.left : top.right;
  side = erase(entities, side, removed);
  update(entities, root);
  return root;
}

std::int64_t least_slice(const Entities& entities, EntityId root, std::int64_t so_far) {
  if (root.is_none()) return so_far;
  const Entity& entity = entities[root];
  so_far = std::min(so_far, entity.slice);
  so_far = least_slice(entities, entity.left, so_far);
  return least_slice(entities, entity.right, so_far);
}

}  // namespace cotenant::timeline
