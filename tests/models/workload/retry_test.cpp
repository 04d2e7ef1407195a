// SPDX-License-Identifier: Apache-2.0
//
// Clients who try again, and applications that fail, with instants worked out by hand. A service
// whose limit is zero refuses everybody, so that the ends of requests tell the pauses of clients.
#include "models/workload/retry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

Duration time_in(const RunRecord& record, WaitState state) {
  return record.attribution.total().times[static_cast<std::size_t>(state)];
}

Int128 request_time(const RunRecord& record) {
  Int128 sum = 0;
  for (const Int128 slice : record.in_system.integrals()) sum += slice;
  return sum;
}

// When requests ended, by number.
std::vector<Instant> ends_of(const Blueprint& blueprint, Duration horizon, SourceId source) {
  RunOptions options;
  options.recorder.horizon = Instant() + horizon;
  options.recorder.log_requests = true;
  std::vector<LoggedRequest> requests = run(blueprint, options).requests;
  std::erase_if(requests, [&](const LoggedRequest& each) { return each.source != source; });
  std::sort(requests.begin(), requests.end(),
            [](const auto& a, const auto& b) { return a.ordinal < b.ordinal; });
  std::vector<Instant> ends;
  for (const LoggedRequest& each : requests) ends.push_back(each.end);
  return ends;
}

// The first request is done at 15 ms. The second times out at 21 ms, and its client tries again at
// 26; the worker goes on with the first attempt until 30, and serves the second one until 45.
TEST(Retries, AreNewWorkForTheServerAndTheSameRequestForTheUser) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  const ClassId first = builder.request(at_ms(0), service, {cpu_step(kMs * 15)});
  const ClassId second = builder.request(at_ms(1), service, {cpu_step(kMs * 15)});
  builder.client_timeout(kMs * 20);
  builder.retries(retries_after(kMs * 5, 3));
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, first), kMs * 15);
  EXPECT_EQ(latency_of(record, second), kMs * 44);
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(45'000'000));
  EXPECT_EQ(attempts_that(Outcome::completed, record), 2u);
  EXPECT_EQ(attempts_that(Outcome::timed_out, record), 1u);
  EXPECT_EQ(count_of(record, Outcome::timed_out), 0u);
  EXPECT_EQ(time_in(record, WaitState::retry), kMs * 25);
  EXPECT_EQ(time_in(record, WaitState::accept_queue), kMs * 4);
  EXPECT_EQ(time_in(record, WaitState::cpu), kMs * 30);
  EXPECT_EQ(static_cast<std::int64_t>(request_time(record)), (kMs * 59).count());
}

// A worker is busy until 100 ms, and everybody else is answered 503. The second request comes at
// 1 ms and needs 10 ms.
class BusyServer {
 public:
  BusyServer() : service_(builder_.service({.limit_concurrency = 1})) {
    builder_.request(at_ms(0), service_, {cpu_step(kMs * 100)});
    second_ = builder_.request(at_ms(1), service_, {cpu_step(kMs * 10)});
  }
  Duration latency(const RetrySpec& retries) {
    builder_.retries(retries);
    return latency_of(run_to(builder_.build(), seconds(1)), second_);
  }
  Instant end(const RetrySpec& retries) {
    builder_.retries(retries);
    return ends_of(builder_.build(), seconds(1), SourceId(0))[1];
  }

 private:
  BlueprintBuilder builder_;
  ServiceId service_;
  ClassId second_;
};

// Attempts at 1, 5, 13, 29, 61 and 125 ms.
TEST(Retries, ComeAfterGrowingPauses) {
  EXPECT_EQ(BusyServer().latency(retries_after(kMs * 4, 9, 2)), kMs * 134);
}

// Attempts at 1, 11, 41, 71 and 101 ms; without the cap at 1, 11 and 111.
TEST(Retries, PauseNoLongerThanTheCap) {
  RetrySpec retries = retries_after(kMs * 10, std::nullopt, 10);
  retries.backoff.cap = kMs * 30;
  EXPECT_EQ(BusyServer().latency(retries), kMs * 110);
}

