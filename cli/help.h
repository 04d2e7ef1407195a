// SPDX-License-Identifier: Apache-2.0
//
// The parts of --help that are prose: examples, which a test runs through the parser, and the exit
// codes.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace cotenant {

struct Example {
  std::string_view command;
  std::string_view purpose;
};

inline constexpr std::array<Example, 13> kExamples = {{
    {"cotenant run scenarios/library/gunicorn-recorded.json", "simulate every setup of a scenario"},
    {"cotenant run scenarios/library/gunicorn-recorded.json --set setups.recorded.machine.cores=2",
     "ask a quick what-if"},
    {"cotenant run scenarios/library/gunicorn-recorded.json --format json --output report.json",
     "keep the result for a program"},
    {"cotenant run scenarios/library/gunicorn-recorded.json --time-limit 30s",
     "take what half a minute gives"},
    {"cotenant compare scenarios/library/gunicorn-recorded.json",
     "see which setup meets its objectives for the least money"},
    {"cotenant explain scenarios/library/gunicorn-recorded.json",
     "see what takes the time, and how much load it can take"},
    {"cotenant inspect scenarios/library/gunicorn-recorded.json --percentile 99.9",
     "see where the time of one slow request went"},
    {"cotenant check *.json", "find all mistakes without simulating"},
    {"cotenant presets gunicorn-sync", "see what is assumed, and where it comes from"},
    {"cotenant capture --port 8000 --for 10min -o shop.bundle",
     "record what an application on this machine does and gets"},
    {"cotenant validate recordings/*", "see how far off the predictions are"},
    {"cotenant import access.log gunicorn.conf.py docker-compose.yml -o shop.json",
     "begin with what a running application has"},
    {"cotenant schema > scenario.schema.json", "let an editor complete and check scenarios"},
}};

// Examples and exit codes, for the end of --help.
std::string help_footer();

}  // namespace cotenant
