// SPDX-License-Identifier: Apache-2.0
//
// The machine on which all recordings were made, as far as a scenario cannot say it: its kernel's
// constants, and the share of the load generator in each latency. In some hours the same code took
// twice as long as in others; the factor by which the server's own CPU was more expensive than the
// preset stands for all code that was not demanded work, on both CPUs.
#pragma once

#include <cstdint>

#include "models/cpu/kernel_parameters.h"
#include "scenarios/scenario_disk.h"
#include "sim/base/units.h"

namespace cotenant {

// The server was confined to one of two CPUs; the load generator had the other.
inline constexpr std::uint32_t kRecordedCpus = 2;

// Sets what differs from a kernel of the simulated machine: slices, which grow with the number of
// CPUs though only one is used, and the time an idle CPU takes to wake up. From a connection to its
// accept by a sleeping server there were 112 us (median) in E1_det_r30_s1, where the factor is
// 1.16, and 173 to 183 us in E1_det_r30_s1b and _s2 and E3_q20p100_r50_s1, where it is 1.5 to 2.3.
void like_the_recorded_machine(KernelParameters& kernel, double overhead_factor);

// The loop device over a file, on an ext4 of its own: how long its IOs take that nobody holds back.
// From the times that E8_direct4k_iops50_rate30_s1 spent in a write of 4 KiB (median 276 us,
// quartiles 203 and 331) without its own CPU and the wake-up of an idle one, and the size from
// those of 64 KiB in E8_direct64k_bps2M_rate22_s1 (345 us).
Disk recorded_disk();

// What the load generator and the loopback connection add to every latency, on a core of their own:
// until a due request is sent, until it is connected, and from the first to the last byte of the
// reply. 85 us in E1_det_r30_s1, the lowest load of the kind (sum of medians), divided by the
// factor of that run. It was 49 to 58 us where the factor is 0.93 to 1.1 (E2, E1_exp_r80_s1), 98 to
// 192 us where it is above 2 (E1, E3, E4). The simulated client has no code of its own.
Duration client_share(double overhead_factor);

}  // namespace cotenant
