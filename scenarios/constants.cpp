// SPDX-License-Identifier: Apache-2.0
#include "scenarios/constants.h"

#include <string>
#include <utility>

#include "models/network/local_ports.h"
#include "models/network/syn.h"
#include "models/network/transfer.h"
#include "models/server/service.h"
#include "scenarios/descriptors.h"
#include "scenarios/document.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

PresetValue constant(std::string key, std::string text, std::string source, std::string meaning) {
  return {std::move(key), in_quotes(text), text, std::move(source), std::move(meaning)};
}

PresetValue constant(std::string key, CpuTime cost, std::string source, std::string meaning) {
  return constant(std::move(key), to_text(Duration(cost.count())), std::move(source),
                  std::move(meaning));
}

Preset group(std::string name, std::string meaning, std::string software, std::string source,
             std::vector<PresetValue> values) {
  return {std::move(name),     PresetKind::constants, std::move(meaning),
          std::move(software), std::move(source),     {},
          std::move(values)};
}

std::string syn_schedule() {
  std::string text;
  for (const Duration after : kSynAgainAfter) text += (text.empty() ? "" : ", ") + to_text(after);
  return text;
}

Preset of_linux() {
  const std::string source = "measured on Linux 6.18, where it was not read in the source code";
  return group(
      "linux", "What the kernel does with connections, whatever a scenario says.", "Linux 6.18",
      source,
      {constant(
           "syn_again_after", syn_schedule(), "measured up to 19s, then tcp_syn_retries = 6",
           "When a client sends a SYN again, from the first one on: its accept queue was full."),
       constant("syn_gives_up_after", to_text(kSynGivesUpAfter), source,
                "When connecting fails for good."),
       constant("time_wait", to_text(kTimeWait), "TCP_TIMEWAIT_LEN of include/net/tcp.h",
                "How long the end that closed a connection first keeps its local port."),
       constant("time_wait_reused", to_text(kTimeWaitReused), source,
                "After what tcp_tw_reuse lets a connection have such a port."),
       constant("send_buffer", to_text(kSendBuffer), "tcp_wmem[2]; measured with gunicorn",
                "What the kernel takes of a reply at once, however slow its client is."),
       constant("receive_buffer", to_text(kReceiveBuffer), "assumed, as the window that is offered",
                "What a client sends before anybody reads."),
       constant("timer_slack", to_text(kTimerSlack), "default of PR_SET_TIMERSLACK, prctl(2)",
                "How late a timed wait of a thread may end.")});
}

Preset of_tls() {
  const std::string source =
      "measured: a static file on a new TLS connection, less one without TLS";
  const std::string meaning = "CPU of a handshake, by the key of the certificate.";
  return group("tls", "What nginx computes for a new connection with TLS, without resumption.",
               "nginx 1.22.1 with OpenSSL 3.0", source,
               {constant("rsa-2048", tls_handshake("rsa-2048"), source, meaning),
                constant("ecdsa-p256", tls_handshake("ecdsa-p256"), source, meaning)});
}

Preset of_processes() {
  const std::string source = "measured on Linux 6.18 with a warm disk cache";
  return group(
      "processes", "What new processes of servers cost before they import the application.",
      "Python 3.11 and gunicorn 20.1", source,
      {constant("fork", kForkCpu, source, "CPU of a worker that gunicorn or uWSGI has forked."),
       constant("spawn", kSpawnCpu, source,
                "The same of one that uvicorn or hypercorn starts as a new Python."),
       constant("interpreter", kInterpreterCpu, source,
                "The same of any Python that a web server or cron starts."),
       constant("arbiter_period", to_text(kArbiterPeriod), "source code of gunicorn 20.1.0",
                "How often gunicorn's main process looks for workers that hang."),
       constant("supervisor_period", to_text(kSupervisorPeriod), "source code of uvicorn 0.35.0",
                "How often uvicorn's main process looks for workers that have ended.")});
}

Preset of_descriptors() {
  std::vector<PresetValue> values;
  for (const OwnDescriptors& own : kOwnDescriptors) {
    values.push_back(constant(std::string(own.server), std::to_string(own.count),
                              std::string(own.source),
                              "File descriptors that a process has open itself."));
  }
  values.push_back(constant("failed_accept", kFailedAcceptCpu,
                            "measured with CPython 3.11 on Linux 6.18: 43,007 of them took 2.83 s",
                            "CPU of asyncio for an accept() that finds none; it tries as often as "
                            "its backlog is long."));
  return group("descriptors", "What counts where a service says nofile.",
               "gunicorn 20.1, gevent 22.10, asyncio of CPython 3.11 and nginx 1.22",
               std::string(kDescriptorsCounted), std::move(values));
}

Preset of_python() {
  const std::string source = "assumed: the return from a futex, a mutex and a condition variable";
  return group("python-lock", "What Python's global lock costs, besides waiting for it.",
               "CPython 3.9 to 3.13", source,
               {constant("take", kGilTake, source,
                         "CPU of a thread that wakes up for the lock and looks at it."),
                constant("wake", to_text(kGilWake),
                         "fitted: how often system calls of CPython 3.11 lose the lock",
                         "How late at most such a thread wakes up on another core, besides what an "
                         "idle one needs; uniform.")});
}

}  // namespace

std::vector<Preset> constants() {
  return {of_linux(), of_tls(), of_processes(), of_descriptors(), of_python()};
}

}  // namespace cotenant
