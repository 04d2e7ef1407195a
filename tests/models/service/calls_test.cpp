// SPDX-License-Identifier: Apache-2.0
//
// Services that call each other, with instants worked out by hand. Every service has a core to
// itself, so that only what is said here takes time.
#include "models/service/calls.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr std::uint32_t kCores = 16;

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

Duration time_in(const WaitTimes& times, WaitState state) {
  return times[static_cast<std::size_t>(state)];
}
Duration time_in(const RunRecord& record, WaitState state) {
  return time_in(record.attribution.total().times, state);
}
std::uint64_t calls_that(Outcome outcome, const OperationRecord& operation) {
  return operation.calls.outcomes[static_cast<std::size_t>(outcome)];
}

// A caller with one request at 0 ms, and a service that it calls.
struct Pair {
  explicit Pair(const ServiceOptions& called = {}) : builder(kCores) {
    web = builder.service({.workers = 4});
    database = builder.service(called);
  }

  BlueprintBuilder builder;
  ServiceId web, database;
};

// 2 ms before the call, 5 ms in it and 1 ms after it.
TEST(Calls, ARequestGoesOnWhenItsCallIsAnswered) {
  Pair pair;
  const std::uint32_t read = pair.builder.operation(pair.database, {cpu_step(kMs * 5)});
  const StepSpec call = pair.builder.call_step({{.operation = read}});
  const ClassId id =
      pair.builder.request(at_ms(0), pair.web, {cpu_step(kMs * 2), call, cpu_step(kMs * 1)});
  const RunRecord record = run_to(pair.builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, id), kMs * 8);
  EXPECT_EQ(time_in(record, WaitState::downstream), kMs * 5);
  EXPECT_EQ(time_in(record, WaitState::cpu), kMs * 3);
  EXPECT_EQ(record.operations[0].calls.latency.max(), kMs * 5);
  EXPECT_EQ(time_in(record.operations[0].times, WaitState::cpu), kMs * 5);
  EXPECT_EQ(record.classes[id].arrivals, 1u);
  EXPECT_EQ(record.operations[0].calls.arrivals, 1u);
}

// Every kind of server waits for 5 ms between 2 ms and 1 ms of its own.
TEST(Calls, EveryKindOfServerWaitsForThem) {
  for (int kind = 0; kind < 4; ++kind) {
    BlueprintBuilder builder(kCores);
    const ServiceId web = kind == 0   ? builder.service()
                          : kind == 1 ? builder.gthread({.gil = std::nullopt})
                                      : builder.event_loop({.gil = std::nullopt});
    const ServiceId database = builder.service();
    const std::uint32_t read = builder.operation(database, {cpu_step(kMs * 5)});
    const StepSpec call = builder.call_step({{.operation = read}});
    const ClassId id = builder.request(at_ms(0), web, {cpu_step(kMs * 2), call, cpu_step(kMs * 1)});
    if (kind == 3) builder.in_thread(id);
    const RunRecord record = run_to(builder.build(), seconds(1));
    EXPECT_EQ(latency_of(record, id), kMs * 8) << kind;
    EXPECT_EQ(time_in(record, WaitState::downstream), kMs * 5) << kind;
  }
}

// Two requests come together to one event loop. While the first waits for its call the second
// computes, unless the call blocks the loop.
TEST(Calls, AnEventLoopServesOthersMeanwhileUnlessTheCallBlocksIt) {
  for (const bool blocking : {false, true}) {
    BlueprintBuilder builder(kCores);
    const ServiceId web = builder.event_loop({.gil = std::nullopt});
    const ServiceId database = builder.service();
    const std::uint32_t read = builder.operation(database, {cpu_step(kMs * 5)});
    StepSpec call = builder.call_step({{.operation = read}});
    call.blocking = blocking;
    const ClassId first = builder.request(at_ms(0), web, {call});
    const ClassId second = builder.request(at_ms(1), web, {cpu_step(kMs * 2)});
    const RunRecord record = run_to(builder.build(), seconds(1));
    EXPECT_EQ(latency_of(record, first), kMs * 5);
    EXPECT_EQ(latency_of(record, second), blocking ? kMs * 6 : kMs * 2);
  }
}

