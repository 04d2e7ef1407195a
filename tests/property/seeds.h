// SPDX-License-Identifier: Apache-2.0
//
// Which seeds a property is tried on. COTENANT_SEED=N picks just that one, as `./dev repro N` does;
// COTENANT_SEEDS=count tries more or fewer than usual.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

namespace cotenant {

inline std::vector<std::uint64_t> seeds(std::uint64_t usual) {
  if (const char* only = std::getenv("COTENANT_SEED")) return {std::stoull(only)};
  const char* count = std::getenv("COTENANT_SEEDS");
  const std::uint64_t wanted = count ? std::stoull(count) : usual;
  std::vector<std::uint64_t> result;
  for (std::uint64_t seed = 1; seed <= wanted; ++seed) result.push_back(seed);
  return result;
}

// What to type to see a failure again.
inline std::string repro(std::uint64_t seed) { return "./dev repro " + std::to_string(seed); }

// Names the seed when an exception ends its test, where no message of an expectation would.
class NamedOnFailure {
 public:
  explicit NamedOnFailure(std::uint64_t seed) : seed_(seed), before_(std::uncaught_exceptions()) {}
  ~NamedOnFailure() {
    if (std::uncaught_exceptions() > before_) ADD_FAILURE() << repro(seed_);
  }
  NamedOnFailure(const NamedOnFailure&) = delete;
  NamedOnFailure& operator=(const NamedOnFailure&) = delete;

 private:
  std::uint64_t seed_;
  int before_;
};

}  // namespace cotenant
