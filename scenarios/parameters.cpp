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

// gunicorn 20.1.0 gthread worker, same machine, from the stamps of two recorded runs, by the time
// since the last accept. Shape: E0_gthread4_cpu0_s1 (98 requests/s that do nothing),
// accept-to-start 110 us at 2 ms, 136 us at 9 ms, 189 us at 35 ms and 241 us beyond 50 ms,
// end-to-first-byte 58, 67, 88 and 102 us: linear up to 60 ms. Size: E5_gthread8_rate120_s1, of
// another hour, 1.4 times that for the first and 1.3 times for the second (lower quartiles, of
// requests that found no thread computing). accept-to-start consists of accept, hand_over, start
// and a look at the lock; how it divides is assumed. The finish phase is what is left of the CPU
// outside of the application: 434 us a request in E5; in E0, by the counters of 100 ms each, 279 us
// hot and 536 us cold.
// On a connection that stays open a request costs 187 of 262 us: measured are 187 with keep-alive,
// and 75 more for a new connection in general (python-servers.md 8.8, another hour). The same share
// of the phases here is saved, by accept and finish in proportion to what they cost (assumed).
constexpr OverheadSpec kGunicorn201Gthread = {
    .phases = {microseconds_of_cpu(62, 130), microseconds_of_cpu(65, 125),
               microseconds_of_cpu(125, 215), microseconds_of_cpu(10, 20),
               microseconds_of_cpu(35, 85), microseconds_of_cpu(55, 140), PhaseCpu{}, PhaseCpu{},
               PhaseCpu{}, microseconds_of_cpu(59, 91), microseconds_of_cpu(30, 55)},
    .cold_after = milliseconds(60)};

// uvicorn 0.17.6 with h11 and asyncio, same machine, from the stamps of two recorded runs, by the
// time since the last connection. E0_uvicorn_cpu0_s1 (98 requests/s that do nothing): connect-to-
// start without the wake-up of the core 147 us at 1.5 ms, 199 us at 5 ms, 272 us at 21 ms and 338
// us at 42 ms, end-to-first-byte 82 to 126 us; CPU per request, by the counters of 100 ms each, 403
// us with 19 and 513 us with 4 requests in them. E5_uvicorn_rate120_s1, of another hour, has the
// same connect-to-start and 1.4 times the rest, and a second wake-up of each request, for its
// timer. How connect-to-start divides into wake, accept, connect and start is assumed; the finish
// phase is what is left of the CPU. Half of the 50 us of a call of a thread of the pool
// (python-servers.md 4.3) is spent on each side; that it doubles when cold is assumed.
// On a connection that stays open a request costs 97 of 172 us: measured are 97 with keep-alive and
// 76 more for a new connection (8.8, another hour). The same share of all phases but wake is saved
// here: accept, connect and what keep is less than finish.
constexpr OverheadSpec kUvicorn017H11 = {
    .phases = {microseconds_of_cpu(25, 70), microseconds_of_cpu(80, 145),
               microseconds_of_cpu(135, 165), microseconds_of_cpu(0, 0),
               microseconds_of_cpu(25, 50), microseconds_of_cpu(60, 160),
               microseconds_of_cpu(20, 80), microseconds_of_cpu(45, 115),
               microseconds_of_cpu(25, 50), microseconds_of_cpu(55, 64)},
    .cold_after = milliseconds(60)};

// gunicorn 20.1.0 gevent worker with gevent 22.10.2, in another hour and in the same minutes as
// sync workers (docs/models/gevent.md): CPU of a worker back to back per request, 173 us on new
// connections, 94 us on kept ones, 98 us of a sync worker, that of an application of a few lines
// included. Here the same shares, 1.8 and 0.97, of what the phases of kGunicorn201Sync cost
// together. By the CPU clock of the thread 58 % of a request on a new connection is before the
// application, 25 % between that and the reply, 17 % after it; on a kept one 62 % and 38 %, with
// what follows the last reply in the first part. How the first part divides into accept, start and
// keep is assumed, and that it is as much colder after a pause as a sync worker.
constexpr OverheadSpec kGunicorn201Gevent = {
    .phases = {microseconds_of_cpu(124, 310), microseconds_of_cpu(75, 187),
               microseconds_of_cpu(54, 135), PhaseCpu{}, PhaseCpu{}, microseconds_of_cpu(67, 168),
               microseconds_of_cpu(40, 100), PhaseCpu{}, PhaseCpu{}, microseconds_of_cpu(30, 75),
               PhaseCpu{}},
    .cold_after = milliseconds(60)};

