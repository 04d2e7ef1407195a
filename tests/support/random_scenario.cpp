// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_scenario.h"
#include "tests/support/random_clients.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "scenarios/application.h"
#include "scenarios/compile.h"
#include "scenarios/profile.h"
#include "tests/support/die.h"
#include "tests/support/random_crashes.h"
#include "tests/support/random_files.h"
#include "tests/support/random_hosts.h"
#include "tests/support/random_laws.h"
#include "tests/support/random_loops.h"
#include "tests/support/random_memory.h"
#include "tests/support/random_nodes.h"
#include "tests/support/random_outages.h"
#include "tests/support/random_parts.h"
#include "tests/support/random_reclaim.h"
#include "tests/support/random_sockets.h"
#include "tests/support/random_wsgi.h"
#include "tests/support/swarm.h"
#include "tests/support/temporary_directory.h"

namespace cotenant {
namespace {

constexpr const char* kRecordingFile = "recording.csv";

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : die_(seed), may_(die_) {
    Scenario& scenario = result_.scenario;
    scenario.name = "random " + std::to_string(seed);
    scenario.seed = seed;
    requests_ = static_cast<double>(die_.whole(20, 500));
    duration_ = Duration(die_.whole(100, may_.tiny_backlogs ? 5000 : 1000) * 1'000'000);
    cores_ = may_.many_cores ? die_.whole(1, 4) : 1;
  }

  RandomScenario generate() {
    add_services();
    if (may_.calls) add_operations();
    if (may_.calls && may_.backends) add_backends();
    if (may_.calls) add_calls_of_operations();
    if (may_.proxies) add_proxy();
    add_classes();
    add_setup("here");
    if (may_.two_setups) add_setup("there");
    Scenario& scenario = result_.scenario;
    if (may_.timeouts) {
      scenario.workload.clients.timeout = Duration(die_.whole(1, 1500) * 1'000'000);
    }
    if (may_.slow_clients) add_random_links(die_, scenario, ns());
    if (may_.retries) scenario.workload.clients.retries = retries();
    if (may_.keep_alive) {
      scenario.workload.clients.keep_alive = random_keep_alive(die_, scenario.workload);
    }
    scenario.study.duration = duration_;
    scenario.study.warmup = Duration(0);
    scenario.study.replications = 1;
    add_random_files(scenario, scenario.seed);
    add_random_memory(scenario, scenario.seed);
    add_random_reclaim(scenario, scenario.seed);
    add_random_hosts(scenario, scenario.seed);
    add_sockets(scenario, scenario.seed);
    add_descriptors(scenario, scenario.seed);
    add_kept(scenario, scenario.seed);
    add_random_crashes(scenario, scenario.seed);
    add_random_outages(scenario, scenario.seed);
    add_random_platforms(scenario, scenario.seed);
    add_random_garbage(scenario, scenario.seed);
    add_random_nodes(scenario, scenario.seed);
    return std::move(result_);
  }

 private:
  double ns() const { return static_cast<double>(duration_.count()); }

  // --- Clients

  Retries retries() {
    return random_retries(die_, {may_.random_demands, may_.exotic_laws, false}, ns());
  }

  Duration longest_idle() { return random_idle(die_, ns()); }

  // --- Application

  void add_services() {
    const std::int64_t services = may_.many_services ? die_.whole(2, 3) : 1;
    applications_ = static_cast<std::size_t>(services);
    for (std::int64_t i = 0; i < services; ++i) {
      if (i > 0 && may_.tasks && die_.chance(0.5)) {
        Service service{random_celery(die_, celery_choice())};
        if (die_.chance(0.4)) service.server = random_poller(die_, poller_choice());
        result_.scenario.application.emplace_back("service" + std::to_string(i), service);
        continue;
      }
      if (may_.threads && die_.chance(0.5)) {
        result_.scenario.application.emplace_back("service" + std::to_string(i),
                                                  Service{gthread()});
        continue;
      }
      if (may_.followers && die_.chance(0.3)) {
        result_.scenario.application.emplace_back("service" + std::to_string(i),
                                                  random_wsgi(die_, wsgi_choice()));
        continue;
      }
      if (may_.event_loops && die_.chance(0.5)) {
        result_.scenario.application.emplace_back("service" + std::to_string(i),
                                                  random_loops(die_, may_, ns()));
        continue;
      }
      GunicornSync server;
      server.workers = may_.many_workers ? die_.whole(1, 6) : 1;
      if (may_.tiny_backlogs) server.backlog = die_.whole(1, 4);
      if (may_.concurrency_limits && die_.chance(0.6)) {
        server.limit_concurrency = die_.whole(1, 10);
      }
      if (may_.restarts) server.arbiter = random_restarts(die_);
      server.overhead = overhead();
      result_.scenario.application.emplace_back("service" + std::to_string(i), Service{server});
    }
  }

