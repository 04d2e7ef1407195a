// SPDX-License-Identifier: Apache-2.0
//
// Deterministic cases that the rows describe in prose, one function each: shares among permanent
// competitors, jobs that meet, groups with limits, conservation laws. A share is found from the
// time a long request takes beside its competitors.
#include <cmath>
#include <string>
#include <vector>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

constexpr double kForever = 390 * 86400.0;  // seconds; the format ends at 400 days
constexpr const char* kFile = "arrivals.csv";

Recording recording(const std::string& text) {
  return {kFile, [text](int) { return text; }};
}

Length once(double duration) {
  Length length;
  length.duration = duration;
  length.replications = 1;
  return length;
}

// A task that runs forever: its placement in the setup.
using Hogs = std::vector<Json>;

// The share of a core that hog `asked` has: in its place runs one request of known demand.
Part share_of(const Row& row, const Hogs& hogs, std::size_t asked, int cores, const Json& groups) {
  constexpr double kDemand = 30;  // seconds
  Pieces pieces;
  for (std::size_t i = 0; i < hogs.size(); ++i) {
    const std::string name = "task-" + std::to_string(i);
    pieces.requests[name] =
        i == asked ? request(replay(kFile, false), cpu(constant_law(kDemand)), name)
                   : request(closed(1, constant_law(0)), cpu(constant_law(kForever)), name);
    pieces.application[name] = service(1);
    pieces.placements[name] = hogs[i];
  }
  pieces.machine = machine(cores, "fluid");
  pieces.groups = groups;
  const Estimator share = each([=](const Report& report) {
    return Estimate{kDemand / metric(report, Metric::latency_max).value, 0};
  });
  return {{scenario(row.model, pieces), once(1000), {recording("at\n0\n")}},
          share,
          "task" + std::to_string(asked)};
}

Parts shares(const Row& row, const Hogs& hogs, const std::vector<std::size_t>& asked, int cores,
             const Json& groups = Json::object()) {
  Parts parts;
  for (const std::size_t task : asked) parts.push_back(share_of(row, hogs, task, cores, groups));
  return parts;
}

std::string mebibytes(double number) {
  return std::to_string(static_cast<std::int64_t>(number)) + "MiB";
}

Json nice(int value) { return {{"nice", value}}; }

// "weights 1024 and 335 (nice 0 and nice 5)": by nice, as users say it.
Parts by_nice(const Row& row) {
  const std::size_t second = row.model.find("and nice");
  const Hogs hogs = {nice(static_cast<int>(number_after(row.model, "(nice"))),
                     nice(static_cast<int>(number_after(row.model.substr(second), "nice")))};
  return shares(row, hogs, {0, 1}, 1);
}

// Hogs of one thread each on several cores: no thread has more than one core.
Parts on_cores(const Row& row) {
  Hogs hogs;
  std::vector<std::size_t> all;
  for (const int weight : row.params.at("weights").get<std::vector<int>>()) {
    all.push_back(hogs.size());
    hogs.push_back({{"task_weight", 1024 * weight}});
  }
  return shares(row, hogs, all, row.count("cores"));
}

Json in_group(const char* name) { return {{"group", name}}; }

Parts two_groups(const Row& row) {
  const Json groups = {{"A", {{"cpu_weight", 100}}}, {"B", {{"cpu_weight", 100}}}};
  return shares(row, {in_group("A"), in_group("A"), in_group("A"), in_group("B")}, {0, 3}, 1,
                groups);
}

Parts nested_groups(const Row& row) {
  const Json groups = {{"A", {{"cpu_weight", 300}}},
                       {"A1", {{"parent", "A"}, {"cpu_weight", 100}}},
                       {"A2", {{"parent", "A"}, {"cpu_weight", 200}}},
                       {"B", {{"cpu_weight", 100}}}};
  return shares(row, {in_group("A1"), in_group("A2"), in_group("B")}, {0, 1, 2}, 1, groups);
}

// The host gives the other half to somebody of equal weight who always has work.
Parts half_a_core(const Row& row) {
  Part part = share_of(row, {nice(0), nice(0)}, 0, 1, Json::object());
  const Estimator share = part.estimator;
  const double demand = number_after(row.model, "job of");
  part.estimator = [=](const Reports& reports) {
    return Estimate{demand / share(reports).value, 0};
  };
  return only(part);
}

