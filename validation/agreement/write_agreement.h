// SPDX-License-Identifier: Apache-2.0
//
// Agreement as text for people and as JSON for programs; docs/cli.md describes both. They compute
// nothing: every number is in the values passed.
#pragma once

#include <string>
#include <vector>

#include "validation/agreement/agreement.h"
#include "validation/agreement/decisions.h"

namespace cotenant {

// Everything that was found out.
struct Validation {
  std::vector<BundleAgreement> agreements;
  std::vector<Decision> decisions;
};

// A table for each recording, one of the medians by family, and what the predictions are worth: how
// often the truth is where they say, whether they are better than naive ones, whether they would
// have led to the right choice. Ends with a newline.
std::string agreement_text(const Validation& validation);

// {"cells": [...], "families": {...}, "coverage": {...}, "contests": [...], "decisions": [...]}.
// Ends with a newline.
std::string agreement_json(const Validation& validation);

}  // namespace cotenant
