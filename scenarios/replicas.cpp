// SPDX-License-Identifier: Apache-2.0
#include "scenarios/replicas.h"

#include <algorithm>

#include "scenarios/application.h"
#include "sim/base/assert.h"

namespace cotenant {

namespace {

// What a balancer of the provider has more of than anybody needs.
constexpr std::int64_t kMany = 1'000'000;
constexpr std::int64_t kManyRequests = 1'000'000'000;
constexpr std::int64_t kLongestBacklog = 65'535;

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Services that clients ask, of those that are replicated.
std::vector<std::string> asked_services(const Scenario& scenario,
                                        const std::vector<std::string>& replicated) {
  std::vector<std::string> asked;
  const Named<RequestClass>& requests = scenario.workload.requests;
  for (const auto& service : scenario.application) {
    const bool is_asked = std::any_of(requests.begin(), requests.end(), [&](const auto& named) {
      return service_of(scenario, named.second) == &service.second;
    });
    if (is_asked && has(replicated, service.first)) asked.push_back(service.first);
  }
  return asked;
}

class Replicator {
 public:
  Replicator(const Scenario& scenario, const std::string& name, const Setup& setup)
      : scenario_(scenario),
        name_(name),
        setup_(setup),
        replicated_(replicated_services(scenario, setup)),
        asked_(asked_services(scenario, replicated_)) {}

  Scenario write() const {
    Scenario written = scenario_;
    name_services(written.workload);
    written.application.clear();
    for (const auto& [name, service] : scenario_.application) {
      if (has(asked_, name)) written.application.emplace_back(name, balancer_of(name));
      if (!has(replicated_, name)) written.application.emplace_back(name, service);
      if (!has(replicated_, name)) continue;
      for (std::int64_t r = 1; r <= setup_.replicas; ++r) {
        written.application.emplace_back(replica_name(name, r), replica_of(service, r));
      }
    }
    written.setups = {{name_, write_setup()}};
    return written;
  }

 private:
  // The entry may be another one when there are more services.
  void name_services(Workload& workload) const {
    for (auto& [name, request] : workload.requests) {
      const Service* service = service_of(scenario_, request);
      for (const auto& [service_name, each] : scenario_.application) {
        if (&each == service) request.service = service_name;
      }
    }
  }

  Service balancer_of(const std::string& name) const {
    const Balancer said = setup_.balancer.value_or(Balancer());
    Nginx proxy;
    for (std::int64_t r = 1; r <= setup_.replicas; ++r) {
      proxy.upstream.emplace_back(replica_name(name, r),
                                  UpstreamServer{1, said.max_fails, said.fail_timeout, 0});
    }
    proxy.balance = said.method;
    proxy.read_timeout = said.timeout;
    proxy.next_upstream = said.next;
    proxy.request_buffering = proxy.response_buffering = said.buffers;
    proxy.upstream_keep_alive = said.keep_alive;
    proxy.worker_connections = kMany;
    proxy.client_max_body_size = Bytes(0);
    proxy.keep_alive_requests = proxy.upstream_keep_alive_requests = kManyRequests;
    proxy.backlog = kLongestBacklog;
    proxy.overhead.preset = "none";
    return {proxy};
  }

  // A proxy passes requests on to what is on its own computer.
  Service replica_of(const Service& service, std::int64_t number) const {
    Service replica = service;
    if (auto* proxy = std::get_if<Nginx>(&replica.server)) {
      for (auto& [name, rules] : proxy->upstream) {
        if (has(replicated_, name)) name = replica_name(name, number);
      }
    }
    return replica;
  }

  Setup write_setup() const {
    Setup written = setup_;
    static_cast<Hosting&>(written) = Hosting();
    written.machine.scheduler = "fluid";
    written.machine.somaxconn = kLongestBacklog;
    written.replicas = 1;
    written.balancer.reset();
    std::erase_if(written.services,
                  [&](const auto& placed) { return has(replicated_, placed.first); });
    COTENANT_ASSERT(!asked_.empty());
    for (std::int64_t r = 1; r <= setup_.replicas; ++r) {
      const std::string node = replica_name(asked_.front(), r);
      written.nodes.emplace_back(node, setup_);
      for (const std::string& name : replicated_) {
        const Placement* said = find_named(setup_.services, name);
        Placement placement = said != nullptr ? *said : Placement();
        placement.node = node;
        written.services.emplace_back(replica_name(name, r), placement);
      }
    }
    return written;
  }

  const Scenario& scenario_;
  const std::string& name_;
  const Setup& setup_;
  std::vector<std::string> replicated_, asked_;
};

}  // namespace

bool is_balanced(const Setup& setup) { return setup.replicas > 1 || setup.balancer; }

std::string replica_name(const std::string& name, std::int64_t number) {
  return name + "-" + std::to_string(number);
}

std::vector<std::string> replicated_services(const Scenario& scenario, const Setup& setup) {
  std::vector<std::string> names;
  for (const auto& [name, service] : scenario.application) {
    const Placement* placement = find_named(setup.services, name);
    const bool is_here = placement == nullptr || placement->node.empty();
    if (is_here && !std::holds_alternative<External>(service.server)) names.push_back(name);
  }
  return names;
}

Scenario behind_balancer(const Scenario& scenario, const std::string& name) {
  const Setup* setup = find_named(scenario.setups, name);
  COTENANT_ASSERT(setup != nullptr);
  return Replicator(scenario, name, *setup).write();
}

}  // namespace cotenant