Parts two_jobs(const Row& row) {
  Parts parts;
  for (const std::size_t asked : {std::size_t{0}, std::size_t{1}}) {
    Pieces pieces;
    pieces.arrivals = replay(kFile, true);
    std::string rows = "at,class\n";
    double arrival = 0;
    for (std::size_t i = 0; i < 2; ++i) {
      const auto job = row.params.at("jobs").at(i).get<std::vector<double>>();
      const std::string name = i == 0 ? "a" : "b";
      pieces.requests[name] = request(nullptr, cpu(constant_law(job[1])));
      rows += std::to_string(std::llround(job[0] * 1e9)) + "," + name + "\n";
      if (i == asked) arrival = job[0];
    }
    pieces.application["web"] = service(2);
    pieces.machine = machine(1, "fluid");
    parts.push_back({{scenario(row.model, pieces), once(100), {recording(rows)}},
                     of(Metric::latency_max, 1, -arrival, asked == 0 ? "a" : "b"),
                     asked == 0 ? "a" : "b"});
  }
  return parts;
}

Json limit(const char* quota) {
  return {{"cpu_max", {{"quota", quota}, {"period", "100ms"}, {"phase", "0s"}}}};
}

// Four tasks each. A gets half of the two cores, until its 50 ms are used up after 50 ms: 12.5 ms
// for each of its tasks and of B's; then B has both cores for 50 ms, 25 ms per task. Requests of
// just these demands end once per period and task, so that counts over whole periods are exact.
Parts limit_beside_none(const Row& row) {
  constexpr double kOfA = 12.5e-3, kOfB = 37.5e-3;
  Pieces pieces;
  pieces.requests["A"] = request(closed(4, constant_law(0)), cpu(constant_law(kOfA)), "A");
  pieces.requests["B"] = request(closed(4, constant_law(0)), cpu(constant_law(kOfB)), "B");
  for (const char* name : {"A", "B"}) {
    pieces.application[name] = service(4);
    pieces.placements[name] = in_group(name);
  }
  pieces.groups["A"] = limit("50ms");
  pieces.groups["B"] = {{"cpu_weight", 100}};
  pieces.machine = machine(2, "fluid");
  Length length = once(101.02);
  length.warmup = 1.02;
  const Simulation simulation{scenario(row.model, pieces), length, {}};
  const auto cores = [](const char* name, double demand) {
    return each([=](const Report& report) {
      return scaled(metric(report, Metric::throughput, name), demand);
    });
  };
  Parts parts = only({simulation, cores("A", kOfA), "A"});
  parts.push_back({simulation, cores("B", kOfB), "B"});
  return parts;
}

Parts two_limits(const Row& row) {
  Pieces pieces;
  for (const char* name : {"A", "B"}) {
    pieces.requests[name] = request(closed(1, constant_law(0)), cpu(constant_law(kForever)), name);
    pieces.application[name] = service(1);
    pieces.placements[name] = in_group(name);
  }
  pieces.groups["A"] = limit("30ms");
  pieces.groups["B"] = limit("40ms");
  pieces.machine = machine(1, "fluid");
  const Simulation simulation{scenario(row.model, pieces), once(100), {}};
  return only({simulation, of(Metric::cpu_utilization), ""});
}

// Each reads a MiB after the other, so that the disk serves them in turn.
Parts two_readers(const Row& row) {
  Pieces pieces;
  pieces.arrivals = replay(kFile, true);
  for (const auto& [name, size] : {std::pair("large", "300MiB"), std::pair("small", "100MiB")}) {
    pieces.requests[name] = request(nullptr, {{"read", size}, {"direct", true}});
  }
  pieces.application["web"] = service(2);
  pieces.machine = machine(1, "fluid");
  pieces.machine["disk"] = {{"kind", "network"},
                            {"queue_depth", 1},
                            {"read_latency", duration_text(0)},
                            {"read_bandwidth", "100MiB/s"}};
  const Simulation simulation{
      scenario(row.model, pieces), once(10), {recording("at,class\n0,large\n0,small\n")}};
  Parts parts = only({simulation, of(Metric::latency_max, 1, 0, "large"), "large"});
  parts.push_back({simulation, of(Metric::latency_max, 1, 0, "small"), "small"});
  return parts;
}

