// SPDX-License-Identifier: Apache-2.0
//
// Dense indices that cannot be mixed up: a TaskId is not a GroupId, though both are small integers.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
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

// A vector indexed by one kind of id only; access is checked. It knows its own size, because a
// std::vector computes it at each access, which was a sixth of all instructions of a run.
template <class IdType, class Value>
class IdVector {
 public:
  IdVector() = default;
  explicit IdVector(std::size_t size) : values_(size), size_(counted(size)) {}
  IdVector(std::size_t size, const Value& value) : values_(size, value), size_(counted(size)) {}

  IdVector(const IdVector&) = default;
  // What was moved from is empty, so that access to it is still found out.
  IdVector(IdVector&& other) noexcept
      : values_(std::move(other.values_)), size_(std::exchange(other.size_, 0)) {}
  IdVector& operator=(IdVector other) noexcept {
    values_.swap(other.values_);
    size_ = other.size_;
    return *this;
  }
  ~IdVector() = default;

  Value& operator[](IdType id) {
    COTENANT_ASSERT(id.index() < size_);
    return values_[id.index()];
  }
  const Value& operator[](IdType id) const {
    COTENANT_ASSERT(id.index() < size_);
    return values_[id.index()];
  }

  IdType push_back(Value value) {
    values_.push_back(std::move(value));
    size_ = counted(values_.size());
    return IdType(size_ - 1);
  }

  std::uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::size_t capacity() const { return values_.capacity(); }

  auto begin() { return values_.begin(); }
  auto end() { return values_.end(); }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

 private:
  static std::uint32_t counted(std::size_t size) {
    COTENANT_ASSERT(size < IdType::none().index());
    return static_cast<std::uint32_t>(size);
  }

  std::vector<Value> values_;
  std::uint32_t size_ = 0;
};

}  // namespace cotenant
