// SPDX-License-Identifier: Apache-2.0
#include "scenarios/apply_parameters.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <variant>

#include "scenarios/compile_laws.h"
#include "scenarios/overhead_phases.h"
#include "scenarios/parameters.h"
#include "scenarios/scale_law.h"
#include "sim/random/sampler.h"

namespace cotenant {
namespace {

// --- Overhead

// What a preset's costs are multiplied with.
struct OverheadFactors {
  double reply = 1, after = 1, cold = 1;
};

// Nobody waits for these: the client has its reply.
bool is_after_reply(ServerPhase phase) {
  return phase == ServerPhase::finish || phase == ServerPhase::keep;
}

PhaseCost scaled(PhaseCost cost, double factor, double cold) {
  const double hot = static_cast<double>(cost.hot.count()) * factor;
  const double excess = static_cast<double>(cost.cold.count() - cost.hot.count()) * factor * cold;
  return {CpuTime(duration_from_nanoseconds(hot).count()),
          CpuTime(duration_from_nanoseconds(std::max(hot + excess, 0.0)).count())};
}

template <class AnyOverhead>
void scale(AnyOverhead& overhead, const OverheadFactors& factors) {
  const OverheadSpec& preset = overhead_preset(overhead.preset)->overhead;
  for_each_phase(overhead, [&](ServerPhase phase, std::optional<PhaseCost>& cost) {
    const PhaseCpu& usual = preset[phase];
    const double factor = is_after_reply(phase) ? factors.after : factors.reply;
    cost = scaled(cost.value_or(PhaseCost{usual.hot, usual.cold}), factor, factors.cold);
  });
}

// Of the application's servers with that preset; false where there is none.
bool scale_overheads(Scenario& scenario, const std::string& preset,
                     const OverheadFactors& factors) {
  bool found = false;
  for (auto& [name, service] : scenario.application) {
    std::visit(
        [&](auto& server) {
          if constexpr (requires { server.overhead.preset; }) {
            if (server.overhead.preset != preset) return;
            found = true;
            scale(server.overhead, factors);
          }
        },
        service.server);
  }
  return found;
}

// --- Demands

DurationLaw* cpu_of(Step& step) {
  auto* cpu = std::get_if<CpuStep>(&step);
  return cpu == nullptr ? nullptr : &cpu->cpu;
}
DurationLaw* wait_of(Step& step) {
  if (auto* wait = std::get_if<WaitStep>(&step)) return &wait->wait;
  auto* sleep = std::get_if<SleepStep>(&step);
  return sleep == nullptr ? nullptr : &sleep->sleep;
}

using LawOf = DurationLaw* (*)(Step&);

// Those that a law says, not a recording.
std::vector<DurationLaw*> laws_of(RequestClass& request, LawOf law_of) {
  std::vector<DurationLaw*> laws;
  for (Step& step : request.steps) {
    DurationLaw* law = law_of(step);
    if (law != nullptr && !std::holds_alternative<RecordedLaw>(law->kind)) laws.push_back(law);
  }
  return laws;
}

double mean_of(const DurationLaw& law) { return mean(compile_law(law)); }

bool set_mean(RequestClass& request, LawOf law_of, double seconds) {
  const std::vector<DurationLaw*> laws = laws_of(request, law_of);
  double sum = 0;
  for (const DurationLaw* law : laws) sum += mean_of(*law);
  if (!(sum > 0)) return false;
  for (DurationLaw* law : laws) *law = scale_law(*law, seconds * 1e9 / sum);
  return true;
}

bool set_cv(RequestClass& request, LawOf law_of, double cv) {
  const std::vector<DurationLaw*> laws = laws_of(request, law_of);
  for (DurationLaw* law : laws) {
    law->kind = LognormalLaw{duration_from_nanoseconds(mean_of(*law)), cv};
  }
  return !laws.empty();
}

bool change_class(Scenario& scenario, const Parameter& parameter, double value) {
  const bool is_wait = parameter.kind.starts_with("demand_wait");
  const bool is_cv = parameter.kind.ends_with("_cv");
  for (auto& [name, request] : scenario.workload.requests) {
    if (name != parameter.of) continue;
    const LawOf law_of = is_wait ? wait_of : cpu_of;
    return is_cv ? set_cv(request, law_of, value) : set_mean(request, law_of, value);
  }
  return false;
}

double OverheadFactors::*factor_of(const std::string& kind) {
  if (kind == "overhead_reply") return &OverheadFactors::reply;
  return kind == "overhead_after" ? &OverheadFactors::after : &OverheadFactors::cold;
}

}  // namespace

ParametrizedScenario with_parameters(Scenario scenario, const ParameterSet& set,
                                     const std::vector<double>& values) {
  ParametrizedScenario result{std::move(scenario), std::vector<bool>(set.parameters.size(), false)};
  result.scenario.parameters.clear();
  for (std::size_t i = 0; i < set.parameters.size(); ++i) {
    const Parameter& parameter = set.parameters[i];
    if (parameter_kind(parameter.kind)->subject == "class") {
      result.used[i] = change_class(result.scenario, parameter, values[i]);
    } else {
      OverheadFactors factors;
      factors.*factor_of(parameter.kind) = values[i];
      result.used[i] = scale_overheads(result.scenario, parameter.of, factors);
    }
  }
  return result;
}

Checked<std::optional<ParameterSet>> parameters_of(const Scenario& scenario,
                                                   const std::filesystem::path& directory) {
  if (scenario.parameters.empty()) return std::optional<ParameterSet>();
  const std::filesystem::path path = directory / scenario.parameters;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || !text) throw std::runtime_error("cannot read " + path.string());
  Checked<ParameterSet> set = decode_parameters(text.str());
  if (set.ok()) return std::optional(std::move(set).value());
  Diagnostics problems;
  for (Diagnostic problem : set.diagnostics()) {
    problem.message = scenario.parameters + problem.pointer + " " + problem.message;
    problem.pointer = "/parameters";
    problems.add(std::move(problem));
  }
  return problems;
}

}  // namespace cotenant