// Attempts at 1, 11 and 41 ms, and no more.
TEST(Retries, EndAfterTheLastOneAllowed) {
  EXPECT_EQ(BusyServer().end(retries_after(kMs * 10, 2, 3)), at_ms(41));
}

// Attempts at 1, 11 and 21 ms; the next one would begin 30 ms after the arrival.
TEST(Retries, BeginBeforeTheDeadlineOrNotAtAll) {
  RetrySpec retries = retries_after(kMs * 10, std::nullopt);
  retries.deadline = kMs * 20;
  EXPECT_EQ(BusyServer().end(retries), at_ms(21));
  retries.deadline = kMs * 20 - Duration(1);
  EXPECT_EQ(BusyServer().end(retries), at_ms(11));
}

TEST(Retries, FollowOnlyTheOutcomesSaid) {
  RetrySpec retries = retries_after(kMs * 10, 5);
  retries.on[static_cast<std::size_t>(Outcome::rejected_503)] = false;
  EXPECT_EQ(BusyServer().end(retries), at_ms(1));
}

// One place in the queue, which is taken. SYNs come until 67 s and the client gives up at 131; its
// second attempt begins at 140 and has SYNs of its own, until 271.
TEST(Retries, ConnectAnew) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.accept_queue_capacity = 1});
  for (int i = 0; i < 3; ++i) {
    builder.request(Instant() + Duration(i), service, {cpu_step(seconds(1000))});
  }
  builder.retries(retries_after(seconds(9), 1));
  const Instant end = ends_of(builder.build(), seconds(500), SourceId(0))[2];
  EXPECT_EQ(end, Instant() + seconds(271) + Duration(2));
}

// A full bucket of one token, and half a token for each request. The first, third and fifth
// have one to spend.
TEST(RetryBudget, IsSpentAndEarned) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.limit_concurrency = 0});
  std::vector<ClassId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(builder.request(at_ms(i), service, {cpu_step(kMs)}));
  RetrySpec retries = retries_at_once(std::nullopt);
  retries.budget = RetryBudget{kRetryToken / 2, kRetryToken};
  builder.retries(retries);
  const RunRecord record = run_to(builder.build(), seconds(1));
  std::vector<std::uint64_t> attempts;
  for (const ClassId id : ids) {
    attempts.push_back(
        record.classes[id].attempts[static_cast<std::size_t>(Outcome::rejected_503)]);
  }
  EXPECT_EQ(attempts, (std::vector<std::uint64_t>{2, 1, 2, 1, 2}));
}

// What the clients of one source have spent is not missing in another one.
TEST(RetryBudget, IsThatOfASource) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.limit_concurrency = 0});
  const ClassId one = builder.request_class(service, {cpu_step(kMs)});
  const ClassId other = builder.request_class(service, {cpu_step(kMs)});
  builder.source(ConstantSource{10e6}, {one});
  builder.source(ConstantSource{80e6}, {other});
  RetrySpec retries = retries_at_once(std::nullopt);
  retries.budget = RetryBudget{0, 2 * kRetryToken};
  builder.retries(retries);
  const RunRecord record = run_to(builder.build(), kMs * 100);
  const auto attempts = [&](ClassId id) {
    return record.classes[id].attempts[static_cast<std::size_t>(Outcome::rejected_503)];
  };
  EXPECT_EQ(attempts(one), 9u + 2u);
  EXPECT_EQ(attempts(other), 1u + 2u);
}

// A thousand requests, 20 ms apart, all of whose attempts are refused.
class Pauses {
 public:
  explicit Pauses(Jitter jitter, std::uint32_t retries_of_each = 1)
      : service_(builder_.service({.limit_concurrency = 0})) {
    builder_.source(ConstantSource{20e6}, {builder_.request_class(service_, {cpu_step(kMs)})});
    RetrySpec retries = retries_after(kMs * 10, retries_of_each);
    retries.backoff.jitter = jitter;
    builder_.retries(retries);
  }
  void add_others() { builder_.poisson(300, builder_.request_class(service_, {cpu_step(kMs)})); }

