// SPDX-License-Identifier: Apache-2.0
//
// A log of ten gigabytes in bounded memory.
#include <gtest/gtest.h>

#include "tests/validation/import/streamed_log.h"

namespace cotenant {
namespace {

TEST(LongLog, OfTenGigabytesNeedsNoMoreMemory) {
  constexpr std::int64_t kBytes = 10'000'000'000;
  const test::StreamedLog log = test::read_streamed_log(kBytes);
  EXPECT_GE(log.bytes, kBytes);
  EXPECT_EQ(log.rows, log.expected);
  EXPECT_LE(log.grown, 16 << 20);
  RecordProperty("grown_bytes", static_cast<int>(log.grown));
}

}  // namespace
}  // namespace cotenant
