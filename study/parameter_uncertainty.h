// SPDX-License-Identifier: Apache-2.0
//
// What is not known about fitted parameters, and what no parameter explains, as a part of every
// interval: the same study again with each member of the ensemble, on the same luck.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenarios/apply_parameters.h"
#include "study/report.h"

namespace cotenant {

// "48 % is what is not known about the parameters, 30 % the luck of the runs, 22 % what the model
// leaves out".
std::string shares_text(const UncertaintyParts& parts);

class ParameterUncertainty {
 public:
  // `discrepancy` is that of the ParameterSet, `confidence` that of the intervals to widen.
  ParameterUncertainty(double discrepancy, double confidence)
      : discrepancy_(discrepancy), confidence_(confidence) {}

  // All setups of one member, in the order of the study.
  void add(std::vector<SetupReport> member) { members_.push_back(std::move(member)); }

  // Widens the intervals of the setup's metrics and of those of its classes, and says in a note
  // what would narrow that of its p95 most. A metric without an interval stays without.
  void widen(std::size_t index, SetupReport& setup) const;
  // The same of its differences to the baseline, in which the model's own error cancels.
  void widen_differences(std::size_t index, std::size_t baseline, SetupReport& setup) const;

 private:
  double discrepancy_, confidence_;
  std::vector<std::vector<SetupReport>> members_;
};

// What a report says of the file: what was fitted to, what remained unknown, what is of no use
// here.
std::vector<std::string> sentences_about(const ParameterSet& set, const std::string& file,
                                         const std::vector<bool>& used);

}  // namespace cotenant
