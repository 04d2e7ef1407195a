// SPDX-License-Identifier: Apache-2.0
//
// Physical constants that were fitted to captures of a real application, with what is not known
// about them: what `cotenant calibrate` writes, and what a scenario uses that names the file. A
// file of its own, in canonical form; scenarios/fields_parameters.h is its field table, and
// docs/parameters-format.md describes it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostics.h"

namespace cotenant {

inline constexpr std::int64_t kParametersFormat = 1;

// What a parameter is about; `subject` is what Parameter::of names.
struct ParameterKind {
  std::string_view name;
  std::string_view unit;     // "s", or "factor" of what a preset or the scenario says
  std::string_view subject;  // "preset" of overhead, or "class" of requests
  std::string_view meaning;
};

inline constexpr std::array<ParameterKind, 7> kParameterKinds = {{
    {"overhead_reply", "factor", "preset",
     "the server's own CPU for a request until the client has its reply"},
    {"overhead_after", "factor", "preset", "the server's own CPU for a request after its reply"},
    {"overhead_cold", "factor", "preset",
     "how much more the server's code needs after a pause than back to back"},
    {"demand_cpu", "s", "class", "CPU that the application needs for a request, on average"},
    {"demand_cpu_cv", "factor", "class",
     "its coefficient of variation: standard deviation divided by mean"},
    {"demand_wait", "s", "class",
     "time in which a request holds its worker and computes nothing, on average"},
    {"demand_wait_cv", "factor", "class", "its coefficient of variation"},
}};

// Null where there is none of that name.
const ParameterKind* parameter_kind(std::string_view name);

struct Parameter {
  std::string kind;          // of kParameterKinds
  std::string of;            // which preset or class
  double value = 1;          // the best estimate; > 0
  double low = 1, high = 1;  // interval at the confidence of the set
  std::string origin;        // fitted, measured or preset
  bool identified = true;    // by the captures
  std::string remark;        // why not, and which measurement would tell
  // With all parameters in their order, of natural logarithms.
  std::vector<double> covariance;
  std::vector<double> ensemble;  // its value in each of the fits to resampled captures
  friend bool operator==(const Parameter&, const Parameter&) = default;
};

struct ParameterSet {
  std::string schema;  // key "$schema"; ignored
  std::int64_t format = kParametersFormat;
  std::string description;
  std::vector<std::string> captures;  // what was fitted to, by name
  double confidence = 0.9;            // of all intervals
  // Standard deviation of ln(predicted / captured) of latency percentiles that parameters do not
  // explain; 0: not known.
  double discrepancy = 0;
  std::vector<Parameter> parameters;
  friend bool operator==(const ParameterSet&, const ParameterSet&) = default;

  std::size_t ensemble_size() const {
    return parameters.empty() ? 0 : parameters.front().ensemble.size();
  }
  // The best estimates, or those of one fit of the ensemble.
  std::vector<double> values() const;
  std::vector<double> values(std::size_t member) const;
};

// "overhead_reply of gunicorn-20.1-sync".
std::string name_of(const Parameter& parameter);

// Adds what was fitted apart: its covariances with what is there are 0.
void append(std::vector<Parameter>& parameters, const std::vector<Parameter>& fitted);

// Everything that is wrong with the text, or the set. Never throws for bad input.
Checked<ParameterSet> decode_parameters(std::string_view text);

// In canonical form: decode_parameters(encode(p)) equals p.
std::string encode(const ParameterSet& set);

}  // namespace cotenant