// Two hundred requests in bursts, all done before the end: every integral can be counted by hand.
// Demands are 1 to 40 ms by a fixed pattern.
struct Bursts {
  static constexpr int kRequests = 200;
  static constexpr double kDuration = 100;  // seconds

  static int demand_ms(int i) { return 1 + i * 17 % 40; }

  static double demanded() {
    double sum = 0;
    for (int i = 0; i < kRequests; ++i) sum += demand_ms(i) * 1e-3;
    return sum;
  }

  static Simulation simulation() {
    std::string rows = "at,cpu\n";
    for (int i = 0; i < kRequests; ++i) {
      rows += std::to_string((i / 10) * 250'000'000LL + i % 10 * 1'234'567LL) + "," +
              std::to_string(demand_ms(i)) + "\n";
    }
    const Json law = {{"law", "recorded"}, {"column", "cpu"}, {"unit", "ms"}};
    Pieces pieces;
    pieces.requests["job"] =
        request(replay(kFile, false), Json::array({cpu(law), wait(constant_law(5e-3))}));
    pieces.application["web"] = service(3);
    pieces.placements["web"] = in_group("limited");
    pieces.groups["limited"] = limit("70ms");
    pieces.machine = machine(2, "fluid");
    return {scenario("bursts", pieces), once(kDuration), {recording(rows)}};
  }
};

// The run starts and ends empty: the integral of the number in system is the sum of the times.
Parts little(const Row&) {
  const Estimator difference = each([](const Report& report) {
    const double number = metric(report, Metric::concurrency).value;
    const double rate = metric(report, Metric::throughput).value;
    return Estimate{number - rate * metric(report, Metric::latency_mean).value, 0};
  });
  return only({Bursts::simulation(), difference, ""});
}

Parts utilization_law(const Row&) {
  const Estimator difference = each([](const Report& report) {
    const double busy = metric(report, Metric::cpu_utilization).value * 2 * Bursts::kDuration;
    return Estimate{busy - Bursts::demanded(), 0};
  });
  return only({Bursts::simulation(), difference, ""});
}

// A process of so much that leaks at an even rate, in a group with a limit: when it is killed.
Parts leak(const Row& row) {
  const double per_second = number_after(row.model, "grows");
  Pieces pieces;
  pieces.requests["page"] = request(replay(kFile, false), cpu(constant_law(0.001)));
  pieces.application["web"] = service(1);
  pieces.application["web"]["memory"] = {{"base", mebibytes(number_after(row.model, "from"))},
                                         {"leak_per_hour", mebibytes(per_second * 3600)}};
  pieces.placements["web"] = in_group("limited");
  pieces.groups["limited"] = {{"memory_max", mebibytes(number_after(row.model, "limit"))}};
  pieces.machine = machine(1, "fluid");
  const Estimator killed = each([](const Report& report) {
    return Estimate{report.setups.front().first_oom_kill.value().at, 0};
  });
  return only({{scenario(row.model, pieces), once(500), {recording("at\n0\n")}}, killed, ""});
}

}  // namespace

Parts by_hand(const Row& row) {
  if (row.id == "ps-two-jobs") return two_jobs(row);
  if (row.model_starts("1 core, weights")) return by_nice(row);
  if (row.has("weights")) return on_cores(row);
  if (row.id == "group-2") return two_groups(row);
  if (row.id == "group-nested") return nested_groups(row);
  if (row.id == "steal-50") return half_a_core(row);
  if (row.id == "quota-2groups") return limit_beside_none(row);
  if (row.id == "quota-over") return two_limits(row);
  if (row.id == "little-1") return little(row);
  if (row.id == "util-law") return utilization_law(row);
  if (row.id == "disk-bw") return two_readers(row);
  if (row.id == "oom-time") return leak(row);
  return {};
}

}  // namespace cotenant::oracle
