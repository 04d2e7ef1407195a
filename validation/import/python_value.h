// SPDX-License-Identifier: Apache-2.0
//
// The value of a Python expression, without Python: literals, arithmetic, names that were assigned
// before, and the few calls that configurations make to find out about their machine. Everything
// else has no value here. Nothing is ever executed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace cotenant {

struct PythonNone {
  friend bool operator==(const PythonNone&, const PythonNone&) = default;
};
using PythonValue = std::variant<PythonNone, bool, double, std::string>;

// What an expression may refer to, and what it did refer to.
struct PythonWorld {
  std::int64_t cores = 1;  // cpu_count()
  std::map<std::string, std::string, std::less<>> environment;
  std::map<std::string, PythonValue, std::less<>> names;
  bool used_cores = false;
  std::string used_default_of;  // the environment variable that was not set
};

// Nothing for what is not understood.
std::optional<PythonValue> python_value(std::string_view text, PythonWorld& world);

// As a configuration would write it.
std::string to_text(const PythonValue& value);

}  // namespace cotenant