  std::vector<double> in_ms() const {
    const std::vector<Instant> ends = ends_of(builder_.build(), seconds(20), SourceId(0));
    std::vector<double> pauses;
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
      const Instant arrival = at_ms(20) + milliseconds(20) * static_cast<std::int64_t>(i);
      pauses.push_back(static_cast<double>((ends[i] - arrival).count()) / 1e6);
    }
    return pauses;
  }

 private:
  BlueprintBuilder builder_;
  ServiceId service_;
};

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// Uniform on 0..10 and 5..10 ms: standard deviations of the mean of 1000 are 0.091 and 0.046 ms.
TEST(Jitter, SpreadsPausesWithinItsBounds) {
  const std::vector<double> none = Pauses(Jitter::none).in_ms();
  EXPECT_EQ(*std::min_element(none.begin(), none.end()), 10);
  EXPECT_EQ(*std::max_element(none.begin(), none.end()), 10);
  const std::vector<double> full = Pauses(Jitter::full).in_ms();
  EXPECT_LT(*std::min_element(full.begin(), full.end()), 0.1);
  EXPECT_LE(*std::max_element(full.begin(), full.end()), 10);
  EXPECT_NEAR(mean_of(full), 5, 5 * 0.091);
  const std::vector<double> equal = Pauses(Jitter::equal).in_ms();
  EXPECT_GE(*std::min_element(equal.begin(), equal.end()), 5);
  EXPECT_LE(*std::max_element(equal.begin(), equal.end()), 10);
  EXPECT_NEAR(mean_of(equal), 7.5, 5 * 0.046);
}

// The sum of two pauses has a standard deviation of 10 sqrt(2 / 12) = 4.08 ms if they are
// independent, and of 5.77 if they are the same.
TEST(Jitter, IsDrawnForEachRetryAnew) {
  const std::vector<double> sums = Pauses(Jitter::full, 2).in_ms();
  const double mean = mean_of(sums);
  std::vector<double> squares;
  for (const double sum : sums) squares.push_back((sum - mean) * (sum - mean));
  EXPECT_NEAR(std::sqrt(mean_of(squares)), 4.08, 0.5);
}

TEST(Jitter, OfARequestDoesNotDependOnOthers) {
  Pauses alone(Jitter::full);
  Pauses among_others(Jitter::full);
  among_others.add_others();
  EXPECT_EQ(alone.in_ms(), among_others.in_ms());
}

// Thinking takes 10 ms, and two retries 5 ms each: a request every 20 ms, at 10, 30, ..., 90 ms.
TEST(ClosedUsers, ThinkAfterTheLastAttempt) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.limit_concurrency = 0});
  const ClassId id = builder.request_class(service, {cpu_step(kMs)});
  builder.source(ClosedSource{1, Sampler(law::Constant{10e6})}, {id});
  builder.retries(retries_after(kMs * 5, 2));
  const RunRecord record = run_to(builder.build(), kMs * 101);
  EXPECT_EQ(record.classes[id].arrivals, 5u);
  EXPECT_EQ(attempts_that(Outcome::rejected_503, record), 15u);
}

// The second request of the first test arrives before the warm-up is over and completes after it.
TEST(WarmUp, LeavesOutRequestsByTheirFirstAttempt) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.request(at_ms(0), service, {cpu_step(kMs * 15)});
  const ClassId second = builder.request(at_ms(1), service, {cpu_step(kMs * 15)});
  builder.client_timeout(kMs * 20);
  builder.retries(retries_after(kMs * 5, 3));
  RunOptions options;
  options.recorder.warmup = at_ms(20);
  options.recorder.horizon = at_ms(1000);
  const RunRecord record = run(builder.build(), options);
  EXPECT_EQ(record.classes[second].completions, 1u);
  EXPECT_TRUE(record.classes[second].latency.empty());
  EXPECT_EQ(attempts_that(Outcome::timed_out, record), 0u);
  EXPECT_EQ(attempts_that(Outcome::completed, record), 0u);
}

