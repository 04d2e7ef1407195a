// SPDX-License-Identifier: Apache-2.0
//
// A table whose rows are reused: what is in the system now, however much has passed through it.
// Rows are named by ids; a row that is not in use cannot be looked at.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/hash.h"
#include "sim/base/id.h"
#include "sim/base/units.h"

namespace cotenant {

template <class IdType, class Row>
class RowTable {
 public:
  // A new row, in which nothing is said yet.
  IdType add() {
    ++live_;
    if (free_.empty()) {
      rows_.emplace_back();
      return in_use_.push_back(true);
    }
    const IdType id = free_.back();
    free_.pop_back();
    std::construct_at(&rows_[id.index()]);  // in place: rows may be as large as three cache lines
    in_use_[id] = true;
    return id;
  }
  void remove(IdType id) {
    COTENANT_ASSERT(in_use_[id]);
    in_use_[id] = false;
    free_.push_back(id);
    --live_;
  }
  Row& operator[](IdType id) {
    COTENANT_ASSERT(in_use_[id]);
    return rows_[id.index()];
  }
  const Row& operator[](IdType id) const {
    COTENANT_ASSERT(in_use_[id]);
    return rows_[id.index()];
  }

  std::uint32_t live() const { return live_; }

  // Calls f(IdType, const Row&) for every row in use.
  template <class F>
  void for_each(F f) const {
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
      if (in_use_[IdType(i)]) f(IdType(i), rows_[i]);
    }
  }

  Bytes memory() const {
    return Bytes(static_cast<std::int64_t>(rows_.capacity() * sizeof(Row) + in_use_.capacity() +
                                           free_.capacity() * sizeof(IdType)));
  }
  void hash_into(Hasher& hasher) const {
    hasher.add(live_);
    for_each([&](IdType id, const Row& row) {
      hasher.add(id.index());
      row.hash_into(hasher);
    });
  }

 private:
  std::vector<Row> rows_;
  IdVector<IdType, char> in_use_;  // one for each row, so access to it checks the bounds
  std::vector<IdType> free_;
  std::uint32_t live_ = 0;
};

}  // namespace cotenant
