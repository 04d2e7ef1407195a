// SPDX-License-Identifier: Apache-2.0
//
// What must hold for every recording that is given to the readers of replayed traces and of
// validation and capture bundles. Run by libFuzzer on random bytes and by an ordinary test on the
// corpus.
#pragma once

#include <string>
#include <string_view>

namespace cotenant::test {

// The bytes of one csv or csv.gz file with the columns of validation/data. Empty, or how the law
// was broken. May also throw Bug, which is a finding as well.
std::string broken_trace_law(std::string_view bytes);

// The four files of a bundle (experiment, summary, requests, resources), each ended by a line
// "====".
std::string broken_bundle_law(std::string_view bytes);

// The files of a capture bundle (manifest, classes, requests, groups, host), each ended by a line
// "====". Text of a .gz file is compressed, a member for each piece that ends with a line "----".
std::string broken_capture_law(std::string_view bytes);

}  // namespace cotenant::test
