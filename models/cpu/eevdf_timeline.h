// SPDX-License-Identifier: Apache-2.0
//
// The entities that wait on a run queue, ordered by virtual deadline and then by arrival, each node
// knowing the least vruntime below it, so that the earliest deadline among those that are eligible
// is found in one descent. The kernel uses an augmented red-black tree; this is a treap (Seidel and
// Aragon 1996) whose priorities are hashes, which needs no parent links and gives the same order.
#pragma once

#include "models/cpu/eevdf_entity.h"

namespace cotenant::timeline {

// A tree of one.
inline EntityId plant(Entities& entities, EntityId only) {
  Entity& entity = entities[only];
  entity.left = entity.right = EntityId::none();
  entity.least_vruntime = entity.vruntime;
  return only;
}

// Both return the new root. An entity's deadline must not change while it is in the tree.
EntityId insert(Entities& entities, EntityId root, EntityId entity);
EntityId erase(Entities& entities, EntityId root, EntityId entity);

// The one with the earliest deadline among those for which eligible(vruntime) holds; none if there
// is none. eligible() must hold for anything less than what it holds for.
template <class Eligible>
EntityId first_eligible(const Entities& entities, EntityId root, const Eligible& eligible) {
  EntityId at = root;
  while (!at.is_none()) {
    const Entity& entity = entities[at];
    if (!entity.left.is_none() && eligible(entities[entity.left].least_vruntime)) {
      at = entity.left;
      continue;
    }
    if (eligible(entity.vruntime)) return at;
    at = entity.right;
  }
  return at;
}

// Least of the slices in the tree; visits all of it.
std::int64_t least_slice(const Entities& entities, EntityId root, std::int64_t so_far);

}  // namespace cotenant::timeline
