// SPDX-License-Identifier: Apache-2.0
#include "validation/import/import_bundle.h"

#include <algorithm>
#include <variant>

#include "validation/capture/write_bundle.h"
#include "validation/import/log_rows.h"

namespace cotenant {
namespace {

constexpr std::size_t kRowsAtOnce = 65'536;

// As a scenario spells them.
struct Kind {
  std::string operator()(const GunicornSync&) const { return "gunicorn-sync"; }
  std::string operator()(const GunicornGthread&) const { return "gunicorn-gthread"; }
  std::string operator()(const GunicornGevent&) const { return "gunicorn-gevent"; }
  std::string operator()(const GunicornUvicorn&) const { return "gunicorn-uvicorn"; }
  std::string operator()(const Uvicorn&) const { return "uvicorn"; }
  std::string operator()(const Hypercorn&) const { return "hypercorn"; }
  std::string operator()(const Uwsgi&) const { return "uwsgi"; }
  template <class Other>
  std::string operator()(const Other&) const {
    return "";
  }
};

// What the settings said; what has its default was not said.
CapturedServer captured(const Service& service) {
  CapturedServer server;
  std::visit(
      [&](const auto& from) {
        server.kind = Kind()(from);
        if constexpr (requires {
                        from.workers;
                        from.backlog;
                      }) {
          server.workers = from.workers;
          server.backlog = from.backlog;
        }
        if constexpr (requires { from.threads; }) server.threads = from.threads;
        if constexpr (requires { from.keep_alive; }) {
          if constexpr (std::is_same_v<std::remove_cvref_t<decltype(from.keep_alive)>, Duration>) {
            server.keep_alive = from.keep_alive;
          }
        }
        if constexpr (requires { from.arbiter; }) {
          server.timeout = from.arbiter.timeout;
          server.max_requests = from.arbiter.max_requests;
        }
      },
      service.server);
  return server;
}

void describe_group(const std::string& name, const Setup& setup, Capture& capture) {
  CapturedGroup group;
  group.name = name;
  if (const Placement* placement = find_named(setup.services, name);
      placement != nullptr && placement->container) {
    const Resources& limits = placement->container->limits;
    if (limits.cpu) {
      group.cpu_quota = Duration(static_cast<std::int64_t>(*limits.cpu * 1e8 + 0.5));
    }
    group.memory_max = limits.memory;
  } else if (const Group* said = find_named(setup.groups, name)) {
    if (said->cpu_max) {
      group.cpu_quota = said->cpu_max->quota;
      group.cpu_period = said->cpu_max->period;
    }
    group.memory_max = said->memory_max;
  } else {
    return;
  }
  capture.server.group = name;
  capture.groups.push_back({group, {}});
}

Capture description(const Imported& imported, const Scenario& scenario, std::int64_t start) {
  Capture capture;
  const auto& [name, service] = scenario.application.front();
  const Setup& setup = scenario.setups.front().second;
  capture.name = "imported";
  capture.origin = "cotenant import";
  capture.started = utc_text(start);
  capture.machine.cores = setup.machine.cores;
  capture.server = captured(service);
  describe_group(name, setup, capture);
  bool any_duration = false;
  for (const LogFacts& facts : imported.logs.files()) {
    capture.resolution = std::max(capture.resolution, facts.format.resolution());
    any_duration = any_duration || facts.format.has_duration();
  }
  capture.remarks.emplace_back("counters of the kernel are missing: it is imported from logs");
  if (!any_duration) capture.remarks.emplace_back("the log has no durations");
  return capture;
}

CapturedRequest captured(const Arrival& arrival, std::int64_t start, std::uint32_t class_index) {
  const auto said = [](std::int64_t value) {
    return value >= 0 ? std::optional(value) : std::nullopt;
  };
  CapturedRequest request;
  request.arrival = Duration(arrival.at - start);
  request.done = Duration(arrival.done - start);
  request.class_index = class_index;
  request.status = arrival.status;
  request.bytes_in = said(arrival.bytes_in);
  request.bytes_out = said(arrival.bytes_out);
  request.worker = said(arrival.worker);
  if (arrival.service >= 0) request.service = Duration(arrival.service);
  return request;
}

}  // namespace

void write_imported_bundle(const std::filesystem::path& folder, const Imported& imported,
                           const ImportOptions& options, const Scenario& scenario) {
  // Whole seconds, as `started` is.
  const std::int64_t start = imported.logs.bins().begin();
  const Capture capture = description(imported, scenario, start);
  BundleWriter writer(folder, capture);
  std::vector<std::uint32_t> index;
  for (const LogClass& seen : imported.logs.classes()) {
    index.push_back(writer.class_index(seen.name));
  }
  std::size_t rows = 0;
  for_each_request(imported, options, [&](const Arrival& arrival) {
    writer.add(captured(arrival, start, index[arrival.class_index]));
    if (++rows % kRowsAtOnce == 0) writer.flush();
  });
  writer.finish(capture);
}

}  // namespace cotenant
