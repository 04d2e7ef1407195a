// SPDX-License-Identifier: Apache-2.0
//
// See the header. The one mutable static of the program: a signal handler has no other way to reach
// anything (signal-safety(7)).
#include "cli/signals.h"

#include <unistd.h>

#include <csignal>

#include "cli/exit_code.h"

namespace cotenant {
namespace {

StopRequest request;
static_assert(std::atomic<bool>::is_always_lock_free, "used in a signal handler");

extern "C" void on_signal(int) {
  if (request.interrupted.exchange(true)) _exit(number(ExitCode::interrupted));
  request.stop = true;
}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace

StopRequest& handle_signals() {
  handle(SIGINT, on_signal);
  handle(SIGTERM, on_signal);
  handle(SIGPIPE, SIG_IGN);
  // A file size limit is reported by write(2) too.
  handle(SIGXFSZ, SIG_IGN);
  return request;
}

}  // namespace cotenant