// hypercorn 0.13.2 with h11 and asyncio, against uvicorn in the same minutes. Back to back on a
// kept connection it needs 2.39 times the CPU (280 and 117 us, python-servers.md 8.8); with 100
// requests a second to the application of the recordings 1.76 times on kept connections, and 1.4
// times on new ones (docs/models/event-loop.md). So what it does for a connection is as much as
// uvicorn does, for a request it is 2.39 times as much hot, and cold what is left; waking up and
// the calls of threads are asyncio's and anyio's.
constexpr OverheadSpec kHypercorn013H11 = {
    .phases = {microseconds_of_cpu(25, 70), microseconds_of_cpu(191, 279),
               microseconds_of_cpu(135, 165), microseconds_of_cpu(0, 0),
               microseconds_of_cpu(25, 50), microseconds_of_cpu(143, 308),
               microseconds_of_cpu(20, 80), microseconds_of_cpu(45, 115),
               microseconds_of_cpu(25, 50), microseconds_of_cpu(131, 131)},
    .cold_after = milliseconds(60)};

// uWSGI 2.0.21 (http-socket, one process, one thread), against a sync worker of gunicorn in the
// same minutes: 0.41 times its CPU back to back (40 and 98 us, that of an application of a few
// lines included), 0.44 times with 100 requests a second to the application of the recordings
// (docs/models/uwsgi.md). Here 0.42 times kGunicorn201Sync, hot and cold; how that divides into
// phases is assumed.
constexpr OverheadSpec kUwsgi20 = {
    .phases = {microseconds_of_cpu(24, 59), microseconds_of_cpu(24, 59),
               microseconds_of_cpu(19, 47), microseconds_of_cpu(4, 8), microseconds_of_cpu(0, 0),
               microseconds_of_cpu(12, 30)},
    .cold_after = milliseconds(60)};

// nginx 1.22.1, one process, same machine (python-servers.md section 5): a small static file costs
// 20 us on a connection that stays, 38 us on a new one. That a request that is passed on costs
// twice as much, because nginx opens and closes a second connection for it, is assumed, and how
// that divides into phases, and that nothing of it is colder after a pause. What a connection that
// stays saves is accept and connect; what is not of the connection is the cost of a file.
constexpr OverheadSpec kNginx122 = {
    .phases = {microseconds_of_cpu(9, 9), microseconds_of_cpu(20, 20), microseconds_of_cpu(9, 9),
               microseconds_of_cpu(0, 0), microseconds_of_cpu(0, 0), microseconds_of_cpu(29, 29),
               microseconds_of_cpu(0, 0), microseconds_of_cpu(9, 9), microseconds_of_cpu(0, 0),
               microseconds_of_cpu(9, 9), PhaseCpu{}, microseconds_of_cpu(11, 11)},
    .cold_after = milliseconds(60)};

// In the order of ServerPhase: accept, respond, finish, spurious_wake, hand_over, start, wake,
// connect, call, keep, reuse, file.
using Origins = std::array<Origin, kServerPhases>;
constexpr Origin kDefined = Origin::defined, kMeasured = Origin::measured;
constexpr Origin kDivided = Origin::divided, kAssumed = Origin::assumed;

constexpr Origins kOfGunicornSync = {kMeasured, kMeasured, kMeasured, kAssumed};
constexpr Origins kOfGunicornGthread = {kDivided, kMeasured, kMeasured, kAssumed,
                                        kDivided, kDivided,  kDefined,  kDefined,
                                        kDefined, kDivided,  kDivided};
