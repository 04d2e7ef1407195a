// SPDX-License-Identifier: Apache-2.0
//
// Typed members of a JSON object, with a diagnostic that names the file and the place for each one
// that is missing or of another type. Keys that are not asked for are ignored: a recording holds
// more than a comparison needs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "sim/base/diagnostics.h"

namespace cotenant {

// Null, with a diagnostic, when the text is not JSON. Throws std::runtime_error when the file
// cannot be read.
nlohmann::json read_json(const std::filesystem::path& file, Diagnostics& diagnostics);

class JsonReader {
 public:
  // `place` is for diagnostics: "experiment.json".
  JsonReader(const nlohmann::json& node, std::string place, Diagnostics& diagnostics);

  bool has(const char* key) const { return node_.is_object() && node_.contains(key); }
  bool has_text(const char* key) const { return has(key) && node_.at(key).is_string(); }

  // False where the key is absent.
  bool flag(const char* key);
  // The fallback where the key is absent; without one, that is a problem.
  double number(const char* key, std::optional<double> fallback = std::nullopt);
  std::int64_t whole(const char* key, std::int64_t low, std::int64_t high,
                     std::optional<std::int64_t> fallback = std::nullopt);
  std::string text(const char* key, std::optional<std::string> fallback = std::nullopt);

  // An empty object where the key is absent.
  JsonReader object(const char* key);
  // Its elements; none where the key is absent.
  std::vector<JsonReader> array(const char* key);

 private:
  const nlohmann::json* find(const char* key, bool required);
  void problem(const char* key, const std::string& expected);

  const nlohmann::json& node_;
  std::string place_;
  Diagnostics& diagnostics_;
};

}  // namespace cotenant
