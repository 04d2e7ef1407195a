// SPDX-License-Identifier: Apache-2.0
//
// The scenario is written as text and decoded, so that what a capture says is checked like what a
// user says.
#include "validation/calibration/captured_scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "scenarios/decode.h"
#include "scenarios/quantity.h"
#include "sim/random/sampler.h"
#include "validation/calibration/windows.h"
#include "validation/capture/columns.h"

namespace cotenant {
namespace {

using Json = nlohmann::json;

std::string seconds_text(double value) { return to_text(duration_from_nanoseconds(value * 1e9)); }

Json law_of(double mean, double cv) {
  if (!(cv > 0)) return seconds_text(mean);
  return {{"law", "lognormal"}, {"mean", seconds_text(mean)}, {"cv", cv}};
}

Json requests_of(const Capture& capture, const std::vector<BelievedDemand>& demands) {
  Json requests = Json::object();
  for (std::size_t c = 0; c < capture.classes.size(); ++c) {
    const BelievedDemand& demand = demands[c];
    Json steps = Json::array();
    // Half of the CPU before what it waits for: where exactly matters little.
    const double part = demand.wait > 0 ? demand.cpu / 2 : demand.cpu;
    steps.push_back({{"cpu", law_of(part, demand.cpu_cv)}});
    if (demand.wait > 0) {
      steps.push_back({{"wait", law_of(demand.wait, demand.wait_cv)}});
      steps.push_back({{"cpu", law_of(part, demand.cpu_cv)}});
    }
    requests[std::to_string(c)] = {{"steps", steps}};
  }
  return requests;
}

constexpr std::array<std::string_view, 2> kThreaded = {"gunicorn-gthread", "uwsgi"};

Json server_of(const CapturedServer& server) {
  Json said = {{"server", server.kind}, {"workers", server.workers.value_or(1)}};
  if (server.backlog) said["backlog"] = *server.backlog;
  const bool has_threads =
      std::find(kThreaded.begin(), kThreaded.end(), server.kind) != kThreaded.end();
  if (has_threads) said["threads"] = server.threads.value_or(1);
  return said;
}

// A tenth of a core is what a log, a proxy and the recorder take.
constexpr double kNoticedOthers = 0.1;
// An idle host takes some thousandths; a hundredth, in bursts, is what moves a p99.
constexpr double kNoticedSteal = 0.01;

Json group_of(const CapturedGroup& group) {
  Json said = Json::object();
  if (group.cpu_weight) said["cpu_weight"] = *group.cpu_weight;
  if (group.cpu_quota) {
    said["cpu_max"] = {{"quota", to_text(*group.cpu_quota)}, {"period", to_text(group.cpu_period)}};
    if (!group.cpu_burst.is_zero()) said["cpu_max"]["burst"] = to_text(group.cpu_burst);
  }
  return said;
}

}  // namespace

std::string why_no_scenario(const Capture& capture) {
  if (capture.requests.empty()) {
    return "it has no requests: capture with --log, so that the server's access log is read, too";
  }
  if (capture.server.kind.empty()) {
    return "nobody knows which server it is of: capture with --pid or --port of the server";
  }
  if (find_group(capture, capture.server.group) == nullptr) {
    return "it has no counters of the server's control group: logs alone do not tell what a "
           "request costs; record the running application with cotenant capture";
  }
  return {};
}

std::string what_is_left_out(const Capture& capture) {
  const GroupSeries* group = find_group(capture, capture.server.group);
  const double others = group == nullptr ? 0 : cores_of_others(capture, *group).value_or(0);
  const double stolen = stolen_share(capture).value_or(0);
  std::string text;
  if (others >= kNoticedOthers * static_cast<double>(capture.machine.cores)) {
    text = fmt::format("others used {:.1f} of its {} cores", others, capture.machine.cores);
  }
  if (stolen >= kNoticedSteal) {
    text += fmt::format("{}the hypervisor took {:.0f} % of its CPU time away",
                        text.empty() ? "" : ", and ", stolen * 100);
  }
  if (text.empty()) return {};
  return text + ", which is left out: what that held back looks like waiting";
}

Checked<Scenario> scenario_of(const Capture& capture, const std::vector<BelievedDemand>& demands) {
  const CapturedGroup& group = find_group(capture, capture.server.group)->group;
  const Json said = {
      {"format", 1},
      {"name", capture.name.empty() ? "capture" : capture.name},
      {"workload",
       {{"arrivals",
         {{"kind", "replay"},
          {"file", kRequestsFile},
          {"time_column", "arrival_us"},
          {"class_column", "class"}}},
        {"requests", requests_of(capture, demands)}}},
      {"application", {{kCapturedService, server_of(capture.server)}}},
      {"setups",
       {{"captured",
         {{"machine", {{"cores", capture.machine.cores}, {"scheduler", "eevdf"}}},
          {"groups", {{kCapturedGroup, group_of(group)}}},
          {"services", {{kCapturedService, {{"group", kCapturedGroup}}}}}}}}},
      {"study", {{"duration", to_text(capture.duration() + seconds(60))}, {"warmup", "0s"}}}};
  return decode(said.dump());
}

}  // namespace cotenant
