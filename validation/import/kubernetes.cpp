// SPDX-License-Identifier: Apache-2.0
//
// Manifests of Kubernetes: Deployment and StatefulSet (apps/v1), and HorizontalPodAutoscaler
// (autoscaling/v2), which is read to be told of.
#include "scenarios/quantity.h"
#include "validation/import/deployment.h"
#include "validation/import/log_time.h"
#include "validation/import/server_command.h"
#include "validation/import/yaml_text.h"

namespace cotenant {
namespace {

// "250m" or "0.25"; in cores.
std::optional<double> cores_of(std::string_view text) {
  const bool milli = text.ends_with('m');
  if (milli) text.remove_suffix(1);
  const auto value = parse_decimal(text, milli ? 1 : 1000);
  return value && *value > 0 && *value <= 4'096'000
             ? std::optional(static_cast<double>(*value) / 1000)
             : std::nullopt;
}

struct Suffix {
  std::string_view text;
  std::int64_t factor;
};

// "64Mi", "128M", "1e9" not.
std::optional<Bytes> memory_of(std::string_view text) {
  constexpr Suffix kSuffixes[] = {{"Ki", std::int64_t{1} << 10},
                                  {"Mi", std::int64_t{1} << 20},
                                  {"Gi", std::int64_t{1} << 30},
                                  {"Ti", std::int64_t{1} << 40},
                                  {"k", 1'000},
                                  {"M", 1'000'000},
                                  {"G", 1'000'000'000},
                                  {"T", 1'000'000'000'000},
                                  {"", 1}};
  for (const Suffix& suffix : kSuffixes) {
    if (!text.ends_with(suffix.text)) continue;
    const auto value =
        parse_decimal(text.substr(0, text.size() - suffix.text.size()), suffix.factor);
    return value && *value > 0 ? std::optional(Bytes(*value)) : std::nullopt;
  }
  return std::nullopt;
}

// One container of a pod.
class Reader {
 public:
  Reader(const YAML::Node& node, DeployedService& service, FindingsOf& findings)
      : node_(node), service_(service), findings_(findings) {}

  void read(const YAML::Node& pod) {
    Container container;
    read_resources("requests", container.requests);
    read_resources("limits", container.limits);
    if (container != Container()) service_.container = container;
    read_probes(pod);
    read_environment();
    read_command();
  }

 private:
  void read_resources(const std::string& kind, Resources& resources) {
    const YAML::Node map = member_at(node_, "resources." + kind);
    if (!map.IsDefined() || !map.IsMap()) return;
    for (const auto& entry : map) {
      const std::string name = scalar(entry.first), text = scalar(entry.second);
      const std::string what = kind + "." + name;
      if (name == "cpu") {
        resources.cpu = cores_of(text);
        resources.cpu ? taken(entry.second, what, text) : ignored(entry.second, what, text);
      } else if (name == "memory") {
        resources.memory = memory_of(text);
        resources.memory ? taken(entry.second, what, text) : ignored(entry.second, what, text);
      } else {
        ignored(entry.second, what, text + ": not simulated");
      }
    }
  }

  void read_probes(const YAML::Node& pod) {
    Probes probes;
    read_probe("startupProbe", probes.startup);
    read_probe("livenessProbe", probes.liveness);
    read_probe("readinessProbe", probes.readiness);
    const YAML::Node grace = member(pod, "terminationGracePeriodSeconds");
    if (const auto value = parse_whole(scalar(grace)); value && *value <= 3600) {
      probes.grace = seconds(*value);
    }
    if (!probes.startup && !probes.liveness && !probes.readiness) return;
    service_.probes = probes;
    findings_.assumed(line_of(node_), service_.name + ".probes",
                      "an answer to a probe costs 1 ms of CPU");
  }

  void read_probe(const char* key, std::optional<Probe>& probe) {
    const YAML::Node map = member(node_, key);
    if (!map.IsDefined() || !map.IsMap()) return;
    Probe read;
    time(map, "initialDelaySeconds", read.initial_delay);
    time(map, "periodSeconds", read.period);
    time(map, "timeoutSeconds", read.timeout);
    count(map, "failureThreshold", read.failure_threshold);
    count(map, "successThreshold", read.success_threshold);
    probe = read;
    taken(map, key, "every " + to_text(read.period));
  }
  static void time(const YAML::Node& map, const char* key, Duration& value) {
    const auto number = parse_whole(scalar(member(map, key)));
    if (number && *number <= 3600) value = seconds(*number);
  }
  static void count(const YAML::Node& map, const char* key, std::int64_t& value) {
    const auto number = parse_whole(scalar(member(map, key)));
    if (number && *number >= 1 && *number <= 1000) value = *number;
  }

  void read_environment() {
    const YAML::Node list = member(node_, "env");
    if (!list.IsDefined() || !list.IsSequence()) return;
    for (const auto& entry : list) {
      if (scalar(member(entry, "name")) != "WEB_CONCURRENCY") continue;
      const std::string text = scalar(member(entry, "value"));
      if (text.empty()) {
        ignored(entry, "WEB_CONCURRENCY", "its value is not in this file");
        continue;
      }
      service_.settings.take("workers",
                             {text, SettingRank::environment, findings_.file(), line_of(entry)},
                             findings_.list());
    }
  }

  void read_command() {
    std::vector<std::string> words = command_words(member(node_, "command"));
    for (std::string& word : command_words(member(node_, "args"))) words.push_back(std::move(word));
    if (words.empty()) return;
    const YAML::Node command = member(node_, "command");
    const std::size_t line = line_of(command.IsDefined() ? command : member(node_, "args"));
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

void read_workload(const YAML::Node& document, std::vector<DeployedService>& services,
                   FindingsOf& findings) {
  const std::string name = scalar(member_at(document, "metadata.name"));
  const YAML::Node pod = member_at(document, "spec.template.spec");
  const YAML::Node containers = member(pod, "containers");
  if (!containers.IsDefined() || !containers.IsSequence()) {
    findings.ignored(line_of(document), name, "has no containers");
    return;
  }
  const YAML::Node replicas = member_at(document, "spec.replicas");
  const auto count = parse_whole(scalar(replicas));
  for (const auto& node : containers) {
    DeployedService& service = services.emplace_back();
    service.name = containers.size() == 1 ? name : scalar(member(node, "name"));
    service.file = findings.file();
    service.line = line_of(node);
    if (count && *count >= 1 && *count <= 1000) {
      service.replicas = *count;
      findings.taken(line_of(replicas), service.name + ".replicas", scalar(replicas));
    }
    Reader(node, service, findings).read(pod);
  }
}

}  // namespace

Checked<std::vector<DeployedService>> read_kubernetes(std::string_view text, FindingsOf findings) {
  const auto documents = parse_yaml(text);
  if (!documents.ok()) return documents.diagnostics();
  std::vector<DeployedService> services;
  for (const YAML::Node& document : *documents) {
    if (!document.IsMap()) continue;
    const std::string kind = scalar(member(document, "kind"));
    if (kind == "Deployment" || kind == "StatefulSet") {
      read_workload(document, services, findings);
    } else if (kind == "HorizontalPodAutoscaler") {
      findings.ignored(
          line_of(document), kind,
          "from " + scalar(member_at(document, "spec.minReplicas")) + " to " +
              scalar(member_at(document, "spec.maxReplicas")) +
              " replicas: autoscaling is not simulated yet, the number of replicas stays");
    } else {
      findings.ignored(line_of(document), kind, "says nothing that a simulation needs");
    }
  }
  if (services.empty()) {
    Diagnostics diagnostics;
    diagnostics.add(
        {"", 0, 0, "has neither a Deployment nor a StatefulSet with containers", "", ""});
    return diagnostics;
  }
  return services;
}

}  // namespace cotenant
