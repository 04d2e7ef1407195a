// SPDX-License-Identifier: Apache-2.0
//
// The files of a recorded run (format 0): two requests in two seconds on one worker.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace cotenant {

// Name and text of each.
inline std::vector<std::pair<std::string, std::string>> small_recording(const std::string& name,
                                                                        const std::string& kind) {
  return {{"experiment.json", R"({"name": ")" + name + R"(", "server": {"kind": ")" + kind +
                                  R"("}, "load": {"mode": "open", "duration": 2,
                                         "warmup": 0, "timeout": 1, "seed": 1}})"},
          {"summary.json", R"({"srv_cpu_ms_per_request": 10.4})"},
          {"requests.csv.gz",
           "sched_us,done_us,lat_us,err,path\n"
           "100000,110500,10500,0,/w?cpu=10.000\n"
           "1100000,1110500,10500,0,/w?cpu=10.000\n"},
          {"resources.csv.gz",
           "t_us,nr_periods,nr_throttled,throttled_us,srv_cpu_us,nb_cpu_us\n"
           "0,0,0,0,0,0\n2000000,0,0,0,20800,0\n"}};
}

}  // namespace cotenant
