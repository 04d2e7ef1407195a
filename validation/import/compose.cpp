// SPDX-License-Identifier: Apache-2.0
//
// docker-compose.yml, by the compose specification of 2026-06: limits under deploy.resources or as
// in version 2, replicas, commands and WEB_CONCURRENCY.
#include <array>
#include <cmath>

#include "scenarios/quantity.h"
#include "validation/import/deployment.h"
#include "validation/import/log_time.h"
#include "validation/import/server_command.h"
#include "validation/import/yaml_text.h"

namespace cotenant {
namespace {

constexpr std::int64_t kNano = 1'000'000'000;

// "512m", "1gb", "1048576": powers of 1024, as Docker counts them.
std::optional<Bytes> bytes_of(std::string_view text) {
  std::size_t digits = text.find_first_not_of("0123456789.");
  if (digits == text.npos) digits = text.size();
  std::string unit;
  for (const char c : text.substr(digits))
    unit += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  std::int64_t factor = 0;
  if (unit.empty() || unit == "b") factor = 1;
  if (unit == "k" || unit == "kb") factor = std::int64_t{1} << 10;
  if (unit == "m" || unit == "mb") factor = std::int64_t{1} << 20;
  if (unit == "g" || unit == "gb") factor = std::int64_t{1} << 30;
  const auto value = factor == 0 ? std::nullopt : parse_decimal(text.substr(0, digits), factor);
  return value && *value > 0 ? std::optional(Bytes(*value)) : std::nullopt;
}

// One service of the file.
class Reader {
 public:
  Reader(const YAML::Node& node, DeployedService& service, FindingsOf& findings)
      : node_(node), service_(service), findings_(findings) {}

  void read() {
    read_replicas();
    read_cpu();
    read_memory();
    read_environment();
    read_command();
    for (const char* key : {"deploy.resources.limits.pids", "cpuset", "blkio_config", "extends",
                            "mem_swappiness", "memswap_limit", "cpu_rt_runtime"}) {
      const YAML::Node found = member_at(node_, key);
      if (found.IsDefined()) ignored(found, key, "is not taken over");
    }
  }

 private:
  // The text of the first of these that is there, with defaults of variables.
  std::string value(std::initializer_list<const char*> keys, YAML::Node& where) {
    for (const char* key : keys) {
      const YAML::Node found = member_at(node_, key);
      const std::string text = scalar(found);
      if (text.empty()) continue;
      where.reset(found);
      const auto filled = interpolated(text);
      if (filled) return *filled;
      ignored(found, key, text + ": a variable that is not known here");
    }
    return "";
  }

  void read_replicas() {
    YAML::Node where;
    const std::string text = value({"deploy.replicas", "scale"}, where);
    if (text.empty()) return;
    const auto count = parse_whole(text);
    if (!count || *count < 1 || *count > 1000) return ignored(where, "replicas", text);
    service_.replicas = *count;
    taken(where, "replicas", text);
  }

  void read_cpu() {
    YAML::Node where;
    const std::string cpus = value({"deploy.resources.limits.cpus", "cpus"}, where);
    if (!cpus.empty()) {
      const auto nano = parse_decimal(cpus, kNano);
      if (!nano || *nano > 4096 * kNano) return ignored(where, "cpus", cpus + " is no number");
      if (*nano == 0) return;  // no limit
      CpuMax limit;
      limit.quota = Duration(*nano / 10);  // of the default period of 100 ms
      service_.cpu_max = limit;
      taken(where, "cpus", cpus + ", as " + to_text(limit.quota) + " of CPU in 100 ms");
    }
    const std::string quota = value({"cpu_quota"}, where);
    if (!quota.empty() && cpus.empty()) {
      const auto us = parse_whole(quota);
      if (!us || *us < 1000 || *us > 400'000'000) return ignored(where, "cpu_quota", quota);
      CpuMax limit;
      limit.quota = microseconds(*us);
      const auto period = parse_whole(value({"cpu_period"}, where));
      if (period && *period >= 1000 && *period <= 1'000'000) limit.period = microseconds(*period);
      service_.cpu_max = limit;
      taken(where, "cpu_quota", to_text(limit.quota) + " in " + to_text(limit.period));
    }
    const std::string shares = value({"cpu_shares"}, where);
    if (const auto number = parse_whole(shares); number && *number >= 2 && *number <= 262'144) {
      service_.cpu_shares = *number;
      taken(where, "cpu_shares", shares);
    }
  }

