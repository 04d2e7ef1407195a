// SPDX-License-Identifier: Apache-2.0
//
// Test data on disk: reading files of the source tree and listing them in a fixed order.
#pragma once

#include <string>
#include <vector>

namespace cotenant::test {

// Contents of a file of the source tree; the path is relative to the repository root. A file that
// cannot be read fails the test that asks for it.
std::string read_source(const std::string& path);

// Names of the files of a folder with that ending, sorted.
std::vector<std::string> list_sources(const std::string& folder, const std::string& ending);

// tests/scenarios/valid/*.json and scenarios/library/*.json, as paths.
std::vector<std::string> valid_scenarios();

// The smallest scenario there is, and one with a replaced part. Throws if the part does not occur,
// which would make a test vacuous.
std::string minimal_scenario();
std::string minimal_scenario_with(const std::string& part, const std::string& replacement);

}  // namespace cotenant::test
