// SPDX-License-Identifier: Apache-2.0
#include "scenarios/critical_path.h"

#include <algorithm>

#include "scenarios/application.h"
#include "scenarios/compile_laws.h"
#include "sim/random/law.h"

namespace cotenant {
namespace {

constexpr double kSecond = 1e9;  // ns

void add(CriticalPath& path, const std::string& name, double seconds) {
  path.seconds += seconds;
  const auto known = std::find_if(path.parts.begin(), path.parts.end(),
                                  [&](const PathPart& part) { return part.name == name; });
  if (known == path.parts.end()) {
    path.parts.push_back({name, seconds});
  } else {
    known->seconds += seconds;
  }
}

void append(CriticalPath& path, const CriticalPath& other, double times) {
  path.has_recorded = path.has_recorded || other.has_recorded;
  for (const PathPart& part : other.parts) add(path, part.name, part.seconds * times);
}

CriticalPath path_of(const Scenario& scenario, const std::string& name,
                     const std::vector<Step>& steps);

CriticalPath path_of(const Scenario& scenario, const CallStep& call) {
  const OperationName name = split_operation(call.call).value();
  const Service* service = find_named(scenario.application, name.service);
  const Operation* operation = find_named(service->operations, name.operation);
  const double times = call.parallel ? 1 : static_cast<double>(call.times);
  CriticalPath path;
  append(path, path_of(scenario, call.call, operation->steps), times * call.probability);
  return path;
}

struct AddStep {
  const Scenario& scenario;
  const std::string& name;
  CriticalPath& path;

  void operator()(const CpuStep& step) const { own(step.cpu); }
  void operator()(const WaitStep& step) const { own(step.wait); }
  void operator()(const SleepStep& step) const { own(step.sleep); }
  void operator()(const ErrorStep&) const {}
  void operator()(const SendStep&) const {}
  void operator()(const CrashStep&) const {}
  // What the disk needs for it depends on the setup.
  void operator()(const ReadStep&) const {}
  void operator()(const WriteStep&) const {}
  void operator()(const FsyncStep&) const {}
  void operator()(const LogStep&) const {}
  void operator()(const HoldStep&) const {}
  void operator()(const LeakStep&) const {}
  void operator()(const CallStep& step) const { append(path, path_of(scenario, step), 1); }
  void operator()(const TogetherStep& step) const {
    CriticalPath longest;
    for (const CallStep& call : step.together) {
      const CriticalPath other = path_of(scenario, call);
      if (longest.parts.empty() || other.seconds > longest.seconds) longest = other;
    }
    append(path, longest, 1);
  }

  void own(const DurationLaw& law) const {
    if (std::holds_alternative<RecordedLaw>(law.kind)) {
      path.has_recorded = true;
    } else {
      add(path, name, mean(compile_law(law)) / kSecond);
    }
  }
};

CriticalPath path_of(const Scenario& scenario, const std::string& name,
                     const std::vector<Step>& steps) {
  CriticalPath path;
  add(path, name, 0);
  for (const Step& step : steps) std::visit(AddStep{scenario, name, path}, step);
  return path;
}

}  // namespace

CriticalPath critical_path(const Scenario& scenario, const std::string& name,
                           const RequestClass& request) {
  return path_of(scenario, name, request.steps);
}

}  // namespace cotenant
