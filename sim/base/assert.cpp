// SPDX-License-Identifier: Apache-2.0
#include "sim/base/assert.h"

namespace cotenant {

void assertion_failed(const char* condition, const char* file, int line) {
  throw Bug(std::string("broken invariant: ") + condition + " (" + file + ":" +
            std::to_string(line) + ")");
}

}  // namespace cotenant
