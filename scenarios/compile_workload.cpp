// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_workload.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "scenarios/application.h"
#include "scenarios/compile_clients.h"
#include "scenarios/compile_laws.h"
#include "scenarios/compile_memory.h"
#include "scenarios/compile_proxy.h"
#include "scenarios/compile_sessions.h"
#include "scenarios/compile_steps.h"
#include "scenarios/load.h"
#include "scenarios/nearest.h"
#include "scenarios/profile.h"
#include "scenarios/trace.h"

namespace cotenant {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;

double per_nanosecond(Rate rate) { return rate.per_second / kNanosecondsPerSecond; }

double ns(Duration duration) { return static_cast<double>(duration.count()); }

// --- Sources ---

struct CompileArrivals {
  SourceSpec& spec;
  std::uint32_t& users;

  void operator()(const ConstantArrivals& arrivals) const {
    spec.kind = ConstantSource{1 / per_nanosecond(arrivals.rate)};
    spec.batch = compile_batch(arrivals.batch);
  }
  void operator()(const ScheduledArrivals& arrivals) const {
    spec.kind = ScheduledSource{Instant() + arrivals.first, arrivals.every};
    spec.batch = compile_batch(arrivals.batch);
  }
  void operator()(const PoissonArrivals& arrivals) const {
    spec.kind = ModulatedSource{{{per_nanosecond(arrivals.rate), 0}}};
    spec.batch = compile_batch(arrivals.batch);
  }
  void operator()(const MmppArrivals& arrivals) const {
    ModulatedSource source;
    for (const MmppState& state : arrivals.states) {
      source.states.push_back({per_nanosecond(state.rate), ns(state.mean_stay)});
    }
    spec.kind = std::move(source);
    spec.batch = compile_batch(arrivals.batch);
  }
  void operator()(const ProfileArrivals& arrivals) const {
    ProfileSource source;
    for (const ProfilePoint& point : arrivals.points) {
      source.points.push_back({Instant() + point.at, per_nanosecond(point.rate)});
    }
    source.repeat = arrivals.repeat;
    source.swing = swing_of(arrivals);
    source.burst_length = ns(arrivals.burst_length);
    spec.kind = std::move(source);
    spec.batch = compile_batch(arrivals.batch);
  }
  void operator()(const SessionArrivals& sessions) const { std::visit(*this, sessions.begin); }
  void operator()(const ReplayArrivals&) const {}  // needs the file: see read_recording()
  void operator()(const ClosedArrivals& arrivals) const {
    const auto count = static_cast<std::uint32_t>(arrivals.users);
    spec.kind = ClosedSource{count, Sampler(compile_law(arrivals.think))};
    spec.first_user = users;
    users += count;
  }
};

ServiceId service_of(const RequestClass& request_class, const Named<Service>& application) {
  if (request_class.service.empty()) {
    return ServiceId(static_cast<std::uint32_t>(default_service(application).value()));
  }
  const auto found = std::find_if(application.begin(), application.end(), [&](const auto& named) {
    return named.first == request_class.service;
  });
  COTENANT_ASSERT(found != application.end());
  return ServiceId(static_cast<std::uint32_t>(found - application.begin()));
}

// --- The whole ---

class WorkloadCompiler {
 public:
  WorkloadCompiler(const Scenario& scenario, const std::filesystem::path& directory)
      : scenario_(scenario), directory_(directory) {}

  Checked<CompiledWorkload> compile() {
    compile_classes();
    if (scenario_.workload.arrivals) add_common_source();
    add_own_sources();
    if (!problems_.empty()) return std::move(problems_);
    return std::move(result_);
  }