TEST(Calls, InTurnTheyTakeTheSumAndTogetherTheLongest) {
  for (const bool parallel : {false, true}) {
    Pair pair({.workers = 8});
    const std::uint32_t read = pair.builder.operation(pair.database, {wait_step(kMs * 5)});
    const StepSpec call =
        pair.builder.call_step({{.operation = read, .count = 3, .parallel = parallel}});
    const ClassId id = pair.builder.request(at_ms(0), pair.web, {call});
    const RunRecord record = run_to(pair.builder.build(), seconds(1));
    EXPECT_EQ(latency_of(record, id), parallel ? kMs * 5 : kMs * 15);
    EXPECT_EQ(record.operations[0].calls.arrivals, 3u);
  }
}

// Three calls of 5 ms in turn beside one of 20 ms, and one of 12 ms.
TEST(Calls, DifferentOnesTogetherTakeAsLongAsTheSlowest) {
  Pair pair({.workers = 8});
  const std::uint32_t read = pair.builder.operation(pair.database, {wait_step(kMs * 5)});
  const std::uint32_t write = pair.builder.operation(pair.database, {wait_step(kMs * 20)});
  const StepSpec call = pair.builder.call_step(
      {{.operation = read, .count = 3}, {.operation = write}, {.operation = read}});
  const ClassId id = pair.builder.request(at_ms(0), pair.web, {call, cpu_step(kMs * 1)});
  const RunRecord record = run_to(pair.builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, id), kMs * 21);
  EXPECT_EQ(record.operations[0].calls.arrivals, 4u);
}

// The queue of the called service is part of what its caller waits for: 4 calls, 2 workers.
TEST(Calls, WaitInTheQueueOfTheServiceThatTheyAsk) {
  Pair pair({.workers = 2});
  const std::uint32_t read = pair.builder.operation(pair.database, {cpu_step(kMs * 5)});
  const StepSpec call = pair.builder.call_step({{.operation = read, .count = 4, .parallel = true}});
  const ClassId id = pair.builder.request(at_ms(0), pair.web, {call});
  const RunRecord record = run_to(pair.builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, id), kMs * 10);
  EXPECT_EQ(time_in(record.operations[0].times, WaitState::accept_queue), kMs * 10);
}

// A call that fails ends its request with a 500: nothing that comes after it is done.
TEST(Calls, AFailureFailsTheCallerUnlessItIsIgnored) {
  for (const bool ignored : {false, true}) {
    Pair pair;
    const std::uint32_t read =
        pair.builder.operation(pair.database, {cpu_step(kMs * 5), error_step(1)});
    const StepSpec call =
        pair.builder.call_step({{.operation = read, .failure_is_ignored = ignored}});
    const ClassId id = pair.builder.request(at_ms(0), pair.web, {call, cpu_step(kMs * 3)});
    const RunRecord record = run_to(pair.builder.build(), seconds(1));
    EXPECT_TRUE(ended_as(record, id, ignored ? Outcome::completed : Outcome::error_500));
    EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(ignored ? 8'000'000 : 5'000'000));
    EXPECT_EQ(calls_that(Outcome::error_500, record.operations[0]), 1u);
  }
}

// The first of two calls together fails after 5 ms. Its caller fails then; the other call goes on,
// for nobody.
TEST(Calls, WhoseCallerHasFailedGoOn) {
  Pair pair({.workers = 2});
  const std::uint32_t broken =
      pair.builder.operation(pair.database, {cpu_step(kMs * 5), error_step(1)});
  const std::uint32_t slow = pair.builder.operation(pair.database, {cpu_step(kMs * 50)});
  const StepSpec call = pair.builder.call_step({{.operation = broken}, {.operation = slow}});
  const ClassId id = pair.builder.request(at_ms(0), pair.web, {call});
  const RunRecord record = run_to(pair.builder.build(), seconds(1));
  EXPECT_TRUE(ended_as(record, id, Outcome::error_500));
  EXPECT_EQ(calls_that(Outcome::completed, record.operations[1]), 1u);
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(55'000'000));
}

// The caller gives up after 10 ms, and again 10 ms after its second attempt; the database works on
// both for 30 ms each, one after the other.
TEST(Calls, TimeOutAndAreTriedAgain) {
  Pair pair;
  const std::uint32_t read = pair.builder.operation(pair.database, {cpu_step(kMs * 30)});
  const StepSpec call = pair.builder.call_step(
      {{.operation = read, .timeout = kMs * 10, .retries = retries_after(kMs * 5, 1)}});
  const ClassId id = pair.builder.request(at_ms(0), pair.web, {call});
  const RunRecord record = run_to(pair.builder.build(), seconds(1));
  EXPECT_TRUE(ended_as(record, id, Outcome::error_500));
  EXPECT_EQ(calls_that(Outcome::timed_out, record.operations[0]), 1u);
  EXPECT_EQ(record.operations[0].calls.attempts[static_cast<std::size_t>(Outcome::timed_out)], 2u);
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(60'000'000));
}

