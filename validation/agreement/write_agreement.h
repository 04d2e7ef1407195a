// SPDX-License-Identifier: Apache-2.0
//
// Agreement as text for people and as JSON for programs; docs/cli.md describes both. They compute
// nothing: every number is in the values passed.
#pragma once

#include <string>
#include <vector>

#include "validation/agreement/agreement.h"

namespace cotenant {

// A table for each recording, and one of the medians by family. Ends with a newline.
std::string agreement_text(const std::vector<BundleAgreement>& agreements);

// {"cells": [...], "families": {...}}. Ends with a newline.
std::string agreement_json(const std::vector<BundleAgreement>& agreements);

}  // namespace cotenant