 private:
  void compile_classes() {
    StepCompiler steps(scenario_);
    for (const auto& [name, service] : scenario_.application) {
      const auto* proxy = std::get_if<Nginx>(&service.server);
      upstreams_.push_back(proxy == nullptr
                               ? UpstreamId::none()
                               : result_.upstreams.push_back(compile_upstream(*proxy)));
    }
    own_columns_.resize(scenario_.workload.requests.size());
    for (const auto& [name, request_class] : scenario_.workload.requests) {
      const ServiceId service = service_of(request_class, scenario_.application);
      Columns& columns = columns_of(result_.classes.size());
      ClassSpec spec{name, service, {}, request_class.handler == "sync", false, LockId::none()};
      spec.is_task = takes_tasks(scenario_.application[service.index()].second);
      spec.idempotent = request_class.idempotent;
      const bool passes_on = is_passed_on(scenario_.application, service.index(), request_class);
      spec.is_file = request_class.file && !passes_on;
      spec.body = compile_body(request_class);
      const Service& server = scenario_.application[service.index()].second;
      if (spec.is_file) {
        spec.steps = with_transfers({send_file(*request_class.file)},
                                    transfer_steps(scenario_.workload, request_class));
      } else if (!is_proxy(service)) {
        spec.steps =
            with_transfers(steps_in(server, steps.compile(name, request_class.steps, columns)),
                           steps_of_server(server, request_class));
      }
      add_class(std::move(spec), request_class.task);
    }
    for (std::uint32_t s = 0; s < scenario_.application.size(); ++s) {
      const auto& [service, what] = scenario_.application[s];
      for (const auto& [name, does] : what.operations) {
        Columns nothing_recorded;
        const ClassId operation =
            add_operation(steps, service + "." + name, ServiceId(s), does, nothing_recorded);
        result_.classes[operation].lock = lock_named(does.lock, ServiceId(s));
      }
      if (is_proxy(ServiceId(s))) pass_on_requests(steps, ServiceId(s));
    }
    result_.calls = steps.take_calls();
    rank_priorities();
  }

  // With what each request takes in its process.
  static std::vector<StepSpec> steps_in(const Service& server, std::vector<StepSpec> steps) {
    return with_memory(server, with_objects(server, std::move(steps)));
  }

  ClassId add_class(ClassSpec spec, const TaskOptions& task) {
    if (task.expires) spec.task.expires = Sampler(compile_law(*task.expires));
    if (!task.queue.empty()) spec.task.queue = queue_named(task.queue, spec.service);
    priorities_.push_back(task.priority.value_or(0));
    return result_.classes.push_back(std::move(spec));
  }

  std::uint32_t queue_named(const std::string& name, ServiceId service) const {
    const auto& [ignored, what] = scenario_.application[service.index()];
    const std::vector<std::string>& queues = std::get<Poller>(what.server).queues;
    const auto found = std::find(queues.begin(), queues.end(), name);
    COTENANT_ASSERT(found != queues.end());
    return static_cast<std::uint32_t>(found - queues.begin());
  }

  // An urgency is how many lower priorities the tasks of that service have.
  void rank_priorities() {
    for (std::uint32_t c = 0; c < result_.classes.size(); ++c) {
      std::set<std::int64_t> lower;
      for (std::uint32_t other = 0; other < result_.classes.size(); ++other) {
        const bool is_lower = priorities_[other] < priorities_[c];
        const bool is_of_service =
            result_.classes[ClassId(other)].service == result_.classes[ClassId(c)].service;
        if (is_lower && is_of_service) lower.insert(priorities_[other]);
      }
      result_.classes[ClassId(c)].task.urgency = static_cast<std::uint32_t>(lower.size());
    }
  }

  // Of the recording that the class replays, if it does.
  Columns& columns_of(std::size_t index) {
    const RequestClass& request_class = scenario_.workload.requests[index].second;
    return request_class.arrivals ? own_columns_[index] : common_columns_;
  }

  bool is_proxy(ServiceId service) const {
    return cotenant::is_proxy(scenario_.application[service.index()].second);
  }

  // Where nothing in front does it.
  TransferSteps steps_of_server(const Service& server, const RequestClass& request) const {
    const bool has_clients = !is_celery(server) && front_of(server) != Front::keeps_bodies;
    return has_clients ? transfer_steps(scenario_.workload, request) : TransferSteps{};
  }

  // What is done, for an operation or for a request class that a proxy passes on.
  template <class Does>
  ClassId add_operation(StepCompiler& steps, const std::string& name, ServiceId service,
                        const Does& does, Columns& columns) {
    const Service& server = scenario_.application[service.index()].second;
    ClassSpec spec{name, service, steps_in(server, steps.compile(name, does.steps, columns)),
                   does.handler == "sync", true};
    spec.idempotent = does.idempotent;
    return add_class(std::move(spec), does.task);
  }

