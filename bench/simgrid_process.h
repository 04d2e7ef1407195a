// SPDX-License-Identifier: Apache-2.0
//
// SimGrid has one engine per process, which cannot be built a second time. So each of its runs gets
// a forked child, which times itself and sends what it found through a pipe. Starting the process
// is not part of the time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace cotenant {

struct PeerResult {
  double cpu_seconds = 0;
  std::uint64_t steps = 0;  // what the benchmark counts: events, completions
  double mean_seconds = 0;  // the answer of the simulation, where it has one
};

// The child's end of the pipe.
class PeerReport {
 public:
  explicit PeerReport(int descriptor) : descriptor_(descriptor) {}

  // Ends the child at once, from whatever stack it is on, without SimGrid's destructors.
  [[noreturn]] void send(const PeerResult& result) const;

 private:
  int descriptor_;
};

// Runs `simulate` in a child process; it must send its result. Nothing if the child fails to.
std::optional<PeerResult> run_peer(const std::function<void(PeerReport)>& simulate);

}  // namespace cotenant
