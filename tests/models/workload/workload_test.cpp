// SPDX-License-Identifier: Apache-2.0
//
// Batches, shares of classes, recorded demands and closed users, through whole runs.
#include "models/workload/workload.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

TEST(Batches, ArriveTogether) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  const ClassId id = builder.request_class(service, {cpu_step(milliseconds(1))});
  builder.source(ConstantSource{100e6}, {id}, 3u);
  const RunRecord record = run_to(builder.build(), milliseconds(450));
  const Histogram& latency = record.classes[id].latency;
  // Four batches, each served in 1, 2 and 3 ms.
  EXPECT_EQ(latency.count(), 12u);
  EXPECT_EQ(latency.min(), milliseconds(1));
  EXPECT_EQ(latency.max(), milliseconds(3));
  EXPECT_EQ(static_cast<std::int64_t>(latency.sum_ns()), milliseconds(24).count());
}

// The mean of 2,000 geometric sizes of mean 4, whose standard deviation is sqrt(4 * 3) = 3.5.
TEST(Batches, OfGeometricSizeHaveTheirMean) {
  BlueprintBuilder builder(64);
  const ServiceId service = builder.service({.workers = 64});
  const ClassId id = builder.request_class(service, {cpu_step(Duration(1000))});
  builder.source(ConstantSource{1e6}, {id}, GeometricCount(4));
  const RunRecord record = run_to(builder.build(), milliseconds(2000) + Duration(1));
  EXPECT_NEAR(static_cast<double>(record.classes[id].arrivals), 8000, 5 * 3.5 * std::sqrt(2000.0));
}

TEST(Classes, ShareTheCommonArrivals) {
  BlueprintBuilder builder(64);
  const ServiceId service = builder.service({.workers = 64});
  const ClassId one = builder.request_class(service, {cpu_step(Duration(1000))});
  const ClassId two = builder.request_class(service, {cpu_step(Duration(1000))});
  builder.source(ConstantSource{1e5}, {one, two});
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(record.classes[one].arrivals + record.classes[two].arrivals, 9999u);
  EXPECT_NEAR(static_cast<double>(record.classes[one].arrivals), 5000, 5 * 50);
}

TEST(RecordedDemands, ComeFromTheRowOfTheRequest) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.request(Instant(0), service, {{StepSpec::Kind::cpu, std::uint32_t{0}}});
  builder.request(Instant(100), service, {{StepSpec::Kind::wait, std::uint32_t{1}}});
  builder.recorded({{Duration(7), Duration(8)}, {Duration(20), Duration(30)}});
  const RunRecord record = run_to(builder.build(), Duration(1000));
  EXPECT_EQ(latency_of(record, ClassId(0)), Duration(7));
  EXPECT_EQ(latency_of(record, ClassId(1)), Duration(30));
}

// One user thinks 10 ms and is served 5 ms: a request every 15 ms, the first at 10 ms.
TEST(ClosedUsers, ThinkAfterEachReply) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  const ClassId id = builder.request_class(service, {cpu_step(milliseconds(5))});
  builder.source(ClosedSource{1, Sampler(law::Constant{10e6})}, {id});
  const RunRecord record = run_to(builder.build(), milliseconds(150));
  EXPECT_EQ(record.classes[id].arrivals, 10u);  // 10, 25, ..., 145 ms
  EXPECT_EQ(record.classes[id].latency.count(), 9u);
  EXPECT_EQ(count_of(record, Outcome::censored), 1u);
}

// A recording of two users. The first thinks 10 ms, sends 5 ms of work, thinks 20 ms, sends 1 ms,
// and begins anew with its second think time; the second thinks 7 ms before its only request.
TEST(ReplayedUsers, ThinkAsRecordedAndBeginAnewWhenAllIsUsedUp) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.service({.workers = 2});
  const ClassId first = builder.request_class(service, {{StepSpec::Kind::cpu, 0u}});
  const ClassId second = builder.request_class(service, {{StepSpec::Kind::cpu, 0u}});
  Trace trace;
  trace.classes = {first, second, first};
  trace.columns = {{milliseconds(5), milliseconds(3), milliseconds(1)}};
  const std::vector<ReplayedUser> users = {{{0, 2}, {milliseconds(10), milliseconds(20)}},
                                           {{1}, {milliseconds(7)}}};
  builder.source(ReplayedUsersSource{std::make_shared<const Trace>(trace), users}, {first, second});
  const RunRecord record = run_to(builder.build(), milliseconds(100));
  // The first sends at 10, 35, 56, 81 ms: 5 ms, 1 ms, 5 ms and 1 ms of work.
  EXPECT_EQ(record.classes[first].latency.count(), 4u);
  EXPECT_EQ(record.classes[first].latency.sum_ns(), 12'000'000u);
  // The second at 7, 17, 27, ..., 97 ms; the last one ends at 100 ms, with the run.
  EXPECT_EQ(record.classes[second].arrivals, 10u);
  EXPECT_EQ(record.classes[second].latency.count(), 9u);
}

TEST(ClosedUsers, ThinkAfterTheyGaveUp) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  const ClassId id = builder.request_class(service, {cpu_step(seconds(10))});
  builder.source(ClosedSource{1, Sampler(law::Constant{10e6})}, {id});
  builder.client_timeout(milliseconds(5));
  const RunRecord record = run_to(builder.build(), milliseconds(150));
  EXPECT_EQ(record.classes[id].arrivals, 10u);
  EXPECT_EQ(count_of(record, Outcome::timed_out), 9u);
}

}  // namespace
}  // namespace cotenant