  void pass_on_requests(StepCompiler& steps, ServiceId proxy) {
    for (std::uint32_t c = 0; c < scenario_.workload.requests.size(); ++c) {
      const auto& [name, request_class] = scenario_.workload.requests[c];
      if (result_.classes[ClassId(c)].service != proxy) continue;
      if (!is_passed_on(scenario_.application, proxy.index(), request_class)) continue;
      const StepSpec step = passed_on(steps, name, c, proxy);
      result_.classes[ClassId(c)].steps =
          with_transfers({step}, transfer_steps(scenario_.workload, request_class));
    }
  }

  // The steps of a class are taken by the servers behind the proxy, as an operation of each; a
  // proxy that is one of them passes it on again. `caller` names what is passed on.
  StepSpec passed_on(StepCompiler& steps, const std::string& caller, std::size_t index,
                     ServiceId proxy) {
    const RequestClass& request_class = scenario_.workload.requests[index].second;
    const auto& server = std::get<Nginx>(scenario_.application[proxy.index()].second.server);
    const std::vector<std::size_t> behind = servers_of(scenario_.application, proxy.index());
    const ClassId first(result_.classes.size());
    const TransferSteps transfers = transfer_steps(scenario_.workload, request_class);
    const TransferSteps streamed = {transfers.upload && !server.request_buffering,
                                    transfers.download && !server.response_buffering};
    for (const std::size_t s : behind) add_passed_on(steps, index, s, streamed);
    for (std::size_t i = 0; i < behind.size(); ++i) {
      const ServiceId next(static_cast<std::uint32_t>(behind[i]));
      if (!is_proxy(next)) continue;
      const ClassId operation(first.index() + static_cast<std::uint32_t>(i));
      const StepSpec step = is_passed_on(scenario_.application, behind[i], request_class)
                                ? passed_on(steps, result_.classes[operation].name, index, next)
                                : send_file(*request_class.file);
      result_.classes[operation].steps = with_transfers({step}, streamed);
    }
    return steps.pass_on(caller, first, upstreams_[proxy.index()], server.read_timeout);
  }

  // What one server does for the class; the steps of a proxy are not known yet.
  void add_passed_on(StepCompiler& steps, std::size_t index, std::size_t server,
                     const TransferSteps& streamed) {
    const auto& [class_name, request_class] = scenario_.workload.requests[index];
    const auto& [name, service] = scenario_.application[server];
    const ServiceId id(static_cast<std::uint32_t>(server));
    const std::string operation = name + "." + class_name;
    if (is_proxy(id)) {
      ClassSpec spec{operation, id, {}, false, true, LockId::none()};
      spec.idempotent = request_class.idempotent;
      spec.is_file = !is_passed_on(scenario_.application, server, request_class);
      add_class(std::move(spec), request_class.task);
      return;
    }
    ClassSpec& spec =
        result_.classes[add_operation(steps, operation, id, request_class, columns_of(index))];
    if (front_of(service) == Front::keeps_bodies) return;
    spec.steps = with_transfers(std::move(spec.steps), streamed);
  }

  LockId lock_named(const std::string& name, ServiceId service) {
    if (name.empty()) return LockId::none();
    for (std::uint32_t l = 0; l < result_.locks.size(); ++l) {
      const LockSpec& lock = result_.locks[LockId(l)];
      if (lock.service == service && lock.name == name) return LockId(l);
    }
    return result_.locks.push_back({name, service});
  }

  void add_common_source() {
    std::vector<ClassId> classes;
    std::vector<double> shares;
    for (std::uint32_t c = 0; c < scenario_.workload.requests.size(); ++c) {
      const RequestClass& request_class = scenario_.workload.requests[c].second;
      if (request_class.arrivals) continue;
      classes.push_back(ClassId(c));
      shares.push_back(request_class.share);
    }
    if (classes.empty()) return;
    add_source("all", *scenario_.workload.arrivals, std::move(classes), shares, common_columns_,
               "/workload/arrivals");
  }

  void add_own_sources() {
    for (std::uint32_t c = 0; c < scenario_.workload.requests.size(); ++c) {
      const auto& [name, request_class] = scenario_.workload.requests[c];
      if (!request_class.arrivals) continue;
      add_source("class/" + name, *request_class.arrivals, {ClassId(c)}, {1.0}, own_columns_[c],
                 "/workload/requests/" + name + "/arrivals");
    }
  }

