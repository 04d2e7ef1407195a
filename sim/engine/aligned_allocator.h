// SPDX-License-Identifier: Apache-2.0
//
// Storage for std::vector that starts at a multiple of a cache line, so that what lies together in
// pairs or fours never straddles two lines. It changes nothing else about the vector.
#pragma once

#include <cstddef>
#include <new>

namespace cotenant {

constexpr std::size_t kCacheLine = 64;  // bytes, on x86-64 and on most 64-bit ARM

template <class Value>
struct CacheLineAllocator {
  using value_type = Value;

  CacheLineAllocator() = default;
  template <class Other>
  CacheLineAllocator(const CacheLineAllocator<Other>&) {}

  Value* allocate(std::size_t count) {
    return static_cast<Value*>(
        ::operator new (count * sizeof(Value), std::align_val_t{kCacheLine}));
  }
  void deallocate(Value* values, std::size_t) {
    ::operator delete (values, std::align_val_t{kCacheLine});
  }

  friend bool operator==(CacheLineAllocator, CacheLineAllocator) { return true; }
};

}  // namespace cotenant
