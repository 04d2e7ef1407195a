// SPDX-License-Identifier: Apache-2.0
#include "models/memory/process_memory.h"

#include <gtest/gtest.h>

namespace cotenant {
namespace {

constexpr MemoryDemand holds(std::int64_t bytes) { return {Bytes(bytes), Bytes(0), false}; }
constexpr MemoryDemand leaks(std::int64_t bytes) { return {Bytes(0), Bytes(bytes), false}; }
constexpr MemoryDemand kBegins{Bytes(0), Bytes(0), true};

TEST(ProcessMemory, ReturnsWhatRequestsHeldWithoutFragmentation) {
  const ProcessMemorySpec spec{};
  ProcessMemory memory;
  memory.take(spec, holds(30));
  memory.take(spec, holds(20));
  EXPECT_EQ(memory.charged(), Bytes(50));
  EXPECT_EQ(memory.give_back(spec, Bytes(30)), Bytes(30));
  EXPECT_EQ(memory.charged(), Bytes(20));
}

TEST(ProcessMemory, NeverReturnsALeak) {
  const ProcessMemorySpec spec{};
  ProcessMemory memory;
  memory.take(spec, leaks(7));
  memory.take(spec, holds(30));
  memory.give_back(spec, Bytes(30));
  EXPECT_EQ(memory.charged(), Bytes(7));
}

// Of the 100 that were held at most a quarter stays; what fits into that costs nothing new.
TEST(ProcessMemory, KeepsAShareOfTheMostThatWasHeld) {
  ProcessMemorySpec spec;
  spec.retained = kWhole / 4;
  ProcessMemory memory;
  memory.take(spec, holds(100));
  EXPECT_EQ(memory.give_back(spec, Bytes(100)), Bytes(75));
  EXPECT_EQ(memory.charged(), Bytes(25));
  EXPECT_EQ(memory.cost_of(spec, holds(20)), Bytes(0));
  EXPECT_EQ(memory.cost_of(spec, holds(40)), Bytes(15));
  memory.take(spec, holds(40));
  EXPECT_EQ(memory.charged(), Bytes(40));
  EXPECT_EQ(memory.give_back(spec, Bytes(40)), Bytes(15));
}

TEST(ProcessMemory, CachesUpToASize) {
  ProcessMemorySpec spec;
  spec.cache_per_request = Bytes(4);
  spec.cache_max = Bytes(10);
  ProcessMemory memory;
  for (int i = 0; i < 5; ++i) memory.take(spec, kBegins);
  EXPECT_EQ(memory.charged(), Bytes(10));
  EXPECT_EQ(memory.cost_of(spec, kBegins), Bytes(0));
  memory.take(spec, leaks(1));  // which is not the beginning of a request
  EXPECT_EQ(memory.charged(), Bytes(11));
}

// python-servers.md 8.1: 2.6 MB of its own after a preload grow to 5.3 MB in 200 requests. What is
// copied is not shared any more, so the resident set stays.
TEST(ProcessMemory, CopiesSharedPagesInItsFirstRequests) {
  ProcessMemorySpec spec;
  spec.main = Bytes(36'000'000);
  spec.copied = Bytes(2'700'000);
  spec.copied_over = 200;
  ProcessMemory memory;
  memory.take(spec, leaks(2'600'000));
  const Bytes resident = memory.resident(spec);
  for (int i = 0; i < 100; ++i) memory.take(spec, kBegins);
  EXPECT_EQ(memory.charged(), Bytes(2'600'000 + 1'350'000));
  for (int i = 0; i < 200; ++i) memory.take(spec, kBegins);
  EXPECT_EQ(memory.charged(), Bytes(5'300'000));
  EXPECT_EQ(memory.resident(spec), resident);
  EXPECT_EQ(resident, Bytes(38'600'000));
}

}  // namespace
}  // namespace cotenant