  void add_source(std::string name, const Arrivals& arrivals, std::vector<ClassId> classes,
                  const std::vector<double>& shares, const Columns& columns,
                  const std::string& pointer) {
    SourceSpec spec{std::move(name), {}, 1u, std::move(classes), DiscreteChoice(shares), 0};
    std::visit(CompileArrivals{spec, result_.users}, multiplied(arrivals, scenario_.workload.load));
    if (const auto* sessions = std::get_if<SessionArrivals>(&arrivals)) {
      spec.sessions = compile_sessions(*sessions, spec.classes, result_.classes);
    }
    if (const auto* replay = std::get_if<ReplayArrivals>(&arrivals)) {
      spec.kind = read_recording(*replay, spec.classes, columns, pointer);
      spec.first_user = result_.users;
      result_.users += users_of(spec.kind);
    }
    result_.sources.push_back(std::move(spec));
  }

  SourceKind read_recording(const ReplayArrivals& replay, const std::vector<ClassId>& classes,
                            const Columns& columns, const std::string& pointer) {
    Checked<std::vector<RecordedRequest>> rows =
        read_trace(directory_ / replay.file, replay, columns.all(), pointer + "/file");
    if (!rows) {
      problems_.add(rows.diagnostics());
      return ReplaySource{};
    }
    auto trace = std::make_shared<Trace>();
    trace->columns.resize(columns.all().size());
    for (const RecordedRequest& row : *rows) {
      trace->arrivals.push_back(row.arrival);
      trace->classes.push_back(class_named(row.class_name, classes, pointer));
      for (std::size_t i = 0; i < row.demands.size(); ++i) {
        trace->columns[i].push_back(row.demands[i]);
      }
    }
    if (replay.user_column.empty()) return ReplaySource{std::move(trace)};
    std::vector<ReplayedUser> users = users_in(*rows);
    if (std::any_of(users.begin(), users.end(), never_thinks)) {
      problems_.add(
          {pointer + "/user_column",
           0,
           0,
           "the recording has a user who never thinks: requests that take no time would be "
           "repeated endlessly at the same instant",
           {},
           {}});
    }
    return ReplayedUsersSource{std::move(trace), std::move(users)};
  }

  // Once it begins anew.
  static bool never_thinks(const ReplayedUser& user) {
    const auto first = user.thinks.begin() + (user.thinks.size() > 1 ? 1 : 0);
    return std::all_of(first, user.thinks.end(), [](Duration think) { return think.is_zero(); });
  }

  // In the order of their first requests.
  static std::vector<ReplayedUser> users_in(const std::vector<RecordedRequest>& rows) {
    std::vector<ReplayedUser> users;
    std::vector<Instant> replied;
    std::map<std::string, std::size_t> known;
    for (std::uint32_t r = 0; r < rows.size(); ++r) {
      const auto [entry, is_new] = known.emplace(rows[r].user, users.size());
      if (is_new) {
        users.emplace_back();
        replied.emplace_back();
      }
      ReplayedUser& user = users[entry->second];
      Instant& last_reply = replied[entry->second];
      user.rows.push_back(r);
      user.thinks.push_back(std::max(rows[r].arrival - last_reply, Duration(0)));
      last_reply = rows[r].done;
    }
    return users;
  }

  ClassId class_named(const std::string& name, const std::vector<ClassId>& classes,
                      const std::string& pointer) {
    if (name.empty() && classes.size() == 1) return classes.front();
    std::vector<std::string_view> names;
    for (const ClassId id : classes) {
      if (result_.classes[id].name == name) return id;
      names.push_back(result_.classes[id].name);
    }
    if (!unknown_class_told_) {
      problems_.add({pointer + "/class_column",
                     0,
                     0,
                     "the recording has requests of class \"" + name +
                         "\", which the scenario does not describe",
                     {},
                     nearest_name(name, names)});
      unknown_class_told_ = true;
    }
    return classes.front();
  }

  const Scenario& scenario_;
  const std::filesystem::path& directory_;
  Columns common_columns_;
  std::vector<Columns> own_columns_;  // by class; of those with arrivals of their own
  CompiledWorkload result_;
  std::vector<std::int64_t> priorities_;  // by class
  std::vector<UpstreamId> upstreams_;     // by service; none: it is no proxy
  Diagnostics problems_;
  bool unknown_class_told_ = false;
};

}  // namespace

Checked<CompiledWorkload> compile_workload(const Scenario& scenario,
                                           const std::filesystem::path& directory) {
  return WorkloadCompiler(scenario, directory).compile();
}

}  // namespace cotenant
