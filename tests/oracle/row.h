// SPDX-License-Identifier: Apache-2.0
//
// One row of validation/data/oracles.json: a model with parameters, a metric in words, its exact
// value and how close an estimate must come. The rows are read as they are; what they mean is the
// models' business.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace cotenant::oracle {

struct Row {
  std::string id;
  std::string group;
  std::string model;
  std::string metric;
  nlohmann::json params;
  std::vector<double> values;  // more than one when the row is a list
  double relative = 0;         // tolerance; 0 when the row has none
  double absolute = 0;
  double completions = 0;   // at least these many are recommended
  double replications = 0;  // of a short experiment
  bool deterministic = false;

  bool has(const char* key) const { return params.contains(key); }
  double number(const char* key) const { return params.at(key).get<double>(); }
  int count(const char* key) const { return params.at(key).get<int>(); }
  std::string text(const char* key) const { return params.at(key).get<std::string>(); }
  bool metric_starts(std::string_view words) const { return metric.rfind(words, 0) == 0; }
  bool model_starts(std::string_view words) const { return model.rfind(words, 0) == 0; }
};

std::vector<Row> read_rows(const std::filesystem::path& file);

// The number after `word` in a text: 4 for "scv" in "lognormal mean 1, scv 4".
double number_after(const std::string& text, const std::string& word);

}  // namespace cotenant::oracle
