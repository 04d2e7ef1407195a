// SPDX-License-Identifier: Apache-2.0
#include "scenarios/parameters.h"

#include <array>

namespace cotenant {
namespace {

constexpr PhaseCpu microseconds_of_cpu(std::int64_t hot, std::int64_t cold) {
  return {CpuTime(hot * 1000), CpuTime(cold * 1000)};
}

// gunicorn 20.1.0, Python 3.11, Linux 6.18, one 3.7 GHz vCPU. From the stamps of the recorded run
// E1_det_r30_s1, by the wall time since the same code last ran in the worker: accept-to-start 60 us
// at 5 ms and 160 us beyond 48 ms, end-to-first-byte 61 and 116 us. The finish phase is what is
// left of the 277 us of CPU per request, in the same proportion. A worker woken in vain costs too
// little to be seen beside the drift between runs (E2_w4_det_r60_s1: 323 us a request, of which 311
// us are explained by the other phases).
constexpr OverheadSpec kGunicorn201Sync = {
    .phases = {microseconds_of_cpu(50, 165), microseconds_of_cpu(58, 115),
               microseconds_of_cpu(70, 165), microseconds_of_cpu(10, 20)},
    .cold_after = milliseconds(60)};

constexpr std::array<OverheadPreset, 2> kOverheadPresets = {{
    {"none", {}, Origin::defined, "The server itself costs no CPU."},
    {"gunicorn-20.1-sync", kGunicorn201Sync, Origin::measured,
     "gunicorn 20.1.0 sync worker on Python 3.11 and Linux 6.18, recorded run E1_det_r30_s1; the "
     "same "
     "machine cost up to twice as much in other hours."},
}};

}  // namespace

std::span<const OverheadPreset> overhead_presets() { return kOverheadPresets; }

const OverheadPreset* overhead_preset(std::string_view name) {
  for (const OverheadPreset& preset : kOverheadPresets) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

}  // namespace cotenant
