// SPDX-License-Identifier: Apache-2.0
//
// The kernel's page: of processes, of files in the page cache, of swap.
#pragma once

#include <cstdint>

#include "sim/base/units.h"

namespace cotenant {

inline constexpr std::int64_t kPage = 4096;

// So many bytes occupy.
inline Bytes in_pages(Bytes bytes) { return Bytes((bytes.count() + kPage - 1) / kPage * kPage); }

}  // namespace cotenant