TEST(Calls, ARetryMaySucceed) {
  Pair pair;
  // Busy until 12 ms.
  pair.builder.request(at_ms(0), pair.database, {cpu_step(kMs * 12)});
  const std::uint32_t read = pair.builder.operation(pair.database, {cpu_step(kMs * 4)});
  const StepSpec call = pair.builder.call_step(
      {{.operation = read, .timeout = kMs * 10, .retries = retries_after(kMs * 5, 1)}});
  const ClassId id = pair.builder.request(at_ms(0), pair.web, {call});
  const RunRecord record = run_to(pair.builder.build(), seconds(1));
  // The first attempt is served from 12 to 16 ms, for nobody; the second from 16 to 20.
  EXPECT_EQ(latency_of(record, id), kMs * 20);
  EXPECT_EQ(time_in(record.operations[0].times, WaitState::retry), kMs * 15);
}

// A full service refuses a call at once.
TEST(Calls, AreRefusedByALimit) {
  Pair pair({.limit_concurrency = 1});
  pair.builder.request(at_ms(0), pair.database, {cpu_step(kMs * 100)});
  const std::uint32_t read = pair.builder.operation(pair.database, {cpu_step(kMs * 1)});
  const StepSpec call = pair.builder.call_step({{.operation = read}});
  const ClassId id = pair.builder.request(at_ms(1), pair.web, {call});
  const RunRecord record = run_to(pair.builder.build(), seconds(1));
  EXPECT_TRUE(ended_as(record, id, Outcome::error_500));
  EXPECT_EQ(calls_that(Outcome::rejected_503, record.operations[0]), 1u);
}

// A call takes 1 ms or 100 ms, and after 10 ms it is asked again: so replies come after 1 ms, after
// 11 ms when the second call is a fast one, or after 100 ms when both are slow.
TEST(Calls, AHedgeTakesTheFirstGoodReply) {
  BlueprintBuilder builder(kCores);
  const ServiceId web = builder.event_loop({.gil = std::nullopt});
  const ServiceId leaf = builder.event_loop({.gil = std::nullopt});
  law::Mixture one_or_hundred;
  one_or_hundred.parts = {{0.5, law::Constant{1e6}}, {0.5, law::Constant{100e6}}};
  const std::uint32_t read = builder.operation(leaf, {wait_step(Law(one_or_hundred))});
  const StepSpec hedged = builder.call_step({{.operation = read, .hedge_after = kMs * 10}});
  constexpr std::int64_t kRequests = 400;
  for (std::int64_t i = 0; i < kRequests; ++i) builder.request(at_ms(200 * i), web, {hedged});
  const RunRecord record = run_to(builder.build(), seconds(100));
  std::int64_t fast = 0, hedged_fast = 0, slow = 0;
  for (std::uint32_t c = 0; c < record.classes.size(); ++c) {
    const Duration latency = latency_of(record, ClassId(c));
    fast += latency == kMs * 1;
    hedged_fast += latency == kMs * 11;
    slow += latency == kMs * 100;
  }
  EXPECT_EQ(fast + hedged_fast + slow, kRequests);
  // Five standard deviations of binomial numbers.
  EXPECT_NEAR(static_cast<double>(fast), 200, 50);
  EXPECT_NEAR(static_cast<double>(hedged_fast), 100, 43);
  // Those that were slow were asked twice, and all calls were answered.
  EXPECT_EQ(record.operations[0].calls.arrivals,
            static_cast<std::uint64_t>(kRequests + hedged_fast + slow));
  EXPECT_EQ(calls_that(Outcome::completed, record.operations[0]),
            static_cast<std::uint64_t>(kRequests + hedged_fast + slow));
}

// Of 1,000 calls that may be made 300 are, give or take five standard deviations.
TEST(Calls, AreMadeWithTheirProbability) {
  for (const bool parallel : {false, true}) {
    Pair pair({.workers = 2});
    const std::uint32_t read = pair.builder.operation(pair.database, {cpu_step(kMs * 1)});
    const StepSpec call = pair.builder.call_step(
        {{.operation = read, .count = 1000, .parallel = parallel, .probability = 0.3}});
    const ClassId id = pair.builder.request(at_ms(0), pair.web, {call});
    const RunRecord record = run_to(pair.builder.build(), seconds(10));
    EXPECT_TRUE(ended_as(record, id, Outcome::completed));
    EXPECT_NEAR(static_cast<double>(record.operations[0].calls.arrivals), 300, 73);
  }
}

