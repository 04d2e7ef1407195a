// SPDX-License-Identifier: Apache-2.0
//
// How many events a request takes, exactly: what a run costs is this number times the cost of an
// event. A change that adds one to every request shows here, on any machine, and not only in a
// benchmark.
#include <gtest/gtest.h>

#include "models/step.h"
#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr int kRequests = 100;

// Requests one second apart, each alone in the system and idle long before the next one.
Blueprint one_by_one(const std::vector<StepSpec>& steps, const ServiceOptions& options = {},
                     Duration client_timeout = Duration(0)) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service(options);
  for (int i = 0; i < kRequests; ++i) builder.request(Instant() + seconds(i), service, steps);
  if (client_timeout > Duration(0)) builder.client_timeout(client_timeout);
  return builder.build();
}

double events_per_request(const Blueprint& blueprint) {
  const RunRecord record = run_to(blueprint, seconds(kRequests));
  EXPECT_EQ(count_of(record, Outcome::completed), static_cast<std::uint64_t>(kRequests));
  return static_cast<double>(record.events) / kRequests;
}

// It arrives, and its CPU is done. Phases that cost nothing take no event.
TEST(EventsPerRequest, TwoWithoutOverhead) {
  EXPECT_EQ(events_per_request(one_by_one({cpu_step(milliseconds(5))})), 2);
}

// A timeout that does not expire is scheduled and cancelled, but never happens.
TEST(EventsPerRequest, NoneForAClientThatIsAnsweredInTime) {
  EXPECT_EQ(events_per_request(one_by_one({cpu_step(milliseconds(5))}, {}, milliseconds(500))), 2);
}

// One more for each step, a wait like a computation.
TEST(EventsPerRequest, OneForEachStep) {
  EXPECT_EQ(events_per_request(one_by_one({cpu_step(milliseconds(5)), wait_step(milliseconds(9)),
                                           cpu_step(milliseconds(1))})),
            4);
}

// It arrives; then accept, application and respond in one burst of CPU, and finish, from which on
// it is gone.
TEST(EventsPerRequest, FourWithTheServersOwnCpu) {
  ServiceOptions options;
  options.overhead.phases.fill(always(CpuTime(100'000)));
  EXPECT_EQ(events_per_request(one_by_one({cpu_step(milliseconds(5))}, options)), 4);
}

// In an event loop it arrives; then wake, accept, connect, start, application and respond, finish.
// Turns that cost nothing take no event, and neither do looks, nor a lock that nobody else wants.
double events_in_a_loop(LoopOptions options) {
  BlueprintBuilder builder;
  options.overhead.phases.fill(always(CpuTime(100'000)));
  const ServiceId service = builder.event_loop(options);
  for (int i = 0; i < kRequests; ++i) {
    builder.request(Instant() + seconds(i), service, {cpu_step(milliseconds(5))});
  }
  return events_per_request(builder.build());
}
TEST(EventsPerRequest, SevenInAnEventLoop) {
  LoopOptions options;
  options.threads = 0;
  EXPECT_EQ(events_in_a_loop(options), 7);
  options.threads = 2;
  options.gil.reset();
  EXPECT_EQ(events_in_a_loop(options), 7);
}

// Another thread may take the lock: one for the lock when the loop wakes up, and receive, send and
// the response are bursts of their own.
TEST(EventsPerRequest, FourMoreInALoopWithThreadsBesideIt) { EXPECT_EQ(events_in_a_loop({}), 11); }

// On a connection that is kept two fewer, accept and connect, but for the first request; and one
// look at idle connections for each time they may be kept.
TEST(EventsPerRequest, FiveOnAKeptConnection) {
  BlueprintBuilder builder;
  LoopOptions options;
  options.overhead.phases.fill(always(CpuTime(100'000)));
  options.gil.reset();
  options.keep_alive = KeepAliveSpec{seconds(1000), 1};
  const ServiceId service = builder.event_loop(options);
  for (int i = 0; i < kRequests; ++i) {
    builder.request(Instant() + seconds(i), service, {cpu_step(milliseconds(5))});
  }
  builder.keep_connections(1);
  EXPECT_EQ(events_per_request(builder.build()), 5 + 2.0 / kRequests);
}

// Waiting in the accept queue is no event: ten at a time cost as much as one after the other.
TEST(EventsPerRequest, NoneForWaitingInTheQueue) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  for (int i = 0; i < kRequests; ++i) {
    builder.request(Instant() + seconds(i / 10), service, {cpu_step(milliseconds(5))});
  }
  EXPECT_EQ(events_per_request(builder.build()), 2);
}

}  // namespace
}  // namespace cotenant
