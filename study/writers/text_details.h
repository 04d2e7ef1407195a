// SPDX-License-Identifier: Apache-2.0
//
// The parts of the text report below the table of numbers, each a list of lines, empty when there
// is nothing to say.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "study/report.h"
#include "study/writers/display.h"

namespace cotenant {

// "Web shop: 3 setups, 20 replications of 15 min, 41 s of warm-up removed, seed 1".
std::string headline(const Report& report);

// Why objectives are missed or undecided, and where the p99 goes, a paragraph for each setup.
std::vector<std::string> explanations(const Report& report);

// Where the time of the mean, p50 and p99 request goes, for each setup.
std::vector<std::string> time_tables(const Report& report, const Ink& ink, std::size_t width);

// How many workers were replaced, a paragraph for each service of which some were.
std::vector<std::string> ended_workers(const Report& report);

// How requests ended, and attempts where clients try again; only when some ended in an error.
std::vector<std::string> outcome_table(const Report& report, const Ink& ink);

// Notes and reasons for missing numbers.
std::vector<std::string> doubts(const Report& report);

// The confidence level, what was censored, and the hashes that identify the result.
std::string fine_print(const Provenance& provenance);

}  // namespace cotenant
