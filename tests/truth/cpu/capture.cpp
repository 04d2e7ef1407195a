// SPDX-License-Identifier: Apache-2.0
//
// Reads experiment.json, summary.json and task0.csv.gz of a recording.
#include "tests/truth/cpu/capture.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace cotenant::cpu_test {
namespace {

// Replays start this long before the first release, as spinners were started before.
constexpr std::int64_t kLeadUs = 100'000;

// CPU of a job beyond its burst: system calls to sleep, wake and take the time. It is what the
// recording's own CPU use says: 37 to 53 us where jobs are regular and the CPU idles in between.
// Beside spinners it is 0.02279 * 6 s / 630 jobs - 200 us (E12_wake_C0.2_n1_othergroup1024_s1),
// alone 35 us (the same with n0).
constexpr std::int64_t kOverheadBesideSpinnersUs = 17;
constexpr std::int64_t kOverheadAloneUs = 35;

std::string path_of(const std::string& name, const std::string& file) {
  return std::string(COTENANT_SOURCE_DIR) + "/validation/data/" + name + "/" + file;
}

nlohmann::json read_json(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  return nlohmann::json::parse(in);
}

std::string unzipped(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error("cannot read " + path);
  std::string text;
  char buffer[4096];
  for (int got = gzread(file, buffer, sizeof buffer); got > 0;
       got = gzread(file, buffer, sizeof buffer)) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  gzclose(file);
  return text;
}

std::vector<Job> read_jobs(const std::string& path) {
  std::vector<Job> jobs;
  std::istringstream lines(unzipped(path));
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    Job job;
    char comma = 0;
    if (!(fields >> job.release >> comma >> job.start >> comma >> job.end >> comma >> job.burst)) {
      continue;  // the clock's offset and the names of the columns
    }
    job.release += kLeadUs;
    job.start += kLeadUs;
    job.end += kLeadUs;
    jobs.push_back(job);
  }
  return jobs;
}

// The number after an option of the recording program.
double number_after(const std::string& option, const std::string& command, double otherwise) {
  const std::size_t at = command.find(option);
  return at == std::string::npos ? otherwise : std::atof(command.c_str() + at + option.size());
}

std::int64_t overhead_of(const std::string& command, double cpu_util, bool alone) {
  if (command.find("--dist exp") != std::string::npos) {
    return alone ? kOverheadAloneUs : kOverheadBesideSpinnersUs;
  }
  const double per_job_ms = cpu_util * number_after("--period", command, 0);
  return static_cast<std::int64_t>(1000 * (per_job_ms - number_after("--burst", command, 0)));
}

}  // namespace

Capture::Capture(const std::string& capture_name) : name(capture_name) {
  const nlohmann::json experiment = read_json(path_of(name, "experiment.json"));
  summary = read_json(path_of(name, "summary.json"));
  like_the_recorder(host);
  for (const auto& [group, spec] : experiment["groups"].items()) {
    const std::int64_t shares = spec.value("shares", 1024);
    group_names.push_back(group);
    if (!spec.contains("quota_us")) {
      groups.push_back(host.group(kRootGroup, shares));
      continue;
    }
    const Bandwidth bandwidth{CpuTime(spec["quota_us"].get<std::int64_t>() * 1000),
                              microseconds(spec["period_us"].get<std::int64_t>()),
                              CpuTime(spec.value("burst_us", std::int64_t{0}) * 1000)};
    groups.push_back(host.limited_group(kRootGroup, shares, bandwidth));
  }
  for (const auto& task : experiment["tasks"]) {
    const std::string command = task["cmd"];
    const auto group = static_cast<std::size_t>(
        std::find(group_names.begin(), group_names.end(), task["group"]) - group_names.begin());
    const std::vector<TaskId> tasks =
        host.tasks(static_cast<int>(number_after("--threads", command, 1)), groups[group]);
    first_task.push_back(tasks.front());
    if (command.rfind("periodic", 0) != 0) continue;
    host.topology.tasks[tasks.front()].charges_continuously = true;
    jobs = read_jobs(path_of(name, "task0.csv.gz"));
    const std::int64_t overhead =
        overhead_of(command, cpu_of(task["group"]), experiment["tasks"].size() == 1);
    for (Job& job : jobs) job.overhead = overhead;
  }
}

std::vector<Job> recorded_jobs(const std::string& name) {
  std::vector<Job> jobs = read_jobs(path_of(name, "task0.csv.gz"));
  for (Job& job : jobs) job.overhead = kOverheadBesideSpinnersUs;
  return jobs;
}

std::size_t jobs_found_again(const cpu_test::Host& host, TaskId task,
                             const std::vector<Job>& jobs) {
  constexpr std::int64_t kNearlyUs = 300;
  constexpr std::int64_t kPhases = 80;
  const auto alike = [](const Job& a, const Job& b) {
    return std::abs(a.start - b.start) < kNearlyUs && std::abs(a.end - b.end) < kNearlyUs;
  };
  std::size_t most = 0;
  for (std::int64_t phase = 0; phase < kPhases; ++phase) {
    KernelReplay run(host, host.topology.kernel.tick * phase / kPhases);
    run.give_jobs(task, jobs);
    run.run_for(microseconds(jobs.back().end) + seconds(1));
    const std::vector<Job> simulated = run.jobs(task);
    std::size_t found = 0;
    for (std::size_t i = 0; i < simulated.size(); ++i) {
      if (alike(simulated[i], jobs[i])) ++found;
    }
    most = std::max(most, found);
  }
  return most;
}

double Capture::cpu_of(const std::string& group) const {
  return summary["groups"][group]["cpu_util"].get<double>();
}

std::vector<double> Capture::start_delays() const { return cpu_test::start_delays(jobs); }
std::vector<double> Capture::responses() const { return cpu_test::responses(jobs); }

void like_the_recorder(cpu_test::Host& host) {
  host.topology.kernel.base_slice = microseconds(1400);
}

KernelReplay replay(const Capture& capture, int index, int count) {
  cpu_test::Host host = capture.host;
  for (std::uint32_t g = 0; g < host.topology.groups.size(); ++g) {
    const auto& bandwidth = host.topology.groups[GroupId(g)].bandwidth;
    if (bandwidth) host.phases[g] = bandwidth->period * index / count;
  }
  // Steps that have no factor in common with `count`, so that the two phases are not in step.
  const Duration tick_phase = host.topology.kernel.tick * (index * 7 % count) / count;
  KernelReplay replay(host, tick_phase + microseconds(13));
  if (!capture.jobs.empty()) replay.give_jobs(capture.first_task.front(), capture.jobs);
  return replay;
}

}  // namespace cotenant::cpu_test