TEST(Calls, OfProbabilityZeroTakeNoTime) {
  Pair pair;
  const std::uint32_t read = pair.builder.operation(pair.database, {cpu_step(kMs * 1)});
  const StepSpec call =
      pair.builder.call_step({{.operation = read, .count = 3, .probability = 0},
                              {.operation = read, .count = 3, .parallel = true, .probability = 0}});
  const ClassId id = pair.builder.request(at_ms(0), pair.web, {call, cpu_step(kMs * 2)});
  EXPECT_EQ(latency_of(run_to(pair.builder.build(), seconds(1)), id), kMs * 2);
}

// The worker is killed 2 s after it accepted; what it called goes on until 5 s.
TEST(Calls, OutliveACallerThatIsKilled) {
  BlueprintBuilder builder(kCores);
  ServiceOptions web_options;
  web_options.arbiter.timeout = seconds(2);
  const ServiceId web = builder.service(web_options);
  const ServiceId database = builder.service();
  const std::uint32_t read = builder.operation(database, {cpu_step(seconds(5))});
  const StepSpec call = builder.call_step({{.operation = read, .timeout = seconds(4)}});
  const ClassId id = builder.request(at_ms(0), web, {call});
  const ClassId next = builder.request(at_ms(1), web, {cpu_step(kMs * 1)});
  const RunRecord record = run_to(builder.build(), seconds(10));
  EXPECT_TRUE(ended_as(record, id, Outcome::reset));
  EXPECT_TRUE(ended_as(record, next, Outcome::completed));
  EXPECT_EQ(calls_that(Outcome::completed, record.operations[0]), 1u);
}

// What a call needs does not depend on what else is called, in which order or how often.
TEST(Calls, HaveLuckOfTheirOwn) {
  const auto latency_with = [](bool another_call_before) {
    Pair pair({.workers = 8});
    const std::uint32_t read =
        pair.builder.operation(pair.database, {wait_step(Law(law::Exponential{1e6}))});
    const StepSpec call = pair.builder.call_step({{.operation = read}});
    const StepSpec other = pair.builder.call_step({{.operation = read, .count = 5}});
    pair.builder.request(at_ms(0), pair.web, {call});
    if (another_call_before) pair.builder.request(at_ms(0), pair.web, {other});
    const RunRecord record = run_to(pair.builder.build(), seconds(1));
    return latency_of(record, ClassId(0));
  };
  EXPECT_EQ(latency_with(false), latency_with(true));
}

// A chain of services, and a copy of the world in the middle of it.
TEST(Calls, OfCallsAreWaitedForAllTheWay) {
  BlueprintBuilder builder(kCores);
  const ServiceId web = builder.service();
  const ServiceId middle = builder.service();
  const ServiceId database = builder.service();
  const std::uint32_t read = builder.operation(database, {cpu_step(kMs * 5)});
  const StepSpec inner = builder.call_step({{.operation = read, .count = 2}});
  const std::uint32_t list = builder.operation(middle, {cpu_step(kMs * 1), inner});
  const StepSpec outer = builder.call_step({{.operation = list}});
  const ClassId id = builder.request(at_ms(0), web, {outer, cpu_step(kMs * 1)});
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, id), kMs * 12);
  EXPECT_EQ(time_in(record.operations[1].times, WaitState::downstream), kMs * 10);
}

// An event loop to which nothing costs anything begins the calls of all who wait for it at one
// instant: here of 100 requests that come while it computes until 1 ms.
TEST(Calls, ManyMayBeginAtOneInstant) {
  BlueprintBuilder builder(2);
  const ServiceId web = builder.event_loop({.gil = std::nullopt});
  const std::uint32_t ask = builder.operation(builder.external(), {wait_step(kMs * 5)});
  const StepSpec call = builder.call_step({{.operation = ask}});
  builder.request(at_ms(0), web, {cpu_step(kMs * 1)});
  std::vector<ClassId> ids;
  const Instant early = at_ms(0) + microseconds(500);
  for (int i = 0; i < 100; ++i) ids.push_back(builder.request(early, web, {call}));
  const RunRecord record = run_to(builder.build(), seconds(1));
  for (const ClassId id : ids) EXPECT_EQ(latency_of(record, id), microseconds(5500));
}

}  // namespace
}  // namespace cotenant
