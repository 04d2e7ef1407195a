// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile.h"

#include <algorithm>
#include <array>
#include <utility>

#include "scenarios/compile_laws.h"
#include "scenarios/compile_workload.h"
#include "scenarios/parameters.h"

namespace cotenant {
namespace {

// sched_prio_to_weight of kernel/sched/core.c, nice -20 to 19 (linux.md 1.1).
constexpr std::array<std::int64_t, 40> kNiceToWeight = {
    88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904,
    3906,  3121,  2501,  1991,  1586,  1277,  1024,  820,   655,   526,   423,  335,  272,  215,
    172,   137,   110,   87,    70,    56,    45,    36,    29,    23,    18,   15};

std::int64_t weight_of_nice(std::int64_t nice) {
  return kNiceToWeight[static_cast<std::size_t>(nice + 20)];
}

// cpu.weight 100 competes like one nice-0 task: shares = weight * 1024 / 100 (linux.md 1.2).
std::int64_t weight_of_group(std::int64_t cpu_weight) { return cpu_weight * 1024 / 100; }

template <class Value>
const Value* find(const Named<Value>& named, const std::string& name) {
  const auto found = std::find_if(named.begin(), named.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == named.end() ? nullptr : &found->second;
}

OverheadSpec resolve(const Overhead& overhead) {
  const OverheadPreset* preset = overhead_preset(overhead.preset);
  COTENANT_ASSERT(preset);
  OverheadSpec spec = preset->overhead;
  const auto take = [&](ServerPhase phase, const std::optional<PhaseCost>& cost) {
    if (cost) spec.phases[static_cast<std::size_t>(phase)] = {cost->hot, cost->cold};
  };
  take(ServerPhase::accept, overhead.accept);
  take(ServerPhase::respond, overhead.respond);
  take(ServerPhase::finish, overhead.finish);
  take(ServerPhase::spurious_wake, overhead.spurious_wake);
  if (overhead.cold_after) spec.cold_after = *overhead.cold_after;
  return spec;
}

struct CompilePattern {
  CompiledPattern operator()(const OnOff& pattern) const {
    const Law on = compile_law(pattern.on);
    const Law off = compile_law(pattern.off);
    const double cycle = mean(on) + mean(off);
    return OnOffPattern{Sampler(on), Sampler(off), cycle > 0 ? mean(on) / cycle : 0};
  }
  CompiledPattern operator()(const RecordedBursts& pattern) const {
    BurstsPattern compiled;
    for (const Burst& burst : pattern.bursts) compiled.bursts.push_back({burst.pause, burst.on});
    return compiled;
  }
};

CompiledPattern compile_pattern(const std::optional<NeighborPattern>& pattern) {
  return pattern ? std::visit(CompilePattern{}, *pattern) : CompiledPattern(SpinPattern{});
}

class SetupCompiler {
 public:
  SetupCompiler(const Scenario& scenario, const std::string& name, const Setup& setup,
                const CompiledWorkload& workload)
      : scenario_(scenario), setup_(setup) {
    blueprint_.setup = name;
    blueprint_.classes = workload.classes;
    blueprint_.sources = workload.sources;
    blueprint_.users = workload.users;
    blueprint_.client_timeout = scenario.workload.clients.timeout;
  }

  Blueprint compile() {
    blueprint_.scheduler = *scheduler_kind_named(setup_.machine.scheduler);
    blueprint_.cpu.cores = static_cast<std::uint32_t>(setup_.machine.cores);
    add_group("", CpuGroup{GroupId::none(), 1024, std::nullopt}, std::nullopt);
    for (const auto& [name, group] : setup_.groups) group_id(name);
    for (const auto& [name, service] : scenario_.application) add_service(name, service);
    // After all workers: their tasks come first.
    for (const auto& [name, neighbor] : setup_.neighbors) add_neighbor(name, neighbor);
    return std::move(blueprint_);
  }

 private:
  GroupId add_group(const std::string& name, CpuGroup group, std::optional<Duration> phase) {
    blueprint_.group_names.push_back(name);
    blueprint_.quota_phases.push_back(phase);
    return blueprint_.cpu.groups.push_back(std::move(group));
  }

  // Parents are added before their children, whatever the order in the file.
  GroupId group_id(const std::string& name) {
    for (std::uint32_t g = 0; g < blueprint_.group_names.size(); ++g) {
      if (blueprint_.group_names[GroupId(g)] == name) return GroupId(g);
    }
    const Group* group = find(setup_.groups, name);
    COTENANT_ASSERT(group);
    CpuGroup compiled{group_id(group->parent), weight_of_group(group->cpu_weight), std::nullopt};
    if (!group->cpu_max) return add_group(name, compiled, std::nullopt);
    const CpuMax& cpu_max = *group->cpu_max;
    compiled.bandwidth =
        Bandwidth{CpuTime(cpu_max.quota.count()), cpu_max.period, CpuTime(cpu_max.burst.count())};
    return add_group(name, compiled, cpu_max.phase.fixed);
  }

  void add_service(const std::string& name, const Service& service) {
    static const Placement kUnplaced;
    const Placement* placed = find(setup_.services, name);
    const Placement& placement = placed ? *placed : kUnplaced;
    const GunicornSync& server = std::get<GunicornSync>(service.server);

    ServiceSpec spec;
    spec.name = name;
    spec.first_worker = WorkerId(blueprint_.workers.size());
    spec.workers = static_cast<std::uint32_t>(placement.workers.value_or(server.workers));
    // The kernel accepts until the queue is longer than the limit: one more fits (linux.md section
    // 6).
    spec.accept_queue_capacity =
        static_cast<std::uint32_t>(std::min(server.backlog, setup_.machine.somaxconn)) + 1;
    if (server.limit_concurrency) {
      spec.limit_concurrency = static_cast<std::uint32_t>(*server.limit_concurrency);
    }
    spec.overhead = resolve(server.overhead);
    const ServiceId id = blueprint_.services.push_back(std::move(spec));
    add_workers(id, placement);
  }

  void add_workers(ServiceId id, const Placement& placement) {
    CpuTask task;
    task.group = group_id(placement.group);
    task.weight = placement.task_weight.value_or(weight_of_nice(placement.nice));
    task.charges_continuously = placement.reads_cpu_clock;
    for (std::uint32_t w = 0; w < blueprint_.services[id].workers; ++w) {
      blueprint_.workers.push_back(WorkerSpec{id, blueprint_.cpu.tasks.push_back(task)});
    }
  }

  void add_neighbor(const std::string& name, const Neighbor& neighbor) {
    CpuTask task;
    task.group = group_id(neighbor.group);
    task.weight = neighbor.task_weight.value_or(weight_of_nice(neighbor.nice));
    const auto pattern = compile_pattern(neighbor.pattern);
    for (std::int64_t t = 0; t < neighbor.threads; ++t) {
      blueprint_.neighbors.push_back(
          {name + "/" + std::to_string(t), blueprint_.cpu.tasks.push_back(task), pattern});
    }
  }

  const Scenario& scenario_;
  const Setup& setup_;
  Blueprint blueprint_;
};

}  // namespace

Checked<std::vector<Blueprint>> compile(const Scenario& scenario,
                                        const std::filesystem::path& directory) {
  const Checked<CompiledWorkload> workload = compile_workload(scenario, directory);
  if (!workload) return workload.diagnostics();
  std::vector<Blueprint> blueprints;
  for (const auto& [name, setup] : scenario.setups) {
    blueprints.push_back(SetupCompiler(scenario, name, setup, *workload).compile());
  }
  return blueprints;
}

std::vector<std::string> assumptions(const Scenario& scenario) {
  std::vector<std::string> sentences;
  for (const auto& [name, service] : scenario.application) {
    const Overhead& overhead = std::get<GunicornSync>(service.server).overhead;
    const OverheadPreset* preset = overhead_preset(overhead.preset);
    COTENANT_ASSERT(preset);
    if (preset->origin == Origin::defined) continue;
    sentences.push_back("CPU of the server itself in \"" + name +
                        "\": " + std::string(preset->source));
  }
  const bool any_fluid =
      std::any_of(scenario.setups.begin(), scenario.setups.end(),
                  [](const auto& named) { return named.second.machine.scheduler == "fluid"; });
  if (any_fluid) {
    sentences.push_back(
        "CPU is shared as an ideal fluid: real time slices and wake-up delays are left out");
  }
  return sentences;
}

}  // namespace cotenant
