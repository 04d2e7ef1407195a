// SPDX-License-Identifier: Apache-2.0
//
// Compares a text with a file in tests/study/snapshots. On a mismatch it prints the lines that
// differ. After a deliberate change run the tests once with COTENANT_UPDATE_SNAPSHOTS=1 and read
// the diff before committing it.
#pragma once

#include <string>

namespace cotenant {

// `file` is the name inside the folder: "web_shop.txt".
void expect_snapshot(const std::string& file, const std::string& text);

}  // namespace cotenant
