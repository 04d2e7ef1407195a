// SPDX-License-Identifier: Apache-2.0
//
// Dense indices that cannot be mixed up: a TaskId is not a GroupId, though both are small integers.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "sim/base/assert.h"

namespace cotenant {

template <class Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(std::uint32_t index) : index_(index) {}

  static constexpr Id none() { return Id(); }

  constexpr bool is_none() const { return index_ == kNone; }
  constexpr std::uint32_t index() const { return index_; }

  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::uint32_t index_ = kNone;
};

// A vector indexed by one kind of id only; access is checked.
template <class IdType, class Value>
class IdVector {
 public:
  IdVector() = default;
  explicit IdVector(std::size_t size) : values_(size) {}
  IdVector(std::size_t size, const Value& value) : values_(size, value) {}

  Value& operator[](IdType id) {
    COTENANT_ASSERT(contains(id));
    return values_[id.index()];
  }
  const Value& operator[](IdType id) const {
    COTENANT_ASSERT(contains(id));
    return values_[id.index()];
  }

  IdType push_back(Value value) {
    values_.push_back(std::move(value));
    return IdType(static_cast<std::uint32_t>(values_.size() - 1));
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(values_.size()); }
  bool empty() const { return values_.empty(); }

  auto begin() { return values_.begin(); }
  auto end() { return values_.end(); }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

 private:
  // Compares bytes: to know the number of values takes a division by their size, which at each
  // access was a tenth of all instructions of a run.
  bool contains(IdType id) const {
    const auto* begin = reinterpret_cast<const char*>(std::to_address(values_.begin()));
    const auto* end = reinterpret_cast<const char*>(std::to_address(values_.end()));
    return std::uint64_t{id.index()} * sizeof(Value) < static_cast<std::uint64_t>(end - begin);
  }

  std::vector<Value> values_;
};

}  // namespace cotenant