  void read_memory() {
    YAML::Node where;
    const std::string most = value({"deploy.resources.limits.memory", "mem_limit"}, where);
    if (!most.empty()) {
      service_.memory_max = bytes_of(most);
      service_.memory_max ? taken(where, "memory", most) : ignored(where, "memory", most);
    }
    const std::string low =
        value({"deploy.resources.reservations.memory", "mem_reservation"}, where);
    if (!low.empty()) ignored(where, "memory reservation", low + ": soft, only for placing");
    const std::string cpus = value({"deploy.resources.reservations.cpus"}, where);
    if (!cpus.empty()) ignored(where, "cpus reservation", cpus + ": soft, only for placing");
  }

  // A map, or a list of NAME=value.
  void read_environment() {
    const YAML::Node environment = member(node_, "environment");
    if (!environment.IsDefined()) return;
    constexpr std::string_view kName = "WEB_CONCURRENCY";
    std::string text = scalar(member(environment, std::string(kName)));
    if (environment.IsSequence()) {
      for (const auto& entry : environment) {
        const std::string word = scalar(entry);
        if (word.starts_with(std::string(kName) + "=")) text = word.substr(kName.size() + 1);
      }
    }
    if (text.empty()) return;
    const auto filled = interpolated(text);
    if (!filled) return ignored(environment, std::string(kName), text + ": not known here");
    service_.settings.take(
        "workers", {*filled, SettingRank::environment, findings_.file(), line_of(environment)},
        findings_.list());
  }

  void read_command() {
    std::vector<std::string> words = command_words(member(node_, "entrypoint"));
    const YAML::Node command = member(node_, "command");
    for (std::string& word : command_words(command)) words.push_back(std::move(word));
    for (std::string& word : words) word = interpolated(word).value_or(word);
    const std::size_t line = line_of(command.IsDefined() ? command : member(node_, "entrypoint"));
    if (words.empty()) return;
    if (!read_server_command(words, line, service_.settings, findings_)) {
      findings_.ignored(line, service_.name + ".command",
                        "starts none of gunicorn, uvicorn, hypercorn and uwsgi");
    }
  }

  void taken(const YAML::Node& where, const std::string& what, std::string text) {
    findings_.taken(line_of(where), service_.name + "." + what, std::move(text));
  }
  void ignored(const YAML::Node& where, const std::string& what, std::string text) {
    findings_.ignored(line_of(where), service_.name + "." + what, std::move(text));
  }

  const YAML::Node& node_;
  DeployedService& service_;
  FindingsOf& findings_;
};

}  // namespace

Checked<std::vector<DeployedService>> read_compose(std::string_view text, FindingsOf findings) {
  const auto documents = parse_yaml(text);
  if (!documents.ok()) return documents.diagnostics();
  std::vector<DeployedService> services;
  for (const YAML::Node& document : *documents) {
    for (const char* key : {"include", "secrets", "configs"}) {
      const YAML::Node found = member(document, key);
      if (found.IsDefined()) findings.ignored(line_of(found), key, "other files are not read");
    }
    const YAML::Node map = member(document, "services");
    if (!map.IsDefined() || !map.IsMap()) continue;
    for (const auto& entry : map) {
      DeployedService& service = services.emplace_back();
      service.name = scalar(entry.first);
      service.file = findings.file();
      service.line = line_of(entry.first);
      Reader(entry.second, service, findings).read();
    }
  }
  if (services.empty()) {
    Diagnostics diagnostics;
    diagnostics.add({"", 0, 0, "has no services", "", ""});
    return diagnostics;
  }
  return services;
}

}  // namespace cotenant
