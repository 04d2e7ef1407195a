// SPDX-License-Identifier: Apache-2.0
//
// Assertions for programmer errors. They stay on in every build: a simulator that carries on after
// a broken invariant prints plausible nonsense. Bad input never reaches an assertion (it is a
// Diagnostic), and misfortune inside the simulated world is data.
//
// A failed assertion throws Bug. The run loop adds the simulated time, event and seed to it, and
// the faces print it with the command that reproduces the run.
#pragma once

#include <stdexcept>
#include <string>

namespace cotenant {

class Bug : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn, gnu::cold]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace cotenant

#define COTENANT_ASSERT(condition)                   \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::cotenant::assertion_failed(#condition, __FILE__, __LINE__))
