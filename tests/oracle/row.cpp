// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/oracle/row.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace cotenant::oracle {
namespace {

std::vector<double> values_of(const nlohmann::json& value) {
  if (value.is_array()) return value.get<std::vector<double>>();
  return {value.get<double>()};
}

// The reference simulations do not recommend a length; their own had 12 million requests.
constexpr double kOfReference = 12e6;

// The coverage of "[l, u, coverage]" has a tolerance of its own; those rows are not covered here.
Row row_from(const nlohmann::json& entry) {
  Row row;
  row.id = entry.at("id");
  row.group = entry.at("group");
  row.model = entry.at("model");
  row.metric = entry.at("metric");
  row.params = entry.at("params");
  row.values = values_of(entry.at("value"));
  const nlohmann::json& tolerance = entry.at("tolerance");
  row.relative = tolerance.value("rel", 0.0);
  row.absolute = tolerance.value("abs", 0.0);
  row.completions = tolerance.value(
      "min_completions", entry.at("kind") == "reference-simulation" ? kOfReference : 0.0);
  row.replications = tolerance.value("replications", 0.0);
  row.deterministic = entry.at("kind") == "deterministic";
  return row;
}

}  // namespace

std::vector<Row> read_rows(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  std::vector<Row> rows;
  const nlohmann::json document = nlohmann::json::parse(stream);
  for (const nlohmann::json& entry : document.at("rows")) rows.push_back(row_from(entry));
  return rows;
}

double number_after(const std::string& text, const std::string& word) {
  const std::size_t at = text.find(word);
  if (at == std::string::npos) throw std::runtime_error("no \"" + word + "\" in \"" + text + "\"");
  return std::stod(text.substr(at + word.size()));
}

}  // namespace cotenant::oracle
