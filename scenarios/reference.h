// SPDX-License-Identifier: Apache-2.0
//
// docs/scenario-format.md, generated: a written introduction, then one table per kind of object
// from the field table. A test keeps the committed file fresh; cotenant_generate rewrites it.
#pragma once

#include <string>

namespace cotenant {

std::string scenario_reference();

}  // namespace cotenant