  CeleryChoice celery_choice() const {
    return {may_.timeouts, may_.restarts, may_.server_cpu, ns()};
  }

  PollerChoice poller_choice() const {
    return {may_.server_cpu, {may_.random_demands, may_.exotic_laws, false}, ns()};
  }

  GunicornGthread gthread() {
    GunicornGthread server;
    server.workers = may_.many_workers ? die_.whole(1, 3) : 1;
    server.threads = die_.whole(1, 5);
    if (die_.chance(0.4)) server.worker_connections = die_.whole(1, 12);
    if (may_.keep_alive && die_.chance(0.7)) server.keep_alive = longest_idle();
    if (may_.tiny_backlogs) server.backlog = die_.whole(1, 4);
    if (may_.concurrency_limits && die_.chance(0.6)) server.limit_concurrency = die_.whole(1, 10);
    server.gil = !may_.free_threading || die_.chance(0.6);
    if (die_.chance(0.4)) server.switch_interval = Duration(die_.whole(1'000, 20'000'000));
    if (may_.restarts) server.arbiter = random_restarts(die_);
    server.overhead.preset = may_.server_cpu ? "gunicorn-20.1-gthread" : "none";
    if (!may_.herd) server.overhead.spurious_wake = PhaseCost{};
    if (!may_.overrides) return server;
    for (auto* phase : {&server.overhead.accept, &server.overhead.hand_over, &server.overhead.start,
                        &server.overhead.respond, &server.overhead.finish, &server.overhead.keep,
                        &server.overhead.reuse}) {
      if (die_.chance(0.4)) *phase = cost();
    }
    if (die_.chance(0.5)) server.overhead.cold_after = Duration(die_.whole(0, 100'000'000));
    return server;
  }

  WsgiChoice wsgi_choice() const {
    return {may_.many_workers, may_.tiny_backlogs, may_.free_threading, may_.restarts,
            may_.server_cpu,   may_.herd,          may_.overrides};
  }

  PhaseCost cost() { return random_cost(die_); }

  Overhead overhead() {
    Overhead overhead;
    overhead.preset = may_.server_cpu ? "gunicorn-20.1-sync" : "none";
    if (!may_.herd) overhead.spurious_wake = PhaseCost{};
    if (!may_.overrides) return overhead;
    if (die_.chance(0.5)) overhead.accept = cost();
    if (die_.chance(0.5)) overhead.respond = cost();
    if (die_.chance(0.5)) overhead.finish = cost();
    if (may_.herd && die_.chance(0.5)) overhead.spurious_wake = cost();
    if (die_.chance(0.5)) overhead.cold_after = Duration(die_.whole(0, 100'000'000));
    return overhead;
  }

  // --- Workload

  void add_classes() {
    const std::int64_t classes = may_.many_classes ? die_.whole(2, 3) : 1;
    Workload& workload = result_.scenario.workload;
    const bool common = !may_.own_arrivals || die_.chance(0.5);
    for (std::int64_t i = 0; i < classes; ++i) {
      RequestClass request;
      // The first class shares the common arrivals, because somebody has to.
      if (!common || (i > 0 && may_.own_arrivals && die_.chance(0.5))) {
        request.arrivals = arrivals(requests_ / static_cast<double>(classes), {class_name(i)});
      } else if (i > 0) {
        request.share = die_.real(0.1, 3);
      }
      const auto last = static_cast<std::int64_t>(applications_) - 1;
      request.service = "service" + std::to_string(die_.whole(0, last));
      if (may_.proxies && die_.chance(0.5)) request.service = "proxy";
      request.idempotent = die_.chance(0.7);
      workload.requests.emplace_back(class_name(i), std::move(request));
    }
    if (common) workload.arrivals = arrivals(requests_, sharing_classes());
    const auto* sessions = common ? std::get_if<SessionArrivals>(&*workload.arrivals) : nullptr;
    const bool is_mix = sessions == nullptr || sessions->length;
    for (auto& [name, request] : workload.requests) {
      if (!is_mix && !request.arrivals) request.share = 1;
    }
    add_websockets();
    for (auto& [name, request] : workload.requests) add_steps(request);
    write_recording();
  }

  // Of sessions whose requests all go to one service, if that has event loops.
  void add_websockets() {
    Workload& workload = result_.scenario.workload;
    if (workload.arrivals) add_websockets(*workload.arrivals, sharing_classes());
    for (auto& [name, request] : workload.requests) {
      if (request.arrivals) add_websockets(*request.arrivals, {name});
    }
  }

  void add_websockets(Arrivals& arrivals, const std::vector<std::string>& classes) {
    auto* sessions = std::get_if<SessionArrivals>(&arrivals);
    if (sessions == nullptr || die_.chance(0.3)) return;
    const Scenario& scenario = result_.scenario;
    const std::string& service = find_named(scenario.workload.requests, classes.front())->service;
    const bool is_one = std::all_of(classes.begin(), classes.end(), [&](const std::string& name) {
      return find_named(scenario.workload.requests, name)->service == service;
    });
    if (!is_one || !may_hold_websockets(service)) return;
    if (std::any_of(classes.begin(), classes.end(), [&](const std::string& name) {
          return find_named(scenario.workload.requests, name)->file.has_value();
        })) {
      return;
    }
    sessions->websocket.emplace();
    const LawChoice choice{may_.random_demands, may_.exotic_laws, false};
    if (die_.chance(0.7)) sessions->websocket->reconnect = random_law(die_, ns() / 50, choice);
    add_pings();
    if (die_.chance(0.6)) return;
    sessions->websocket->ping_interval = die_.near(ns() / 40) + milliseconds(1);
    sessions->websocket->ping_timeout = die_.near(ns() / 80) + milliseconds(1);
  }

  void add_pings() {
    for (auto& [name, service] : result_.scenario.application) {
      const auto interval = die_.near(ns() / 30) + milliseconds(1);
      std::visit(
          [&](auto& server) {
            if constexpr (requires { server.ping_interval; }) server.ping_interval = interval;
          },
          service.server);
    }
  }

  bool may_hold_websockets(const std::string& service) const {
    const Named<Service>& application = result_.scenario.application;
    const auto last = last_servers_of(application, position_of(application, service).value());
    return std::all_of(last.begin(), last.end(), [&](std::size_t server) {
      return has_event_loops(application[server].second);
    });
  }

  static std::string class_name(std::int64_t i) { return "class" + std::to_string(i); }

  std::vector<std::string> sharing_classes() const {
    std::vector<std::string> names;
    for (const auto& [name, request] : result_.scenario.workload.requests) {
      if (!request.arrivals) names.push_back(name);
    }
    return names;
  }

  bool is_replayed(const RequestClass& request) const {
    const std::optional<Arrivals>& common = result_.scenario.workload.arrivals;
    const Arrivals& arrivals = request.arrivals ? *request.arrivals : *common;
    return std::holds_alternative<ReplayArrivals>(arrivals);
  }

  // In front of the first services, which may be of different kinds.
  void add_proxy() {
    Named<Service>& services = result_.scenario.application;
    Nginx proxy;
    behind_proxy_ =
        static_cast<std::size_t>(die_.whole(1, static_cast<std::int64_t>(applications_)));
    // Who takes tasks takes nothing from a proxy.
    for (std::size_t s = 0; s < behind_proxy_; ++s) {
      if (takes_tasks(services[s].second)) behind_proxy_ = s;
    }
    for (std::size_t s = 0; s < behind_proxy_; ++s) {
      proxy.upstream.emplace_back(services[s].first,
                                  UpstreamServer{die_.whole(1, 4), die_.whole(0, 3),
                                                 die_.near(ns() / 10), die_.chance(0.2) ? 2 : 0});
    }
    proxy.workers = may_.many_workers ? die_.whole(1, 2) : 1;
    proxy.balance = die_.pick<const char*>({"round_robin", "least_conn", "random", "ip_hash"});
    if (may_.timeouts) proxy.read_timeout = die_.near(ns() / 10) + milliseconds(1);
    if (die_.chance(0.4)) proxy.next_upstream.emplace_back("rejected_503");
    if (die_.chance(0.2)) proxy.next_upstream.clear();
    if (die_.chance(0.3)) proxy.next_upstream_tries = die_.whole(1, 3);
    if (may_.concurrency_limits && die_.chance(0.4)) {
      proxy.limit_req = RequestRateLimit{
          {die_.real(0.3, 2) * requests_ / ns() * 1e9 + 0.1}, die_.whole(0, 10), die_.chance(0.4)};
    }
    if (may_.concurrency_limits && die_.chance(0.3)) proxy.limit_concurrency = die_.whole(1, 10);
    proxy.tls = die_.pick<const char*>({"none", "none", "rsa-2048", "ecdsa-p256"});
    if (may_.keep_alive && die_.chance(0.7)) proxy.keep_alive = longest_idle();
    if (may_.keep_alive && die_.chance(0.6)) proxy.upstream_keep_alive = die_.whole(1, 6);
    if (die_.chance(0.3)) proxy.next_upstream.emplace_back("non_idempotent");
    if (may_.slow_clients) {
      proxy.request_buffering = die_.chance(0.6);
      proxy.response_buffering = die_.chance(0.6);
      proxy.client_max_body_size = Bytes(die_.chance(0.5) ? 0 : die_.whole(1, 400'000));
    }
    if (may_.concurrency_limits && die_.chance(0.3)) proxy.worker_connections = die_.whole(4, 24);
    if (may_.keep_alive && die_.chance(0.5)) {
      proxy.upstream_keep_alive_timeout = longest_idle() + milliseconds(1);
      proxy.upstream_keep_alive_requests = die_.whole(1, 9);
      proxy.keep_alive_requests = die_.whole(1, 9);
    }
    if (may_.tiny_backlogs) proxy.backlog = die_.whole(1, 4);
    proxy.overhead.preset = may_.server_cpu ? "nginx-1.22" : "none";
    services.emplace_back("proxy", Service{proxy});
  }

  // --- Calls. Each service calls later ones only.

  void add_operations() {
    Named<Service>& services = result_.scenario.application;
    for (std::size_t s = services.size(); s-- > 1;) {
      const std::int64_t operations = die_.whole(1, 2);
      for (std::int64_t i = 0; i < operations; ++i) {
        Operation operation;
        const bool in_loop = has_event_loops(services[s].second);
        if (in_loop && die_.chance(0.5)) operation.handler = "sync";
        const LawChoice choice{may_.random_demands, may_.exotic_laws, may_.zero_demands};
        const double demand = ns() / requests_ / 10;
        operation.steps.push_back(CpuStep{random_law(die_, demand, choice)});
        if (may_.errors && die_.chance(0.3))
          operation.steps.push_back(ErrorStep{die_.real(0, 0.5)});
        if (takes_tasks(services[s].second) && may_.errors && die_.chance(0.4)) {
          operation.steps.push_back(CrashStep{die_.real(0, 0.5)});
        }
        operation.task = random_task(die_, services[s].second, choice, demand);
        if (may_.tasks && die_.chance(0.4)) add_send(operation.steps, s);
        services[s].second.operations.emplace_back("does" + std::to_string(i),
                                                   std::move(operation));
      }
    }
  }

  // To a service after that one; its operations are there already.
  void add_send(std::vector<Step>& steps, std::size_t sender) {
    const Named<Service>& services = result_.scenario.application;
    for (std::size_t s = sender + 1; s < applications_; ++s) {
      const auto& [name, service] = services[s];
      if (!takes_tasks(service) || service.operations.empty() || die_.chance(0.3)) continue;
      const auto last = static_cast<std::int64_t>(service.operations.size()) - 1;
      SendStep step;
      step.send = name + ".does" + std::to_string(die_.whole(0, last));
      step.times = die_.chance(0.5) ? 1 : die_.whole(2, 5);
      if (die_.chance(0.3)) step.probability = die_.real(0, 1);
      if (may_.retries && die_.chance(0.4)) step.retries = retries();
      steps.push_back(step);
    }
  }

  // Services that run no Python, behind those that do.
  void add_backends() {
    if (die_.chance(0.5))
      add_backend("api",
                  Service{random_external(die_, may_.concurrency_limits, requests_ / ns() * 1e9)},
                  false);
    if (die_.chance(0.5)) add_backend("cache", Service{redis()}, true);
    if (!die_.chance(0.7)) return;
    add_backend("database", Service{random_postgres(die_, ns())}, true);
    for (auto& [name, operation] : result_.scenario.application.back().second.operations) {
      if (die_.chance(0.5)) operation.lock = die_.pick<const char*>({"orders", "stock"});
    }
    for (std::size_t s = 0; s < applications_; ++s) {
      if (die_.chance(0.6))
        result_.scenario.application[s].second.pools = {{"database", random_pool(die_, ns())}};
    }
  }

  void add_backend(const char* name, Service service, bool computes) {
    const LawChoice choice{may_.random_demands, may_.exotic_laws, may_.zero_demands};
    const std::int64_t operations = die_.whole(1, 2);
    for (std::int64_t i = 0; i < operations; ++i) {
      Operation operation;
      const DurationLaw demand = random_law(die_, ns() / requests_ / 10, choice);
      const bool waits = !computes || (may_.waits && die_.chance(0.4));
      operation.steps.push_back(waits ? wait(demand, false) : CpuStep{demand});
      if (may_.errors && die_.chance(0.3)) operation.steps.push_back(ErrorStep{die_.real(0, 0.5)});
      if (die_.chance(0.3)) operation.steps.push_back(wait(demand, false));
      service.operations.emplace_back("does" + std::to_string(i), std::move(operation));
    }
    result_.scenario.application.emplace_back(name, std::move(service));
  }

  Redis redis() { return {may_.tiny_backlogs ? die_.whole(1, 6) : 10'000}; }

  // They come last, so that there is somebody to call.
  void add_calls_of_operations() {
    Named<Service>& services = result_.scenario.application;
    for (std::size_t s = 1; s < applications_; ++s) {
      for (auto& [name, operation] : services[s].second.operations) {
        const bool in_loop = can_be_blocked(services[s].second);
        if (die_.chance(0.4)) operation.steps.push_back(calls(s, in_loop));
      }
    }
  }

  // By that service; of another kind where there is nobody to call.
  Step calls(std::size_t caller, bool in_loop) {
    const bool blocking = in_loop && may_.blocking && die_.chance(0.3);
    if (caller + 1 >= callable()) return ErrorStep{0};
    if (die_.chance(0.6)) {
      CallStep step = call(caller);
      step.blocking = blocking;
      return step;
    }
    TogetherStep together{{call(caller), call(caller)}, blocking};
    if (die_.chance(0.5)) together.together.push_back(call(caller));
    return together;
  }

  // Services that others may call: all but the proxy.
  std::size_t callable() const {
    return result_.scenario.application.size() - (behind_proxy_ > 0 ? 1 : 0);
  }

  CallStep call(std::size_t caller) {
    const Named<Service>& services = result_.scenario.application;
    const auto last = static_cast<std::int64_t>(callable()) - 1;
    const auto& [name, service] =
        services[static_cast<std::size_t>(die_.whole(static_cast<std::int64_t>(caller) + 1, last))];
    const auto operations = static_cast<std::int64_t>(service.operations.size());
    CallStep step;
    step.call = name + ".does" + std::to_string(die_.whole(0, operations - 1));
    step.times = die_.chance(0.5) ? 1 : die_.whole(2, 4);
    step.parallel = step.times > 1 && die_.chance(0.5);
    if (die_.chance(0.3)) step.probability = die_.real(0, 1);
    if (may_.timeouts && die_.chance(0.5)) step.timeout = die_.near(ns() / 20) + milliseconds(1);
    if (may_.retries && die_.chance(0.4)) step.retries = retries();
    if (die_.chance(0.3)) step.hedge_after = die_.near(ns() / 50) + nanoseconds(1);
    if (die_.chance(0.3)) step.on_error = "ignore";
    return step;
  }

  // Something that takes no CPU.
  Step wait(const DurationLaw& time, bool in_loop) {
    if (die_.chance(0.3)) return SleepStep{time};
    return WaitStep{time, in_loop && may_.blocking && die_.chance(0.4)};
  }

  void add_steps(RequestClass& request) {
    Named<Service>& services = result_.scenario.application;
    const auto service = std::find_if(services.begin(), services.end(), [&](const auto& named) {
      return named.first == request.service;
    });
    const bool is_proxied = request.service == "proxy";
    const bool in_loop = can_be_blocked(service->second);
    // The last of those that take its steps.
    const auto caller =
        is_proxied ? behind_proxy_ - 1 : static_cast<std::size_t>(service - services.begin());
    if (has_event_loops(service->second) && die_.chance(0.6))
      request.handler = die_.chance(0.7) ? "sync" : "async";
    const std::int64_t steps = die_.whole(1, 3);
    const double load = may_.overload ? die_.real(0.3, 1.6) : die_.real(0.1, 0.7);
    const double demand = load * static_cast<double>(cores_) * ns() / requests_;
    const double each = demand / static_cast<double>(steps);
    const LawChoice choice{may_.random_demands, may_.exotic_laws, may_.zero_demands};
    if (!is_proxied) request.task = random_task(die_, service->second, choice, demand);
    for (std::int64_t i = 0; i < steps; ++i) {
      if (may_.tasks && die_.chance(0.3)) add_send(request.steps, caller);
      if (may_.errors && die_.chance(0.3)) request.steps.push_back(ErrorStep{die_.real(0, 0.6)});
      if (may_.errors && in_loop && die_.chance(0.1)) {
        request.steps.push_back(CrashStep{die_.real(0, 0.1)});
      }
      if (may_.calls && die_.chance(0.4)) {
        request.steps.push_back(calls(caller, in_loop));
      } else if (is_replayed(request) && !is_proxied && die_.chance(0.5)) {
        request.steps.push_back(CpuStep{{RecordedLaw{"cpu", "", "us"}}});
      } else if (may_.waits && die_.chance(0.4)) {
        request.steps.push_back(wait(random_law(die_, each, choice), in_loop));
      } else {
        request.steps.push_back(
            CpuStep{random_law(die_, each, choice), !may_.threads || die_.chance(0.7)});
      }
    }
  }

  Batch batch(double& arrivals) {
    if (!may_.batches || die_.chance(0.5)) return FixedBatch{};
    const double mean =
        die_.chance(0.5) ? static_cast<double>(die_.whole(1, 20)) : die_.real(1, 20);
    arrivals /= mean;
    if (mean == static_cast<double>(static_cast<std::int64_t>(mean))) {
      return FixedBatch{static_cast<std::int64_t>(mean)};
    }
    return GeometricBatch{mean};
  }

  // Of these classes.
  Arrivals arrivals(double requests, const std::vector<std::string>& classes) {
    if (may_.replay && !replayed_ && die_.chance(0.4)) return replay();
    if (may_.closed && die_.chance(0.3)) return closed(requests);
    if (may_.sessions && die_.chance(0.4)) return sessions(requests, classes);
    Batch together = batch(requests);
    const Rate rate{requests / ns() * 1e9};
    if (may_.schedules && die_.chance(0.3)) return schedule(requests, together);
    if (!may_.random_arrivals) return ConstantArrivals{rate, together};
    if (may_.modulated && die_.chance(0.4)) return modulated(rate, together);
    if (may_.profiles && die_.chance(0.4)) return profile(rate, together);
    return PoissonArrivals{rate, together};
  }

  Arrivals schedule(double arrivals, Batch together) {
    ScheduledArrivals schedule{die_.near(ns() / 10), std::nullopt, together};
    if (die_.chance(0.7)) schedule.every = die_.near(ns() / arrivals) + milliseconds(1);
    return schedule;
  }

  Arrivals modulated(Rate rate, Batch together) {
    MmppArrivals mmpp;
    const std::int64_t states = die_.whole(2, 4);
    for (std::int64_t i = 0; i < states; ++i) {
      const double factor = i > 0 && die_.chance(0.3) ? 0 : die_.real(0.2, 2.5);
      mmpp.states.push_back({{rate.per_second * factor}, die_.near(ns() / 10)});
    }
    mmpp.batch = together;
    return mmpp;
  }

  Arrivals profile(Rate rate, Batch together) {
    ProfileArrivals profile;
    const std::int64_t points = die_.whole(1, 4);
    for (std::int64_t i = 0; i < points; ++i) {
      const double factor = i > 0 && die_.chance(0.3) ? 0 : die_.real(0.2, 2);
      profile.points.push_back({duration_ * i / 6, {rate.per_second * factor}});
    }
    profile.repeat = points > 1 && die_.chance(0.5);
    profile.burst_length = Duration(die_.whole(1, 200) * 1'000'000);
    if (die_.chance(0.5)) {
      const double highest = highest_burstiness(profile);
      profile.burstiness = die_.real(1, std::min(5.0, 1 + 0.99 * (highest - 1)));
    }
    profile.batch = together;
    return profile;
  }

  Arrivals sessions(double requests, const std::vector<std::string>& classes) {
    const std::int64_t length = die_.whole(1, 6);
    const double begun = requests / static_cast<double>(length);
    SessionArrivals sessions;
    sessions.begin = ConstantArrivals{{begun / ns() * 1e9}, FixedBatch{}};
    if (may_.random_arrivals) sessions.begin = PoissonArrivals{{begun / ns() * 1e9}, FixedBatch{}};
    sessions.think =
        random_law(die_, ns() / 50, {may_.random_demands, may_.exotic_laws, may_.zero_demands});
    if (die_.chance(0.4)) sessions.on_failure = "go_on";
    if (die_.chance(0.4)) {
      sessions.length = GeometricBatch{static_cast<double>(length)};
      if (die_.chance(0.5)) sessions.length = FixedBatch{length};
    } else if (die_.chance(0.5)) {
      sessions.script = classes;
      while (std::ssize(sessions.script) < length) {
        const auto which = die_.whole(0, std::ssize(classes) - 1);
        sessions.script.push_back(classes[static_cast<std::size_t>(which)]);
      }
    } else {
      for (const std::string& name : classes) sessions.walk.emplace_back(name, turn(classes));
    }
    return sessions;
  }

  // After each one it is as likely as not that there is none.
  Turn turn(const std::vector<std::string>& classes) {
    Turn turn;
    for (const std::string& name : classes) {
      turn.next.push_back({name, die_.real(0, 0.5) / static_cast<double>(classes.size())});
    }
    return turn;
  }

  Arrivals closed(double requests) {
    ClosedArrivals closed;
    closed.users = die_.whole(1, 20);
    // A user takes at least a think time per request, so this bounds their number. Think times are
    // never constantly zero: clients that are refused at once would ask again at the same instant.
    const double think = ns() * static_cast<double>(closed.users) / requests;
    closed.think = random_law(die_, think, {may_.random_arrivals, may_.exotic_laws, false});
    return closed;
  }

  Arrivals replay() {
    replayed_ = true;
    ReplayArrivals replay;
    replay.file = kRecordingFile;
    replay.time_column = "at";
    replay.class_column = "class";
    return replay;
  }

  // Several rows at one microsecond are likely: bursts are what recordings are full of.
  void write_recording() {
    if (!replayed_) return;
    std::vector<std::string> classes;
    for (const auto& [name, request] : result_.scenario.workload.requests) {
      if (is_replayed(request)) classes.push_back(name);
    }
    std::string& text = result_.recording;
    text = "at,class,cpu\n";
    if (classes.empty()) return;
    const auto rows = static_cast<std::int64_t>(requests_ / 2);
    std::int64_t at = die_.whole(0, 5'000'000);
    for (std::int64_t i = 0; i < rows; ++i) {
      if (die_.chance(0.7)) at += die_.whole(0, duration_.count() / 1000 * 2 / rows);
      const auto which = die_.whole(0, static_cast<std::int64_t>(classes.size()) - 1);
      text += std::to_string(at) + "," + classes[static_cast<std::size_t>(which)] + "," +
              std::to_string(die_.whole(0, duration_.count() / 1000 / rows)) + "\n";
    }
  }

  // --- Setups

  void add_setup(const char* name) {
    Setup setup;
    const bool has_guests = may_.guests && die_.chance(0.5);
    const bool has_neighbors = may_.neighbors && die_.chance(0.5);
    setup.machine = machine(cores_, !has_guests && !has_neighbors);
    if (setup.machine.scheduler != "fifo" && may_.groups) add_groups(setup.groups, setup.machine);
    if (has_guests) add_guests(setup);
    for (const auto& [service_name, service] : result_.scenario.application) {
      if (std::holds_alternative<External>(service.server)) continue;
      if (!die_.chance(has_guests ? 0.9 : 0.7)) continue;
      setup.services.emplace_back(service_name, placement(setup));
      if (!runs_python(service)) setup.services.back().second.workers.reset();
    }
    if (has_neighbors) add_neighbors(setup);
    result_.scenario.setups.emplace_back(name, std::move(setup));
  }

  static bool is_linux(const Machine& machine) {
    return machine.scheduler == "eevdf" || machine.scheduler == "cfs";
  }

  Machine machine(std::int64_t cores, bool may_be_fifo) {
    Machine machine;
    machine.cores = cores;
    machine.scheduler = "fluid";
    if (may_.tiny_backlogs && die_.chance(0.3)) machine.somaxconn = die_.whole(0, 3);
    if (may_.fifo && may_be_fifo && die_.chance(0.4)) {
      machine.scheduler = "fifo";
    } else if (may_.linux && die_.chance(0.6)) {
      machine.scheduler = die_.pick<const char*>({"eevdf", "eevdf", "cfs"});
      if (may_.kernels) machine.kernel = random_kernel(die_);
    }
    return machine;
  }

  // In any order: a parent may come after its children in the file.
  void add_groups(Named<Group>& groups, const Machine& machine) {
    const std::int64_t count = die_.whole(1, 4);
    for (std::int64_t i = 0; i < count; ++i) {
      Group group;
      const Group* parent = nullptr;
      if (i > 0 && die_.chance(0.5)) {
        const auto& [name, around] = groups[static_cast<std::size_t>(die_.whole(0, i - 1))];
        group.parent = name;
        parent = &around;
      }
      if (may_.weights) set_random_weight(die_, group);
      if (may_.quotas && die_.chance(0.6)) group.cpu_max = random_cpu_max(die_, cores_);
      if (is_linux(machine)) {
        group.cpu_idle = may_.policies && die_.chance(0.15);
        if (may_.cpusets && die_.chance(0.4)) group.cpus = cpus(machine, parent);
      }
      groups.emplace_back("group" + std::to_string(i), group);
    }
    if (die_.chance(0.5)) std::reverse(groups.begin(), groups.end());
  }

  // Some of the machine's cores, or of those of the group around it.
  CpuList cpus(const Machine& machine, const Group* parent) {
    CpuList allowed;
    for (std::int64_t core = 0; core < machine.cores; ++core) allowed.cores.push_back(core);
    if (parent != nullptr && parent->cpus) allowed = *parent->cpus;
    CpuList chosen;
    for (const std::int64_t core : allowed.cores) {
      if (die_.chance(0.5)) chosen.cores.push_back(core);
    }
    return chosen.cores.empty() ? allowed : chosen;
  }

  void add_guests(Setup& setup) {
    const std::int64_t guests = die_.whole(1, 2);
    for (std::int64_t i = 0; i < guests; ++i) {
      Guest guest;
      guest.machine = machine(die_.whole(1, may_.many_cores ? 3 : 1), true);
      if (guest.machine.scheduler != "fifo" && may_.groups) {
        add_groups(guest.groups, guest.machine);
      }
      guest.scheduling = scheduling(setup.groups, setup.machine);
      setup.guests.emplace_back("guest" + std::to_string(i), std::move(guest));
    }
  }

  void add_neighbors(Setup& setup) {
    const std::int64_t neighbors = die_.whole(1, 2);
    for (std::int64_t i = 0; i < neighbors; ++i) {
      Neighbor neighbor;
      neighbor.threads = die_.whole(1, 3);
      const auto [machine, groups] = place(setup, neighbor.guest);
      if (machine->scheduler == "fifo") continue;
      neighbor.scheduling = scheduling(*groups, *machine);
      if (die_.chance(0.7)) neighbor.pattern = pattern();
      setup.neighbors.emplace_back("neighbor" + std::to_string(i), std::move(neighbor));
    }
  }

  NeighborPattern pattern() {
    if (die_.chance(0.5)) {
      const LawChoice choice{may_.random_demands, may_.exotic_laws, false};
      return OnOff{random_law(die_, ns() / 200, choice), random_law(die_, ns() / 100, choice)};
    }
    RecordedBursts bursts;
    const std::int64_t count = die_.whole(1, 10);
    for (std::int64_t i = 0; i < count; ++i) {
      bursts.bursts.push_back({die_.near(ns() / 40), die_.near(ns() / 40)});
    }
    return bursts;
  }

  // Where something runs: on the hardware or in one of the guests, whose name it writes.
  std::pair<const Machine*, const Named<Group>*> place(const Setup& setup, std::string& guest) {
    if (setup.guests.empty() || die_.chance(0.2)) return {&setup.machine, &setup.groups};
    const auto last = static_cast<std::int64_t>(setup.guests.size()) - 1;
    const auto& [name, chosen] = setup.guests[static_cast<std::size_t>(die_.whole(0, last))];
    guest = name;
    return {&chosen.machine, &chosen.groups};
  }

  Scheduling scheduling(const Named<Group>& groups, const Machine& machine) {
    Scheduling scheduling;
    if (!groups.empty() && die_.chance(0.8)) {
      const auto last = static_cast<std::int64_t>(groups.size()) - 1;
      scheduling.group = groups[static_cast<std::size_t>(die_.whole(0, last))].first;
    }
    if (may_.weights && machine.scheduler != "fifo") {
      if (die_.chance(0.3)) {
        scheduling.nice = die_.whole(-20, 19);
      } else if (die_.chance(0.3)) {
        scheduling.task_weight = die_.whole(1, 10'000);
      }
    }
    if (may_.policies && is_linux(machine)) {
      scheduling.policy = die_.pick<const char*>({"normal", "normal", "batch", "idle"});
      if (die_.chance(0.3)) scheduling.slice = Duration(die_.whole(100'000, 20'000'000));
    }
    return scheduling;
  }

  Placement placement(const Setup& setup) {
    Placement placement;
    const auto [machine, groups] = place(setup, placement.guest);
    placement.scheduling = scheduling(*groups, *machine);
    if (may_.many_workers && die_.chance(0.3)) placement.workers = die_.whole(1, 8);
    placement.reads_cpu_clock = die_.chance(0.2);
    return placement;
  }

  Die die_;
  Swarm may_;
  RandomScenario result_;
  double requests_;
  Duration duration_;
  std::size_t behind_proxy_ = 0;  // so many of the first services; 0: there is no proxy
  std::int64_t cores_;
  std::size_t applications_ = 1;  // services that run Python: the first ones
  bool replayed_ = false;
};

}  // namespace

RandomScenario random_scenario(std::uint64_t seed) { return Generator(seed).generate(); }

std::vector<Blueprint> blueprints_of(const RandomScenario& random) {
  const TemporaryDirectory directory;
  if (!random.recording.empty()) directory.write(kRecordingFile, random.recording);
  Checked<std::vector<Blueprint>> blueprints = compile(random.scenario, directory.path());
  COTENANT_ASSERT(blueprints.ok());
  return std::move(blueprints).value();
}

}  // namespace cotenant
