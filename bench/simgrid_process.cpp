// SPDX-License-Identifier: Apache-2.0
#include "bench/simgrid_process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace cotenant {

void PeerReport::send(const PeerResult& result) const {
  const ssize_t written = write(descriptor_, &result, sizeof result);
  _exit(written == static_cast<ssize_t>(sizeof result) ? EXIT_SUCCESS : EXIT_FAILURE);
}

std::optional<PeerResult> run_peer(const std::function<void(PeerReport)>& simulate) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return std::nullopt;
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    simulate(PeerReport(ends[1]));
    _exit(EXIT_FAILURE);
  }
  close(ends[1]);
  PeerResult result;
  const ssize_t got = child < 0 ? -1 : read(ends[0], &result, sizeof result);
  close(ends[0]);
  if (child > 0) waitpid(child, nullptr, 0);
  if (got != static_cast<ssize_t>(sizeof result)) return std::nullopt;
  return result;
}

}  // namespace cotenant
