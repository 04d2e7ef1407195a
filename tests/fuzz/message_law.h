// SPDX-License-Identifier: Apache-2.0
//
// What must hold for the reasons that any reader gives for a refusal.
#pragma once

#include <string>

#include "sim/base/diagnostics.h"

namespace cotenant::test {

// Empty, or how they break the law: there is one, and a terminal or a JSON report can show it.
std::string broken_message_law(const Diagnostics& diagnostics);

}  // namespace cotenant::test
