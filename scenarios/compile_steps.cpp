// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_steps.h"

#include <algorithm>

#include "scenarios/application.h"
#include "scenarios/compile_laws.h"
#include "scenarios/compile_retries.h"

namespace cotenant {
namespace {

// Of steps that take time.
const DurationLaw* law_of(const Step& step) {
  if (const auto* cpu = std::get_if<CpuStep>(&step)) return &cpu->cpu;
  if (const auto* wait = std::get_if<WaitStep>(&step)) return &wait->wait;
  if (const auto* sleep = std::get_if<SleepStep>(&step)) return &sleep->sleep;
  return nullptr;
}

struct DescribeStep {
  StepSpec operator()(const CpuStep& cpu) const {
    StepSpec spec{StepSpec::Kind::cpu, {}};
    spec.gil = cpu.gil;
    return spec;
  }
  StepSpec operator()(const WaitStep& wait) const {
    StepSpec spec{StepSpec::Kind::wait, {}};
    spec.blocking = wait.blocking;
    return spec;
  }
  StepSpec operator()(const SleepStep&) const { return {StepSpec::Kind::sleep, {}}; }
  StepSpec operator()(const ErrorStep& error) const {
    StepSpec spec{StepSpec::Kind::error, {}};
    spec.probability = error.probability;
    return spec;
  }
  StepSpec operator()(const CallStep& call) const { return calls(call.blocking); }
  StepSpec operator()(const TogetherStep& together) const { return calls(together.blocking); }

  static StepSpec calls(bool blocking) {
    StepSpec spec{StepSpec::Kind::call, {}};
    spec.blocking = blocking;
    return spec;
  }
};

CallSpec compile_call(const CallStep& call) {
  CallSpec spec;
  spec.sender.timeout = call.timeout;
  if (call.retries) spec.sender.retries = compile_retries(*call.retries);
  spec.count = static_cast<std::uint32_t>(call.times);
  spec.parallel = call.parallel;
  spec.probability = call.probability;
  spec.failure_is_ignored = call.on_error == "ignore";
  spec.hedge_after = call.hedge_after;
  return spec;
}

}  // namespace

std::uint32_t Columns::index_of(const RecordedLaw& law) {
  const auto found = std::find(columns_.begin(), columns_.end(), law);
  const auto index = static_cast<std::uint32_t>(found - columns_.begin());
  if (found == columns_.end()) columns_.push_back(law);
  return index;
}

StepCompiler::StepCompiler(const Scenario& scenario)
    : first_operation_(static_cast<std::uint32_t>(scenario.workload.requests.size())) {
  for (const auto& [name, service] : scenario.application) {
    for (const auto& [operation, what] : service.operations) {
      operations_.push_back(name + "." + operation);
    }
  }
}

std::vector<StepSpec> StepCompiler::compile(const std::string& class_name,
                                            const std::vector<Step>& steps, Columns& columns) {
  std::vector<StepSpec> specs;
  for (const Step& step : steps) {
    StepSpec spec = std::visit(DescribeStep{}, step);
    if (const DurationLaw* law = law_of(step)) {
      if (const auto* recorded = std::get_if<RecordedLaw>(&law->kind)) {
        spec.demand = columns.index_of(*recorded);
      } else {
        spec.demand = Sampler(compile_law(*law));
      }
    }
    spec.calls = add_calls(class_name + "/" + std::to_string(specs.size()), step);
    specs.push_back(std::move(spec));
  }
  return specs;
}

CallRange StepCompiler::add_calls(const std::string& step_name, const Step& step) {
  CallRange range{CallSpecId(calls_.size()), 0};
  for (const CallStep* call : calls_of(step)) {
    CallSpec spec = compile_call(*call);
    spec.name = step_name + "/" + std::to_string(range.count++);
    const auto operation = std::find(operations_.begin(), operations_.end(), call->call);
    COTENANT_ASSERT(operation != operations_.end());
    const auto position = static_cast<std::uint32_t>(operation - operations_.begin());
    spec.operation = ClassId(first_operation_ + position);
    calls_.push_back(std::move(spec));
  }
  return range;
}

}  // namespace cotenant
