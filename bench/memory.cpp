// SPDX-License-Identifier: Apache-2.0
//
// cotenant_bench_memory REQUESTS: simulates an M/M/1 queue from scenario text to report and prints
// the peak memory of the process. A run keeps counts, not requests, so more of them take no more
// memory.
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>

#include "bench/server_scenario.h"

namespace {

// The peak since this program started. getrusage() would also count the process that started it.
std::uint64_t peak_kib() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    std::uint64_t kib = 0;
    if (word == "VmHWM:" && status >> kib) return kib;
  }
  return 0;
}

int simulate(std::uint64_t requests) {
  const cotenant::Report report = cotenant::report_of(cotenant::mm1_scenario(requests / 900));
  const cotenant::SetupReport& setup = report.setups.front();
  const auto& mean = setup.metrics[static_cast<std::size_t>(cotenant::Metric::latency_mean)];
  std::printf("%llu requests, mean latency %.3f ms (exact: 10), peak memory %llu KiB\n",
              static_cast<unsigned long long>(cotenant::served(report)),
              mean.value.value_or(0) * 1e3, static_cast<unsigned long long>(peak_kib()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string text = argc == 2 ? argv[1] : "";
  std::uint64_t requests = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), requests);
  if (error != std::errc() || end != text.data() + text.size() || requests < 900) {
    std::fprintf(stderr, "usage: cotenant_bench_memory REQUESTS   (900 or more)\n");
    return 2;
  }
  try {
    return simulate(requests);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "cotenant_bench_memory: %s\n", problem.what());
    return 1;
  }
}
