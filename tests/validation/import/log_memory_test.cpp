// SPDX-License-Identifier: Apache-2.0
//
// Memory does not grow with a log. The label long has the same for ten gigabytes.
#include <gtest/gtest.h>

#include "tests/validation/import/streamed_log.h"

namespace cotenant {
namespace {

// The buffer of half a megabyte, a second of tied stamps, histograms of durations, and the block
// of the writer, twice.
constexpr std::int64_t kMost = 16 << 20;

TEST(LogMemory, DoesNotGrowWithTheLog) {
  const test::StreamedLog log = test::read_streamed_log(std::int64_t{200} << 20);
  EXPECT_GE(log.bytes, std::int64_t{200} << 20);
  EXPECT_EQ(log.rows, log.expected);
  EXPECT_LE(log.grown, kMost);
}

}  // namespace
}  // namespace cotenant
