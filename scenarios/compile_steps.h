// SPDX-License-Identifier: Apache-2.0
//
// Steps of request classes and operations: from what was said to what a run looks up.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/workload/source.h"
#include "scenarios/scenario.h"

namespace cotenant {

// Recorded demands of the classes of one source: each distinct one is a column of its trace.
class Columns {
 public:
  std::uint32_t index_of(const RecordedLaw& law);
  const std::vector<RecordedLaw>& all() const { return columns_; }

 private:
  std::vector<RecordedLaw> columns_;
};

// What nginx does for a file that it sends by itself.
StepSpec send_file(const SizeLaw& size);

// What a neighbor does with files.
StepSpec compile_use(const FileStep& use);

class StepCompiler {
 public:
  // The scenario has been checked.
  explicit StepCompiler(const Scenario& scenario);

  std::vector<StepSpec> compile(const std::string& class_name, const std::vector<Step>& steps,
                                Columns& columns);
  // The only step of a request that a proxy passes on to the servers behind it.
  StepSpec pass_on(const std::string& class_name, ClassId first, UpstreamId upstream,
                   Duration timeout);
  IdVector<CallSpecId, CallSpec> take_calls() { return std::move(calls_); }

 private:
  CallRange add_calls(const std::string& step_name, const Step& step);

  std::vector<std::pair<std::string, ClassId>> operations_;
  IdVector<CallSpecId, CallSpec> calls_;
};

}  // namespace cotenant
