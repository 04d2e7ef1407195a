// SPDX-License-Identifier: Apache-2.0
//
// The parameters in the path of a recorded request: "/w?cpu=5.000&sleep=20.000".
#pragma once

#include <string_view>

namespace cotenant {

// Calls f(name, value).
template <class F>
void for_each_parameter(std::string_view path, F f) {
  std::size_t start = path.find('?');
  while (start != std::string_view::npos) {
    const std::size_t end = path.find('&', start + 1);
    const std::string_view word = path.substr(start + 1, end - start - 1);
    const std::size_t equals = word.find('=');
    f(word.substr(0, equals),
      equals == std::string_view::npos ? std::string_view() : word.substr(equals + 1));
    start = end;
  }
}

}  // namespace cotenant
