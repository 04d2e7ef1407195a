// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/study/writers/write_samples.h"

#include <utility>

namespace cotenant {
namespace {

std::uint64_t& at(SetupReport& setup, Outcome outcome) {
  return setup.outcomes[static_cast<std::size_t>(outcome)];
}

double& at(WaitBreakdown& breakdown, WaitState state) {
  return breakdown.states[static_cast<std::size_t>(state)];
}

// A breakdown whose latency is the sum of its parts, as in every true report.
WaitBreakdown breakdown(std::uint64_t requests,
                        std::initializer_list<std::pair<WaitState, double>> parts) {
  WaitBreakdown result;
  result.requests = requests;
  for (const auto& [state, spent] : parts) {
    at(result, state) = spent;
    result.latency += spent;
  }
  return result;
}

ObjectiveReport p95_below(double seconds, Verdict verdict, std::string reason) {
  ObjectiveReport objective;
  objective.text = "latency_p95 below 0.4 s";
  objective.metric = Metric::latency_p95;
  objective.below = seconds;
  objective.verdict = verdict;
  objective.reason = std::move(reason);
  return objective;
}

ObjectiveReport errors_below(double ratio, Verdict verdict, std::string reason) {
  ObjectiveReport objective;
  objective.text = "error_ratio below 0.001";
  objective.metric = Metric::error_ratio;
  objective.below = ratio;
  objective.verdict = verdict;
  objective.reason = std::move(reason);
  return objective;
}

void set_latencies(Metrics& metrics, double p50, double p95, double p99) {
  at(metrics, Metric::latency_mean) = interval(p50 * 1.25, p50 * 0.01);
  at(metrics, Metric::latency_min) = exactly(p50 * 0.25);
  at(metrics, Metric::latency_p50) = interval(p50, p50 * 0.01);
  at(metrics, Metric::latency_p95) = interval(p95, p95 * 0.025);
  at(metrics, Metric::latency_p99) = interval(p99, p99 * 0.0625);
  at(metrics, Metric::latency_max) = exactly(p99 * 4);
}

SetupReport small_vps() {
  SetupReport setup;
  setup.name = "vps";
  setup.price = Price{"$", 460, 0.0425};
  set_latencies(setup.metrics, 0.031, 0.118, 0.24);
  at(setup.metrics, Metric::throughput) = interval(42.03, 0.11);
  at(setup.metrics, Metric::error_ratio) = interval(0, 0);
  at(setup.metrics, Metric::cpu_utilization) = interval(0.6125, 0.002);
  at(setup, Outcome::completed) = 756540;
  at(setup, Outcome::censored) = 21;
  setup.wait_states.mean = breakdown(
      756540,
      {{WaitState::cpu, 0.02}, {WaitState::run_queue, 0.014}, {WaitState::server_cpu, 0.00475}});
  setup.wait_states.p50 = breakdown(
      7565,
      {{WaitState::cpu, 0.018}, {WaitState::run_queue, 0.0085}, {WaitState::server_cpu, 0.0045}});
  setup.wait_states.p99 = breakdown(7565, {{WaitState::cpu, 0.035},
                                           {WaitState::run_queue, 0.1},
                                           {WaitState::accept_queue, 0.1},
                                           {WaitState::server_cpu, 0.005}});
  setup.objectives = {p95_below(0.4, Verdict::met, "p95 is 0.118 s ± 0.00295 s"),
                      errors_below(0.001, Verdict::met, "no errors")};
  setup.latency_cdf = {{0.5, 0.031}, {0.95, 0.118}, {0.99, 0.24}};
  return setup;
}

SetupReport containers() {
  SetupReport setup = small_vps();
  setup.name = "container";
  setup.price = Price{"$", 7210, 0.67};
  set_latencies(setup.metrics, 0.029, 0.102, 0.181);
  at(setup.metrics, Metric::throttled_ratio) = interval(0.003, 0.0005);
  at(setup.metrics, Metric::cpu_utilization) = interval(0.31, 0.002);
  // On a virtual machine that does not get all it wants; its container is limited.
  setup.observed = 100;
  MachineCounters hardware{"", 16, 0, {{.name = "", .usage = 900}}};
  MachineCounters node{"node", 4, 20, {{.name = "", .usage = 180, .run_queue_wait = 45}}};
  node.groups.push_back({.name = "app",
                         .usage = 160,
                         .nr_periods = 1000,
                         .nr_throttled = 62,
                         .throttled_time = 3.5,
                         .nr_bursts = 4,
                         .burst_time = 0.25,
                         .run_queue_wait = 40,
                         .pressure_some = 25});
  setup.machines = {hardware, node};
  return setup;
}

SetupReport shared_hosting() {
  SetupReport setup;
  setup.name = "shared";
  setup.price = Price{"$", 600, 0.057};
  set_latencies(setup.metrics, 0.044, 0.91, 4.2);
  at(setup.metrics, Metric::throughput) = interval(41.06, 0.12);
  at(setup.metrics, Metric::error_ratio) = interval(0.0231, 0.0012);
  at(setup.metrics, Metric::cpu_utilization) = interval(0.98, 0.004);
  at(setup.metrics, Metric::throttled_ratio) = interval(0.38, 0.012);
  at(setup, Outcome::completed) = 739080;
  at(setup, Outcome::timed_out) = 17000;
  at(setup, Outcome::refused) = 476;
  at(setup, Outcome::censored) = 102;
  setup.wait_states.mean = breakdown(
      739080,
      {{WaitState::cpu, 0.02}, {WaitState::throttled, 0.025}, {WaitState::accept_queue, 0.01}});
  setup.wait_states.p50 = breakdown(7390, {{WaitState::cpu, 0.018}, {WaitState::throttled, 0.026}});
  setup.wait_states.p99 = breakdown(7390, {{WaitState::cpu, 0.04},
                                           {WaitState::throttled, 2.56},
                                           {WaitState::accept_queue, 0.924},
                                           {WaitState::syn_retry, 0.676}});
  setup.objectives = {
      p95_below(0.4, Verdict::missed, "p95 is 0.91 s ± 0.0228 s, 2.3 times the limit"),
      errors_below(0.001, Verdict::missed, "2.31 % of the requests end in an error")};
  setup.notes = {"price was entered by hand", "neighbors \"busy\" are assumed"};
  return setup;
}

Provenance twenty_replications() {
  Provenance provenance;
  provenance.scenario_hash = 0x2a;
  provenance.seed = 1;
  provenance.replications = 20;
  provenance.warmup = 41;
  provenance.horizon = 900;
  provenance.events = 9'123'456;
  provenance.censored = 144;
  provenance.fingerprint = 0xfedcba9876543210;
  provenance.build = "0.1.0, g++ 12.2.0, Release";
  return provenance;
}

}  // namespace

MetricValue exactly(double value) { return {value, std::nullopt, std::nullopt, ""}; }

MetricValue interval(double value, double half_width) {
  return {value, value - half_width, value + half_width, ""};
}

MetricValue missing(std::string why) {
  return {std::nullopt, std::nullopt, std::nullopt, std::move(why)};
}

Report web_shop() {
  Report report;
  report.name = "Web shop";
  report.description = "Shared hosting, a small VPS, or containers?";
  report.setups = {small_vps(), containers(), shared_hosting()};
  report.provenance = twenty_replications();
  return report;
}

Report single_setup() {
  Report report;
  report.name = "M/M/1";
  SetupReport setup;
  setup.name = "host";
  at(setup.metrics, Metric::latency_mean) = exactly(0.1);
  at(setup.metrics, Metric::latency_p50) = exactly(0.0693);
  at(setup.metrics, Metric::latency_p95) = exactly(0.29957);
  at(setup.metrics, Metric::latency_p99) = missing("fewer than 1000 requests completed");
  at(setup.metrics, Metric::throughput) = exactly(90);
  at(setup, Outcome::completed) = 900;
  at(setup, Outcome::censored) = 1;
  setup.wait_states.mean = breakdown(900, {{WaitState::cpu, 0.01}, {WaitState::run_queue, 0.09}});
  report.setups = {setup};
  report.provenance.replications = 1;
  report.provenance.horizon = 10;
  report.provenance.events = 3600;
  report.provenance.censored = 1;
  return report;
}

Report overloaded() {
  Report report = web_shop();
  report.name = "Too much";
  SetupReport& vps = report.setups[0];
  vps.objectives[0] =
      p95_below(0.4, Verdict::cannot_tell, "20 more replications would separate 0.39 s from it");
  SetupReport& shared = report.setups[2];
  for (MetricValue& metric : shared.metrics) metric = missing("the queue grows");
  at(shared.metrics, Metric::throughput) = interval(35.25, 0.05);
  at(shared.metrics, Metric::cpu_utilization) = interval(1, 0);
  at(shared.metrics, Metric::throttled_ratio) = missing("");
  at(shared.metrics, Metric::error_ratio) = missing("errors rise with the queue");
  shared.wait_states = {};
  for (ObjectiveReport& objective : shared.objectives) objective.reason = "it has no steady state";
  shared.stability = {false, 12.345, 165.9};
  report.setups[1].price.reset();
  report.notes = {"the recording covers one afternoon only"};
  report.provenance.warmup_reliable = false;
  return report;
}

Report eight_setups() {
  Report report;
  report.name = "Eight\x1b[31m candidates";  // would color the terminal red if it got there
  for (int i = 1; i <= 8; ++i) {
    SetupReport setup = i % 3 == 0 ? shared_hosting() : small_vps();
    setup.name = "a-long-name-that-somebody-found-telling-" + std::to_string(i);
    setup.price->currency = "EUR";
    for (const char* name : {"browse", "check | out"}) {
      ClassReport entry;
      entry.name = name;
      set_latencies(entry.metrics, 0.01 * i, 0.04 * i, 0.09 * i);
      entry.outcomes = setup.outcomes;
      setup.classes.push_back(entry);
    }
    setup.objectives[0].request_class = "check | out";
    setup.wait_states = {};
    setup.notes = {};
    report.setups.push_back(setup);
  }
  report.provenance = twenty_replications();
  return report;
}

Report extremes() {
  Report report;
  report.name = "Extremes";
  SetupReport fast;
  fast.name = "fast";
  at(fast.metrics, Metric::latency_mean) = interval(2.5e-9, 1e-12);
  at(fast.metrics, Metric::latency_p50) = interval(0, 0);
  at(fast.metrics, Metric::latency_p95) = interval(3.5e-5, 1e-3);
  at(fast.metrics, Metric::latency_p99) = exactly(0.00099999);
  at(fast.metrics, Metric::throughput) = interval(1.25e9, 1e3);
  at(fast.metrics, Metric::error_ratio) = interval(3.2e-6, 1e-7);
  at(fast.metrics, Metric::cpu_utilization) = interval(0.99996, 0.00001);
  SetupReport slow;
  slow.name = "slow";
  at(slow.metrics, Metric::latency_mean) = interval(5e-8, 2e-9);
  at(slow.metrics, Metric::latency_p50) = interval(200000, 123);
  at(slow.metrics, Metric::latency_p95) = interval(0.0012, 0.0000004);
  at(slow.metrics, Metric::latency_p99) = exactly(86400);
  at(slow.metrics, Metric::throughput) = interval(1.5e-6, 1e-7);
  at(slow.metrics, Metric::error_ratio) = interval(0, 0);
  at(slow.metrics, Metric::cpu_utilization) = interval(1e-5, 0);
  report.setups = {fast, slow};
  report.provenance.replications = 1000000;
  report.provenance.horizon = 172800;
  report.provenance.warmup = 0.25;
  report.provenance.seed = 18446744073709551615u;
  report.provenance.events = 18446744073709551615u;
  return report;
}

Report interrupted() {
  Report report;
  report.name = "Web shop";
  SetupReport setup;
  setup.name = "vps";
  for (MetricValue& metric : setup.metrics) metric = missing("no replication was completed");
  report.setups = {setup};
  report.provenance.horizon = 900;
  report.provenance.complete = false;
  report.provenance.incomplete_because = "interrupted";
  return report;
}

}  // namespace cotenant
