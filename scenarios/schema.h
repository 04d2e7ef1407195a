// SPDX-License-Identifier: Apache-2.0
//
// The JSON Schema (draft-07) of scenario files, generated from the field table, for editors that
// complete and check while typing. It knows structure, choices, units and plain ranges. References
// between parts and ranges of quantities (texts, to a schema) are beyond it: the decoder has the
// last word, and accepts nothing that the schema rejects.
#pragma once

#include <string>

namespace cotenant {

std::string scenario_schema();

// The same of catalogs of plans.
std::string catalog_schema();

// The same of files with parameters.
std::string parameters_schema();

}  // namespace cotenant