constexpr Origins kOfUvicorn = {kDivided, kMeasured, kMeasured, kDefined, kDivided,
                                kDivided, kDivided,  kDivided,  kDivided, kDivided};
constexpr Origins kOfGunicornGevent = {kDivided, kDivided, kDivided, kDefined, kDefined, kDivided,
                                       kDivided, kDefined, kDefined, kDivided, kDefined};
constexpr Origins kOfHypercorn = {kDivided, kDivided, kDivided, kDefined, kDivided,
                                  kDivided, kDivided, kDivided, kDivided, kDivided};
constexpr Origins kOfUwsgi = {kDivided, kDivided, kDivided, kAssumed, kDefined, kDivided};
constexpr Origins kOfNginx = {kAssumed, kAssumed, kAssumed, kDefined, kDefined, kAssumed,
                              kDefined, kAssumed, kDefined, kAssumed, kDefined, kDivided};

constexpr std::array<OverheadPreset, 8> kOverheadPresets = {{
    {"none", {}, {}, kDefined, "any server", "an idealization: it costs no CPU."},
    {"gunicorn-20.1-sync", kGunicorn201Sync, kOfGunicornSync, kMeasured,
     "gunicorn 20.1.0 sync worker on Python 3.11 and Linux 6.18",
     "recorded run E1_det_r30_s1; the same machine cost up to twice as much in other hours."},
    {"gunicorn-20.1-gthread", kGunicorn201Gthread, kOfGunicornGthread, kMeasured,
     "gunicorn 20.1.0 gthread worker on Python 3.11 and Linux 6.18",
     "recorded runs E0_gthread4_cpu0_s1 and E5_gthread8_rate120_s1; the same machine cost up to "
     "twice as much in other hours."},
    {"uvicorn-0.17-h11", kUvicorn017H11, kOfUvicorn, kMeasured,
     "uvicorn 0.17.6 with h11 and asyncio on Python 3.11 and Linux 6.18",
     "recorded runs E0_uvicorn_cpu0_s1 and E5_uvicorn_rate120_s1; the same machine cost up to "
     "twice as much in other hours."},
    {"gunicorn-20.1-gevent", kGunicorn201Gevent, kOfGunicornGevent, kAssumed,
     "gunicorn 20.1.0 gevent worker with gevent 22.10.2 on Python 3.11",
     "1.8 times the CPU of a sync worker for a request on a new connection, 0.97 times on a kept "
     "one, "
     "measured back to back; that it costs as much more after a pause as a sync worker, assumed."},
    {"hypercorn-0.13-h11", kHypercorn013H11, kOfHypercorn, kAssumed,
     "hypercorn 0.13.2 with h11 and asyncio on Python 3.11",
     "1.4 times the CPU of uvicorn for a request on a new connection, and 1.8 to 2.4 times on a "
     "kept "
     "one, measured; how that divides, assumed."},
    {"uwsgi-2.0", kUwsgi20, kOfUwsgi, kAssumed, "uWSGI 2.0.21 with one thread on Linux 6.18",
     "0.42 times the CPU of a sync worker of gunicorn, measured; how that divides, assumed."},
    {"nginx-1.22", kNginx122, kOfNginx, kAssumed, "nginx 1.22.1 with one process on Linux 6.18",
     "38 us for a static request on a new connection, measured; twice that for one that is passed "
     "on, assumed."},
}};

}  // namespace

// A file of 100 KiB costs 26 us where one of 1 KiB costs 20 us (python-servers.md section 5), both
// from the page cache and by sendfile().
CpuTime cpu_of_sending(Bytes size) { return CpuTime(scaled(size.count(), 6'000, 99 * 1024)); }

CpuTime tls_handshake(std::string_view key) {
  if (key == "rsa-2048") return CpuTime(474'000);
  return CpuTime(key == "ecdsa-p256" ? 238'000 : 0);
}

std::span<const OverheadPreset> overhead_presets() { return kOverheadPresets; }

const OverheadPreset* overhead_preset(std::string_view name) {
  for (const OverheadPreset& preset : kOverheadPresets) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

}  // namespace cotenant
