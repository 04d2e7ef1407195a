// SPDX-License-Identifier: Apache-2.0
//
// The compiled form of a service: a listening socket, and one of the kinds of servers behind it.
// What a kind does is in the file of that name; models/server/server.h chooses between them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "models/ids.h"
#include "models/machine/machine.h"
#include "models/server/overhead.h"

namespace cotenant {

// gunicorn's sync workers: docs/models/sync-workers.md.
struct SyncSpec {
  WorkerId first_worker;
  std::uint32_t workers = 1;
  OverheadSpec overhead;
};

struct ServiceSpec {
  std::string name;
  std::uint32_t accept_queue_capacity = 2049;  // min(backlog, somaxconn) + 1
  std::optional<std::uint32_t> limit_concurrency;
  std::variant<SyncSpec> server;

  // Requests that it holds at most, besides those in the accept queue.
  std::uint64_t places() const { return std::get<SyncSpec>(server).workers; }
};

// A sync worker.
struct WorkerSpec {
  ServiceId service;
  TaskRef task;
};

}  // namespace cotenant
