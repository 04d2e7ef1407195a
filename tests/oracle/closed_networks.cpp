// SPDX-License-Identifier: Apache-2.0
//
// Users who think, compute and read from a disk, against mean value analysis. The CPU is shared by
// as many workers as there are users, and the disk serves one IO after the other. Where there are
// two of them, a disk is a service that is called and has one worker; where both are shared, each
// has a virtual machine of its own with one core.
#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

// One IO at a time, in the order in which they are asked for, each as long as its latency.
Json disk_of_law(const Json& law) {
  return {{"kind", "network"}, {"queue_depth", 1}, {"read_latency", law}};
}

Json compute_and_read(const Json& cpu_law, const std::string& read) {
  return Json::array({cpu(cpu_law), call(read)});
}

// --- The disk as the report shows it

const DiskCounters& disk_of(const Report& report) {
  return report.setups.front().machines.front().disk.value();
}

Estimate disk_utilization(const Report& report) {
  return {disk_of(report).busy / report.setups.front().observed, 0};
}

// All IOs of the run, the time that each took added up.
Estimate number_at_disk(const Report& report) {
  const DiskCounters& disk = disk_of(report);
  return {(disk.queued + disk.served) / report.setups.front().observed, 0};
}

Estimator estimator_of(const Row& row) {
  if (row.metric_starts("throughput")) return of(Metric::throughput);
  if (row.metric_starts("mean response")) return of(Metric::latency_mean);
  if (row.metric == "disk utilisation") return each(disk_utilization);
  if (row.metric == "mean number at disk") return each(number_at_disk);
  return Estimator();
}

// --- One class

Parts one_class(const Row& row) {
  const int users = row.count("N");
  const int cores = row.has("cores") ? row.count("cores") : 1;
  const double on_cpu = row.number("D_cpu"), on_disk = row.number("D_disk");
  Pieces pieces;
  pieces.requests["job"] =
      request(closed(users, exponential_law(row.number("Z"))),
              Json::array({cpu(exponential_law(on_cpu)), {{"read", "4KiB"}, {"direct", true}}}));
  pieces.application["cpu"] = service(users);
  pieces.machine = machine(cores, "fluid");
  pieces.machine["disk"] = disk_of_law(exponential_law(on_disk));
  Part part;
  // The bounds of the asymptotes: completions are at most so fast.
  const double rate =
      std::min({users / (row.number("Z") + on_cpu + on_disk), cores / on_cpu, 1 / on_disk});
  part.simulation = {scenario("closed network", pieces), steady(row.completions, rate), {}};
  part.estimator = estimator_of(row);
  if (!part.estimator) return {};
  return only(std::move(part));
}

// --- Bounds

// With constant times a lone user and a crowd meet the asymptotes exactly: one user's requests are
// a think time and the demands apart, the crowd's as far as the slowest station needs. Each has a
// CPU and a disk of its own. The knee is the number of lone users that would do as much as a crowd.
Pieces lone_user_and_crowd(const Row& row, double think) {
  constexpr int kCrowd = 50;
  Pieces pieces;
  for (const auto& [name, users] : {std::pair("lone", 1), std::pair("crowd", kCrowd)}) {
    const std::string disk = std::string("disk_of_") + name;
    pieces.requests[name] =
        request(closed(users, constant_law(think)),
                compute_and_read(constant_law(row.number("D_cpu")), disk + ".serve"), name);
    pieces.application[name] = service(users);
    pieces.application[disk] = with_operation(service(1), wait(constant_law(row.number("D_disk"))));
    pieces.guests[name] = {{"machine", machine(1, "fluid")}};
    pieces.placements[name] = {{"guest", name}};
  }
  pieces.machine = machine(2, "fluid");
  return pieces;
}

// 226 s are a whole number of both cycles, 1.13 s and 0.08 s, so that counts over them are exact.
Parts bounds(const Row& row, const Estimator& estimator) {
  Part part;
  part.simulation.scenario = scenario("asymptotes", lone_user_and_crowd(row, 1));
  part.simulation.length = {326, 100, 1, 1, 0};
  part.estimator = estimator;
  return only(std::move(part));
}

Estimate knee(const Report& report) {
  return {metric(report, Metric::throughput, "crowd").value /
              metric(report, Metric::throughput, "lone").value,
          0};
}

// --- Two classes, both stations shared

Parts two_classes(const Row& row) {
  const auto users = row.params.at("N").get<std::vector<int>>();
  const auto think = row.params.at("Z").get<std::vector<double>>();
  const auto on_cpu = row.params.at("D_cpu").get<std::vector<double>>();
  const auto on_disk = row.params.at("D_disk").get<std::vector<double>>();
  const int everybody = std::accumulate(users.begin(), users.end(), 0);
  Pieces pieces;
  pieces.application["cpu"] = service(everybody);
  pieces.application["disk"] = service(everybody);
  double rate = 0;
  for (std::size_t i = 0; i < users.size(); ++i) {
    const std::string name = std::to_string(i + 1);
    pieces.requests[name] = request(closed(users[i], exponential_law(think[i])),
                                    compute_and_read(exponential_law(on_cpu[i]), "disk." + name));
    pieces.application["disk"]["operations"][name]["steps"] =
        Json::array({cpu(exponential_law(on_disk[i]))});
    rate += users[i] / (think[i] + on_cpu[i] + on_disk[i]);
  }
  for (const char* station : {"cpu", "disk"}) {
    pieces.guests[station] = {{"machine", machine(1, "fluid")}};
    pieces.placements[station] = {{"guest", station}};
  }
  pieces.machine = machine(2, "fluid");
  const std::string request_class = row.metric.substr(row.metric.size() - 1);
  const bool is_rate = row.metric_starts("throughput");
  Part part;
  part.simulation = {scenario(row.model, pieces), steady(row.completions, rate), {}};
  part.estimator = of(is_rate ? Metric::throughput : Metric::latency_mean, 1, 0, request_class);
  return only(std::move(part));
}

}  // namespace

Parts closed_networks(const Row& row) {
  if (row.model == "closed 2-class network") return two_classes(row);
  if (!row.model_starts("closed interactive")) return {};
  if (row.metric == "throughput bound") return bounds(row, of(Metric::throughput, 1, 0, "crowd"));
  if (row.metric == "asymptotic knee N*") return bounds(row, each(knee));
  return one_class(row);
}

}  // namespace cotenant::oracle
