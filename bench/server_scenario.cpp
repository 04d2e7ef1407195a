// SPDX-License-Identifier: Apache-2.0
#include "bench/server_scenario.h"

#include <stdexcept>
#include <utility>

#include "models/request/outcome.h"
#include "scenarios/compile.h"
#include "scenarios/decode.h"
#include "study/study.h"

namespace cotenant {
namespace {

constexpr const char* kRequests = R"("page": {
      "arrivals": { "kind": "poisson", "rate": "250/s" },
      "service": "web",
      "steps": [{ "cpu": { "law": "exponential", "mean": "1ms" } }]
    })";

constexpr const char* kWeb = R"("web": { "server": "gunicorn-sync", "workers": 4,
      "overhead": "gunicorn-20.1-sync" })";

// Four users who never think send requests that never end to four workers: what the scheduler sees
// is four tasks that always want CPU.
constexpr const char* kSpinningRequests = R"(, "spin": {
      "arrivals": { "kind": "closed", "users": 4, "think": "0s" },
      "service": "neighbor",
      "steps": [{ "cpu": "400d" }]
    })";

constexpr const char* kSpinningServer =
    R"(, "neighbor": { "server": "gunicorn-sync", "workers": 4, "timeout": "0s", "overhead": "none" })";

// A third of the core would go to the neighbors, so the group is held back by its quota.
constexpr const char* kApplicationGroup = R"("application": { "cpu_weight": 200,
      "cpu_max": { "quota": "50ms", "period": "100ms" } })";

std::string setup(ServerCase which) {
  const std::string machine = R"("machine": { "cores": 1, "scheduler": "fluid" })";
  const std::string linux_machine = R"("machine": { "cores": 1, "scheduler": "eevdf" })";
  const std::string group = kApplicationGroup;
  switch (which) {
    case ServerCase::uncontended:
      return machine + R"(, "services": { "web": { "workers": 1 } })";
    case ServerCase::four_workers:
      return machine;
    case ServerCase::quota:
      return machine + R"(, "groups": { )" + group +
             R"( }, "services": { "web": { "group": "application" } })";
    case ServerCase::eevdf_uncontended:
      return linux_machine + R"(, "services": { "web": { "workers": 1 } })";
    case ServerCase::eevdf_neighbors:
      return linux_machine + R"(, "groups": { )" + group + R"(, "neighbors": {} },
      "services": { "web": { "group": "application" } },
      "neighbors": { "spin": { "threads": 4, "group": "neighbors" } })";
    case ServerCase::neighbors:
      break;
  }
  return machine + R"(, "groups": { )" + group + R"(, "neighbors": {} },
      "services": { "web": { "group": "application" }, "neighbor": { "group": "neighbors" } })";
}

template <class Value>
Value accepted(Checked<Value> checked) {
  if (checked.ok()) return std::move(checked).value();
  std::string problems;
  for (const Diagnostic& diagnostic : checked.diagnostics()) {
    problems += render(diagnostic, "scenario") + "\n";
  }
  throw std::runtime_error(problems);
}

std::uint64_t completed(const std::array<std::uint64_t, kOutcomes>& outcomes) {
  return outcomes[static_cast<std::size_t>(Outcome::completed)];
}

}  // namespace

std::string server_scenario(ServerCase which, std::uint64_t seconds, std::uint64_t replications) {
  const bool spinning = which == ServerCase::neighbors;
  return R"({ "format": 1, "name": "benchmark",
  "workload": { "requests": { )" +
         std::string(kRequests) + (spinning ? kSpinningRequests : "") + R"( } },
  "application": { )" +
         kWeb + (spinning ? kSpinningServer : "") + R"( },
  "setups": { "setup": { )" +
         setup(which) + R"( } },
  "study": { "duration": ")" +
         std::to_string(seconds) + R"(s", "warmup": "0s", "replications": )" +
         std::to_string(replications) + " } }";
}

std::string kept_connections_scenario(std::uint64_t seconds) {
  return R"({ "format": 1, "name": "kept connections",
  "workload": {
    "arrivals": { "kind": "closed", "users": 10000,
                  "think": { "law": "uniform", "low": "0s", "high": "8s" } },
    "requests": { "page": { "steps": [{ "cpu": "50us" }] } },
    "clients": { "keep_alive": { "connections": "per_user" } }
  },
  "application": { "web": { "server": "uvicorn", "keep_alive": "60s" } },
  "setups": { "setup": { "machine": { "cores": 1, "scheduler": "fluid" } } },
  "study": { "duration": ")" +
         std::to_string(seconds) + R"(s", "warmup": "0s", "replications": 1 } })";
}

std::string mm1_scenario(std::uint64_t seconds) {
  return R"({ "format": 1, "name": "M/M/1",
  "workload": {
    "arrivals": { "kind": "poisson", "rate": "900/s" },
    "requests": { "page": { "steps": [{ "cpu": { "law": "exponential", "mean": "1ms" } }] } }
  },
  "application": { "web": { "server": "gunicorn-sync", "workers": 1, "overhead": "none" } },
  "setups": { "setup": { "machine": { "cores": 1, "scheduler": "fluid" } } },
  "study": { "duration": ")" +
         std::to_string(seconds) + R"(s", "warmup": "0s", "replications": 1 } })";
}

Report report_of(const std::string& text, unsigned jobs) {
  StudyOptions options;
  options.jobs = jobs;
  return accepted(run_study(accepted(decode(text)), ".", options));
}

Blueprint blueprint_of(const std::string& text) {
  return accepted(compile(accepted(decode(text)), ".")).front();
}

std::uint64_t served(const Report& report) { return completed(report.setups.front().outcomes); }

std::uint64_t served(const RunRecord& record) {
  std::uint64_t sum = 0;
  for (const ClassRecord& of_class : record.classes) sum += completed(of_class.outcomes);
  return sum;
}

}  // namespace cotenant
