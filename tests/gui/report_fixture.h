// SPDX-License-Identifier: Apache-2.0
//
// A report that takes milliseconds to simulate: two setups with prices, one of which misses.
#pragma once

#include <memory>
#include <string>

#include "scenarios/decode.h"
#include "study/study.h"

namespace cotenant::gui::test {

inline const std::string kSmallShop = R"({
  "format": 1,
  "name": "Small shop",
  "workload": {
    "arrivals": { "kind": "poisson", "rate": "30/s" },
    "requests": { "page": { "steps": [{ "cpu": { "mean": "12ms", "cv": 0.6 } }, { "wait": "8ms" }] } }
  },
  "application": { "web": { "server": "gunicorn-sync", "workers": 4 } },
  "setups": {
    "vps": { "price": "$6/month", "machine": { "cores": 1 } },
    "pod": {
      "price": "$4/month",
      "machine": { "cores": 2 },
      "groups": { "box": { "cpu_max": { "quota": "30ms", "period": "100ms" } } },
      "services": { "web": { "group": "box" } }
    }
  },
  "objectives": [{ "metric": "latency_p95", "below": "400ms" }],
  "study": { "duration": "20s", "warmup": "2s", "replications": 4 }
}
)";

inline Scenario small_shop() { return decode(kSmallShop).value(); }

inline std::shared_ptr<const Report> small_report() {
  StudyOptions options;
  options.timeline_slices = 40;
  return std::make_shared<const Report>(run_study(small_shop(), ".", options).value());
}

}  // namespace cotenant::gui::test
