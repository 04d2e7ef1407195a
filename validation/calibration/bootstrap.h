// SPDX-License-Identifier: Apache-2.0
//
// How uncertain an estimate from a series of windows is, without a model of how windows depend on
// each other: the estimate is made again from series that are put together from blocks of the
// recorded one (moving blocks: Kuensch, Annals of Statistics 17, 1989). Within a block neighbors
// stay neighbors, so blocks must be longer than what windows remember.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/random/stream.h"
#include "sim/stats/interval.h"

namespace cotenant {

// 30 windows to a block, fewer where there would be less than 8 blocks, and never 0.
std::size_t block_length(std::size_t windows);

// The windows of resample number `draw`, as many as there are.
std::vector<std::size_t> moving_blocks(std::size_t windows, std::size_t block, Stream stream,
                                       std::uint64_t draw);

// From the values of the resamples. Quantiles are taken a little further out than the confidence
// says, as Student's t is wider than the normal law: few blocks vary less among each other than
// what they were taken from ("expanded percentile interval": Hesterberg, The American Statistician
// 69, 2015). At least one value; `blocks` is how many each resample had.
Interval percentile_interval(std::vector<double> values, double confidence, std::size_t blocks);

}  // namespace cotenant
