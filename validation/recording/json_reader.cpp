// SPDX-License-Identifier: Apache-2.0
#include "validation/recording/json_reader.h"

#include <cmath>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace cotenant {
namespace {

// The descriptions of a run are a few kilobytes.
constexpr std::size_t kMostBytes = 1 << 20;

std::string shown(const nlohmann::json& node) {
  constexpr std::size_t kEnough = 40;
  const std::string text = node.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  return text.size() <= kEnough ? text : text.substr(0, kEnough) + "…";
}

}  // namespace

nlohmann::json read_json(const std::filesystem::path& file, Diagnostics& diagnostics) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kMostBytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.eof() && !in) throw std::runtime_error("cannot read " + file.string());
  text.resize(static_cast<std::size_t>(in.gcount()));
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_discarded()) return json;
  diagnostics.add({file.filename().string(), 0, 0, "is not JSON", {}, {}});
  return nullptr;
}

JsonReader::JsonReader(const nlohmann::json& node, std::string place, Diagnostics& diagnostics)
    : node_(node), place_(std::move(place)), diagnostics_(diagnostics) {
  if (!node.is_object()) {
    diagnostics_.add({place_, 0, 0, "must be an object, got " + shown(node), {}, {}});
  }
}

bool JsonReader::flag(const char* key) {
  const nlohmann::json* found = find(key, false);
  if (found == nullptr) return false;
  if (found->is_boolean()) return found->get<bool>();
  if (found->is_number()) return *found != 0;
  problem(key, "true or false");
  return false;
}

double JsonReader::number(const char* key, std::optional<double> fallback) {
  const nlohmann::json* found = find(key, !fallback);
  if (found == nullptr) return fallback.value_or(0);
  if (found->is_number() && std::isfinite(found->get<double>())) return found->get<double>();
  problem(key, "a number");
  return 0;
}

std::int64_t JsonReader::whole(const char* key, std::int64_t low, std::int64_t high,
                               std::optional<std::int64_t> fallback) {
  const nlohmann::json* found = find(key, !fallback);
  if (found == nullptr) return fallback.value_or(low);
  if (found->is_number_integer() && !(found->is_number_unsigned() && *found > high)) {
    const auto value = found->get<std::int64_t>();
    if (value >= low && value <= high) return value;
  }
  problem(key, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return low;
}

std::string JsonReader::text(const char* key, std::optional<std::string> fallback) {
  const nlohmann::json* found = find(key, !fallback);
  if (found == nullptr) return fallback.value_or("");
  if (found->is_string()) return found->get<std::string>();
  problem(key, "a text");
  return {};
}

JsonReader JsonReader::object(const char* key) {
  static const nlohmann::json nothing = nlohmann::json::object();
  const nlohmann::json* found = find(key, false);
  return JsonReader(found != nullptr ? *found : nothing, place_ + "/" + key, diagnostics_);
}

std::vector<JsonReader> JsonReader::array(const char* key) {
  std::vector<JsonReader> elements;
  const nlohmann::json* found = find(key, false);
  if (found == nullptr) return elements;
  if (!found->is_array()) {
    problem(key, "an array");
    return elements;
  }
  for (std::size_t i = 0; i < found->size(); ++i) {
    elements.emplace_back((*found)[i], place_ + "/" + key + "/" + std::to_string(i), diagnostics_);
  }
  return elements;
}

const nlohmann::json* JsonReader::find(const char* key, bool required) {
  if (has(key) && !node_.at(key).is_null()) return &node_.at(key);
  if (required && node_.is_object()) {
    diagnostics_.add({place_ + "/" + key, 0, 0, "is required", {}, {}});
  }
  return nullptr;
}

void JsonReader::problem(const char* key, const std::string& expected) {
  diagnostics_.add({place_ + "/" + key,
                    0,
                    0,
                    "must be " + expected + ", got " + shown(node_.at(key)),
                    expected,
                    {}});
}

}  // namespace cotenant
