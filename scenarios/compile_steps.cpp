// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_steps.h"

#include <algorithm>

#include "scenarios/application.h"
#include "scenarios/compile_laws.h"
#include "scenarios/compile_retries.h"
#include "scenarios/parameters.h"

namespace cotenant {
namespace {

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
  StepSpec operator()(const CrashStep& crash) const {
    StepSpec spec{StepSpec::Kind::crash, {}};
    spec.probability = crash.probability;
    return spec;
  }
  StepSpec operator()(const HoldStep& step) const { return memory({step.hold, Bytes(0)}); }
  StepSpec operator()(const LeakStep& step) const { return memory({Bytes(0), step.leak}); }
  // An event loop does nothing else meanwhile, which is no time.
  StepSpec operator()(const SendStep&) const { return calls(true); }
  StepSpec operator()(const CallStep& call) const { return calls(call.blocking); }
  StepSpec operator()(const TogetherStep& together) const { return calls(together.blocking); }

  StepSpec operator()(const ReadStep& read) const {
    StepSpec spec = file(FileUse::read, read.read);
    spec.probability = read.cache_hit;
    spec.file.direct = read.direct;
    return spec;
  }
  StepSpec operator()(const WriteStep& write) const {
    StepSpec spec = file(write.direct ? FileUse::write : FileUse::dirty, write.write);
    spec.file.temporary = write.temporary;
    return spec;
  }
  StepSpec operator()(const FsyncStep& fsync) const { return file(FileUse::sync, fsync.fsync); }
  StepSpec operator()(const LogStep& log) const {
    if (log.queued) return file(FileUse::hand_over, log.log);
    return file(log.sync ? FileUse::append : FileUse::dirty, log.log);
  }

  static StepSpec file(FileUse what, const SizeLaw& size) {
    StepSpec spec{StepSpec::Kind::file, Sampler(compile_law(size))};
    spec.file.what = what;
    return spec;
  }
  static StepSpec memory(const MemoryDemand& demand) {
    StepSpec spec{StepSpec::Kind::memory, {}};
    spec.memory = demand;
    return spec;
  }
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

CallSpec compile_send(const SendStep& send) {
  CallSpec spec;
  if (send.retries) spec.sender.retries = compile_retries(*send.retries);
  spec.count = static_cast<std::uint32_t>(send.times);
  spec.parallel = true;
  spec.probability = send.probability;
  spec.is_sent = true;
  return spec;
}

}  // namespace

StepSpec compile_use(const FileStep& use) { return std::visit(DescribeStep{}, use); }

std::uint32_t Columns::index_of(const RecordedLaw& law) {
  const auto found = std::find(columns_.begin(), columns_.end(), law);
  const auto index = static_cast<std::uint32_t>(found - columns_.begin());
  if (found == columns_.end()) columns_.push_back(law);
  return index;
}

// The classes are numbered as compile_workload() makes them.
StepCompiler::StepCompiler(const Scenario& scenario) {
  auto next = static_cast<std::uint32_t>(scenario.workload.requests.size());
  const Named<Service>& application = scenario.application;
  for (std::size_t s = 0; s < application.size(); ++s) {
    const auto& [name, service] = application[s];
    for (const auto& [operation, what] : service.operations) {
      operations_.emplace_back(name + "." + operation, ClassId(next++));
    }
    for (const auto& [class_name, request] : scenario.workload.requests) {
      if (service_of(scenario, request) != &service) continue;
      next += static_cast<std::uint32_t>(operations_behind(application, s, request));
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
  const auto add = [&](CallSpec spec, const std::string& called) {
    spec.name = step_name + "/" + std::to_string(range.count++);
    const auto operation = std::find_if(operations_.begin(), operations_.end(),
                                        [&](const auto& named) { return named.first == called; });
    COTENANT_ASSERT(operation != operations_.end());
    spec.operation = operation->second;
    calls_.push_back(std::move(spec));
  };
  for (const CallStep* call : calls_of(step)) add(compile_call(*call), call->call);
  if (const auto* send = std::get_if<SendStep>(&step)) add(compile_send(*send), send->send);
  return range;
}

// Of all sizes as of their mean.
StepSpec send_file(const SizeLaw& size) {
  const Bytes usual(static_cast<std::int64_t>(mean(compile_law(size)) + 0.5));
  const auto work = static_cast<double>(cpu_of_sending(usual).count());
  return {StepSpec::Kind::cpu, Sampler(law::Constant{work})};
}

StepSpec StepCompiler::pass_on(const std::string& class_name, ClassId first, UpstreamId upstream,
                               Duration timeout) {
  CallSpec call;
  call.name = class_name + "/passed_on";
  call.operation = first;
  call.upstream = upstream;
  call.sender.timeout = timeout;
  StepSpec step{StepSpec::Kind::call, {}};
  step.calls = {calls_.push_back(std::move(call)), 1};
  return step;
}

}  // namespace cotenant