// Between two attempts at the end of the run: unfinished, with one attempt made.
TEST(TheEnd, OfARunMayComeBetweenAttempts) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.limit_concurrency = 0});
  builder.request(at_ms(1), service, {cpu_step(kMs)});
  builder.retries(retries_after(kMs * 50, std::nullopt));
  const RunRecord record = run_to(builder.build(), kMs * 30);
  EXPECT_EQ(count_of(record, Outcome::censored), 1u);
  EXPECT_EQ(attempts_that(Outcome::censored, record), 0u);
  EXPECT_EQ(attempts_that(Outcome::rejected_503, record), 1u);
  EXPECT_EQ(static_cast<std::int64_t>(request_time(record)), (kMs * 29).count());
}

// The request-retry example of Bronson et al., "Metastable Failures in Distributed Systems" (HotOS
// 2021): a server that can do 300 requests a second, clients who try once more after a second, and
// an outage of ten seconds, which leaves a full queue. What is done from the 150th to the 250th
// second, by the second.
double goodput_after_outage(std::int64_t load) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.request(Instant() + seconds(10), service, {wait_step(seconds(10))});
  const ClassId id = builder.request_class(service, {cpu_step(Duration(1'000'000'000 / 300))});
  builder.source(ConstantSource{1e9 / static_cast<double>(load)}, {id});
  builder.client_timeout(seconds(1));
  builder.retries(retries_at_once(1));
  RunOptions options;
  options.recorder.warmup = Instant() + seconds(150);
  options.recorder.horizon = Instant() + seconds(250);
  return static_cast<double>(run(builder.build(), options).classes[id].completions) / 100;
}

// When all attempts time out, the server gets twice the load: below 150 a second it can still clear
// its queue. The example runs at 280, which it could do for ever without the outage.
TEST(RetryStorm, OutlivesItsTriggerAboveHalfOfTheCapacity) {
  EXPECT_NEAR(goodput_after_outage(140), 140, 1);
  EXPECT_LT(goodput_after_outage(160), 16);
  EXPECT_LT(goodput_after_outage(280), 28);
}

// --- Errors of the application

// 3 ms before the error and 2 ms for the reply; the last step is never reached.
TEST(Errors, EndARequestWhereTheyHappen) {
  BlueprintBuilder builder;
  const PhaseCpu free = always(CpuTime(0));
  const PhaseCpu reply = always(CpuTime(2'000'000));
  const ServiceId sync = builder.service({.overhead = {{free, reply, free, free}, Duration(0)}});
  const ServiceId threads = builder.gthread(
      {.overhead = {{free, reply, free, free, free, free}, Duration(0)}, .gil = std::nullopt});
  builder.request(at_ms(0), sync,
                  {cpu_step(kMs * 3), error_step(0), error_step(1), cpu_step(kMs * 50)});
  builder.request(at_ms(100), threads, {cpu_step(kMs * 3), error_step(1), wait_step(kMs * 50)});
  const Blueprint blueprint = builder.build();
  const RunRecord record = run_to(blueprint, seconds(1));
  EXPECT_EQ(count_of(record, Outcome::error_500), 2u);
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(10'000'000));
  EXPECT_EQ(ends_of(blueprint, seconds(1), SourceId(0)),
            (std::vector<Instant>{at_ms(5), at_ms(105)}));
}

// Each attempt fails with probability 1/2, at most four times: 1 + 1/2 + 1/4 + 1/8 = 1.875 attempts
// on average, with a standard deviation of 1.05, and 1/16 of the requests fail for good.
TEST(Errors, OfAttemptsAreIndependent) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.source(ConstantSource{1e6}, {builder.request_class(service, {error_step(0.5)})});
  builder.retries(retries_at_once(3));
  const RunRecord record = run_to(builder.build(), seconds(10) + Duration(1));
  const double requests = 10'000;
  const double attempts = static_cast<double>(attempts_that(Outcome::completed, record) +
                                              attempts_that(Outcome::error_500, record));
  EXPECT_NEAR(attempts / requests, 1.875, 5 * 1.05 / std::sqrt(requests));
  EXPECT_NEAR(static_cast<double>(count_of(record, Outcome::error_500)) / requests, 1.0 / 16,
              5 * std::sqrt(1.0 / 16 * 15 / 16 / requests));
}

}  // namespace
}  // namespace cotenant
