// SPDX-License-Identifier: Apache-2.0
//
// cotenant_bench_work CASE SIZE: does a fixed amount of work on a hot path and prints how many
// events or requests that were. Whoever counts the instructions of two sizes knows what one more
// costs: tools/instructions. No time is measured here.
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string_view>

#include "bench/increments.h"
#include "bench/mm1.h"
#include "bench/server_scenario.h"
#include "bench/service_scenario.h"

namespace cotenant {
namespace {

constexpr std::uint32_t kPending = 1000;

// The earliest of 1,000 events is taken and scheduled again.
std::uint64_t hold_slots(std::uint64_t size) {
  Increments increments;
  EventSet<BenchEvent> events(kPending);
  for (std::uint32_t i = 0; i < kPending; ++i) {
    events.schedule(Slot(i), Instant() + increments.next(), 0, {i, 0});
  }
  for (std::uint64_t i = 0; i < size; ++i) {
    const BenchEvent event = events.pop();
    events.schedule(Slot(event.entity), events.now() + increments.next(), 0, event);
  }
  return size;
}

// The same with timers, as timeouts and think times are.
std::uint64_t hold_timers(std::uint64_t size) {
  Increments increments;
  EventSet<BenchEvent> events;
  for (std::uint32_t i = 0; i < kPending; ++i) {
    events.start_timer(Instant() + increments.next(), 0, {i, 0});
  }
  for (std::uint64_t i = 0; i < size; ++i) {
    const BenchEvent event = events.pop();
    events.start_timer(events.now() + increments.next(), 0, event);
  }
  return size;
}

// A bare M/M/1 on the engine; a customer has two events.
std::uint64_t mm1(std::uint64_t size) { return run_mm1(Mm1Customers(0), size).events; }

// From text to report: `size` seconds of 250 requests each.
std::uint64_t server(ServerCase which, std::uint64_t size) {
  return served(report_of(server_scenario(which, size)));
}
std::uint64_t sync_fluid(std::uint64_t size) { return server(ServerCase::uncontended, size); }
std::uint64_t sync_eevdf(std::uint64_t size) { return server(ServerCase::eevdf_uncontended, size); }
// An event loop with 10,000 kept connections; `size` seconds of 2,500 requests each.
std::uint64_t loop_kept(std::uint64_t size) {
  return served(report_of(kept_connections_scenario(size)));
}
// `size` seconds of 20,000 requests or 300 pages each.
std::uint64_t two_tier(std::uint64_t size) { return served(report_of(two_tier_scenario(size))); }
std::uint64_t twelve_services(std::uint64_t size) {
  return served(report_of(twelve_services_scenario(size)));
}
// Four workers under a quota of half a core beside four tasks that never stop.
std::uint64_t crowded_eevdf(std::uint64_t size) {
  return server(ServerCase::eevdf_neighbors, size);
}

struct Work {
  std::string_view name;
  std::uint64_t (*run)(std::uint64_t size);
};

constexpr std::array<Work, 9> kWork = {{{"hold_slots", hold_slots},
                                        {"hold_timers", hold_timers},
                                        {"mm1", mm1},
                                        {"sync_fluid", sync_fluid},
                                        {"sync_eevdf", sync_eevdf},
                                        {"crowded_eevdf", crowded_eevdf},
                                        {"loop_kept", loop_kept},
                                        {"two_tier", two_tier},
                                        {"twelve_services", twelve_services}}};

int usage() {
  std::fprintf(stderr, "usage: cotenant_bench_work CASE SIZE\ncases:");
  for (const Work& work : kWork) {
    std::fprintf(stderr, " %.*s", static_cast<int>(work.name.size()), work.name.data());
  }
  std::fprintf(stderr, "\n");
  return 2;
}

int main_of(std::string_view name, std::string_view size_text) {
  std::uint64_t size = 0;
  const char* const text_end = size_text.data() + size_text.size();
  const auto [end, error] = std::from_chars(size_text.data(), text_end, size);
  if (error != std::errc() || end != text_end || size == 0) return usage();
  for (const Work& work : kWork) {
    if (work.name != name) continue;
    std::printf("%llu\n", static_cast<unsigned long long>(work.run(size)));
    return 0;
  }
  return usage();
}

}  // namespace
}  // namespace cotenant

int main(int count, char** words) {
  try {
    return cotenant::main_of(count == 3 ? words[1] : "", count == 3 ? words[2] : "");
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "cotenant_bench_work: %s\n", problem.what());
    return 1;
  }
}
