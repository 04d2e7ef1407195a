// SPDX-License-Identifier: Apache-2.0
//
// What this program is: version, compiler, kind of build, and the numbers of its formats.
#pragma once

#include <string>

namespace cotenant {

// "0.1.0, g++ 12.2.0, Release": goes into reports as provenance.build.
std::string build_text();

// For `cotenant version`.
std::string version_text();

}  // namespace cotenant
