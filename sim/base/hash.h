// SPDX-License-Identifier: Apache-2.0
//
// One 64-bit hash for fingerprints, stream keys and the hashes of scenarios and blueprints. It
// depends on the values and their order only: not on the machine, the compiler or the run. It is no
// defence against an adversary.
#pragma once

#include <cstdint>
#include <string_view>

namespace cotenant {

// A bijection on 64 bits that spreads every input bit over the output: the finalizer of SplitMix64
// (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

class Hasher {
 public:
  constexpr void add(std::uint64_t value) {
    // The odd constant is 2^64 / golden ratio: a zero still changes the state.
    state_ = mix64(state_ + 0x9e3779b97f4a7c15u + mix64(value));
  }
  constexpr void add_signed(std::int64_t value) { add(static_cast<std::uint64_t>(value)); }
  constexpr void add(std::string_view text) {
    add(text.size());
    std::uint64_t word = 0;
    int filled = 0;
    for (const char c : text) {
      word = word << 8 | static_cast<unsigned char>(c);
      if (++filled == 8) {
        add(word);
        word = 0;
        filled = 0;
      }
    }
    add(word);
  }
  constexpr std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0;
};

constexpr std::uint64_t hash_text(std::string_view text) {
  Hasher hasher;
  hasher.add(text);
  return hasher.value();
}

}  // namespace cotenant
