// SPDX-License-Identifier: Apache-2.0
//
// One function for each part of the Report, in the order of the text. Keys are the members' names.
#include "study/writers/write_json.h"

#include "study/writers/format.h"
#include "study/writers/json_report.h"
#include "study/writers/write_timeline.h"

namespace cotenant {
namespace {

constexpr auto kCompact = JsonText::Style::compact;

void write(JsonText& json, const MetricValue& metric) {
  json.begin_object(kCompact);
  json.member("value", metric.value);
  json.member("low", metric.low);
  json.member("high", metric.high);
  if (!metric.why.empty()) json.member("why", metric.why);
  if (metric.parts) {
    json.key("uncertainty");
    json.begin_object(kCompact);
    json.member("parameters", metric.parts->parameters);
    json.member("simulation", metric.parts->simulation);
    json.member("discrepancy", metric.parts->discrepancy);
    json.end_object();
  }
  json.end_object();
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::met:
      return "met";
    case Verdict::missed:
      return "missed";
    case Verdict::cannot_run:
      return "cannot_run";
    case Verdict::cannot_tell:
      break;
  }
  return "cannot_tell";
}

void write(JsonText& json, const Metrics& metrics) {
  json.key("metrics");
  json.begin_object();
  for (const MetricInfo& entry : kMetricTable) {
    json.key(entry.key);
    write(json, at(metrics, entry.metric));
  }
  json.end_object();
}

namespace {

void write(JsonText& json, const std::optional<WaitBreakdown>& breakdown) {
  if (!breakdown) return json.null();
  json.begin_object();
  json.member("latency", breakdown->latency);
  json.member("requests", breakdown->requests);
  json.key("states");
  json.begin_object();
  for (std::size_t i = 0; i < kWaitStates; ++i) {
    json.member(kWaitStateNames[i], breakdown->states[i]);
  }
  json.end_object();
  json.end_object();
}

void write(JsonText& json, const WaitBreakdowns& breakdowns) {
  json.key("wait_states");
  json.begin_object();
  json.key("mean");
  write(json, breakdowns.mean);
  json.key("p50");
  write(json, breakdowns.p50);
  json.key("p99");
  write(json, breakdowns.p99);
  json.end_object();
}

void write(JsonText& json, std::string_view key, const OutcomeCounts& counts) {
  json.key(key);
  json.begin_object(kCompact);
  for (std::size_t i = 0; i < kOutcomes; ++i) json.member(kOutcomeNames[i], counts[i]);
  json.end_object();
}

void write(JsonText& json, const ObjectiveReport& objective) {
  json.begin_object();
  json.member("text", objective.text);
  json.member("metric", info(objective.metric).key);
  json.key("class");
  if (objective.request_class.empty()) {
    json.null();
  } else {
    json.value(objective.request_class);
  }
  json.member("below", objective.below);
  json.member("above", objective.above);
  json.member("verdict", to_string(objective.verdict));
  json.member("reason", objective.reason);
  json.member("met_in", objective.met_in);
  json.member("judged_in", objective.judged_in);
  json.end_object();
}

void write(JsonText& json, const std::vector<Difference>& differences) {
  json.key("differences");
  json.begin_object();
  for (const Difference& difference : differences) {
    json.key(info(difference.metric).key);
    write(json, difference.value);
  }
  json.end_object();
}

void write(JsonText& json, const std::optional<Spread>& spread) {
  json.key("latency_p95_spread");
  if (!spread) return json.null();
  json.begin_object(kCompact);
  json.member("best", spread->best);
  json.member("median", spread->median);
  json.member("bad", spread->bad);
  json.member("worst", spread->worst);
  json.member("replications", spread->replications);
  json.end_object();
}

void write(JsonText& json, const std::optional<HourlySpread>& spread) {
  json.key("latency_p95_hours");
  if (!spread) return json.null();
  json.begin_object(kCompact);
  json.member("best", spread->best);
  json.member("median", spread->median);
  json.member("worst", spread->worst);
  json.member("worst_hour", spread->worst_hour);
  json.member("worst_failed", spread->worst_failed);
  json.member("hours", spread->hours);
  json.end_object();
}

void write(JsonText& json, const std::vector<FailureCount>& failures) {
  json.key("failures");
  json.begin_array();
  for (const FailureCount& failure : failures) {
    json.begin_object(kCompact);
    json.member("outcome", to_string(failure.outcome));
    json.key("held_by");
    if (failure.held_by) {
      json.value(to_string(*failure.held_by));
    } else {
      json.null();
    }
    json.member("requests", failure.requests);
    json.end_object();
  }
  json.end_array();
}

void write(JsonText& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key);
  json.begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void write(JsonText& json, const std::vector<ContainerReport>& containers) {
  if (containers.empty()) return;
  json.key("containers");
  json.begin_array();
  for (const ContainerReport& container : containers) {
    json.begin_object(kCompact);
    json.member("service", container.service);
    json.member("qos_class", container.qos_class);
    json.member("weight", container.weight);
    json.member("cores", container.cores);
    json.member("memory", container.memory);
    json.member("oom_score_adj", container.oom_score_adj);
    json.end_object();
  }
  json.end_array();
}

void write(JsonText& json, const std::optional<Price>& price) {
  json.key("price");
  if (!price) return json.null();
  json.begin_object(kCompact);
  json.member("currency", price->currency);
  json.member("cents_per_month", price->cents_per_month);
  json.member("per_million_requests", price->per_million_requests);
  json.member("surplus_cents", price->surplus_cents);
  json.member("surplus_unknown", price->surplus_unknown);
  json.end_object();
}

void write(JsonText& json, const PlanReport& plan) {
  json.begin_object();
  json.member("name", plan.name);
  json.member("provider", plan.provider);
  json.member("as_of", plan.as_of);
  write(json, "not_included", plan.not_included);
  json.member("isolation", plan.isolation);
  json.member("effort", plan.effort);
  json.member("scaling", plan.scaling);
  json.end_object();
}

void write_plans(JsonText& json, const SetupReport& setup) {
  json.key("plan");
  setup.plan ? write(json, *setup.plan) : json.null();
  if (setup.replicas > 1) json.member("replicas", setup.replicas);
  if (setup.node_plans.empty()) return;
  json.key("node_plans");
  json.begin_object();
  for (const auto& [node, plan] : setup.node_plans) {
    json.key(node);
    write(json, plan);
  }
  json.end_object();
}

void write(JsonText& json, const std::optional<SessionCounts>& sessions) {
  json.key("sessions");
  if (!sessions) return json.null();
  json.begin_object(kCompact);
  json.member("started", sessions->started);
  json.member("completed", sessions->completed);
  json.member("lost", sessions->lost);
  json.member("reconnects", sessions->reconnects);
  json.end_object();
}

void write(JsonText& json, const StabilityReport& stability) {
  json.key("stability");
  json.begin_object(kCompact);
  json.member("stable", stability.stable);
  json.member("growth_per_second", stability.growth_per_second);
  json.member("seconds_to_overflow", stability.seconds_to_overflow);
  json.end_object();
}

void write_latency_cdf(JsonText& json, const std::vector<std::pair<double, double>>& points) {
  json.key("latency_cdf");
  json.begin_array();
  for (const auto& [probability, latency] : points) {
    json.begin_array(kCompact);
    json.value(probability);
    json.value(latency);
    json.end_array();
  }
  json.end_array();
}

void write(JsonText& json, const std::optional<GroupMemory>& memory) {
  if (!memory) return json.null();
  json.begin_object(kCompact);
  json.member("limit", memory->limit);
  json.member("mean", memory->mean);
  json.member("peak", memory->peak);
  json.member("oom_kills", memory->oom_kills);
  json.member("cache_mean", memory->cache_mean);
  json.member("swap_mean", memory->swap_mean);
  json.member("pressure_some", memory->pressure_some);
  json.member("pressure_full", memory->pressure_full);
  json.member("above_limit", memory->above_limit);
  json.end_object();
}

void write(JsonText& json, const std::optional<FirstOomKill>& kill) {
  json.key("first_oom_kill");
  if (!kill) return json.null();
  json.begin_object(kCompact);
  json.member("at", kill->at);
  json.member("machine", kill->machine);
  json.member("group", kill->group);
  json.member("service", kill->service);
  json.member("replications", kill->replications);
  json.end_object();
}

void write(JsonText& json, const GroupCounters& group) {
  json.begin_object(kCompact);
  json.member("name", group.name);
  json.member("usage", group.usage);
  json.member("nr_periods", group.nr_periods);
  json.member("nr_throttled", group.nr_throttled);
  json.member("throttled_time", group.throttled_time);
  json.member("nr_bursts", group.nr_bursts);
  json.member("burst_time", group.burst_time);
  json.member("run_queue_wait", group.run_queue_wait);
  json.member("pressure_some", group.pressure_some);
  if (const auto& credits = group.credits) {
    json.key("credits");
    json.begin_object(kCompact);
    json.member("most", credits->most);
    json.member("least", credits->least);
    json.member("end", credits->end);
    json.end_object();
  }
  json.key("memory");
  write(json, group.memory);
  json.end_object();
}

void write(JsonText& json, const DiskCounters& disk) {
  json.key("disk");
  json.begin_object(kCompact);
  json.member("busy", disk.busy);
  json.member("reads", disk.reads);
  json.member("writes", disk.writes);
  json.member("read_bytes", disk.read_bytes);
  json.member("written_bytes", disk.written_bytes);
  json.member("throttled", disk.throttled);
  json.member("queued", disk.queued);
  json.member("served", disk.served);
  json.end_object();
}

void write(JsonText& json, const LogCounters& log) {
  json.key("log");
  json.begin_object(kCompact);
  json.member("lines", log.lines);
  json.member("lost", log.lost);
  json.end_object();
}

void write_counters(JsonText& json, const SetupReport& setup) {
  json.member("observed", setup.observed);
  json.key("machines");
  json.begin_array();
  for (const MachineCounters& machine : setup.machines) {
    json.begin_object();
    json.member("name", machine.name);
    json.member("cores", std::uint64_t{machine.cores});
    json.member("steal", machine.steal);
    json.key("groups");
    json.begin_array();
    for (const GroupCounters& group : machine.groups) write(json, group);
    json.end_array();
    if (machine.disk) write(json, *machine.disk);
    if (machine.log) write(json, *machine.log);
    json.end_object();
  }
  json.end_array();
  json.key("services");
  json.begin_array();
  for (const ServiceCounters& service : setup.services) {
    json.begin_object(kCompact);
    json.member("name", service.name);
    json.member("worker_restarts", service.worker_restarts);
    json.member("worker_timeouts", service.worker_timeouts);
    json.member("workers_lost", service.workers_lost);
    json.member("tasks_redelivered", service.tasks_redelivered);
    json.member("oom_kills", service.oom_kills);
    json.member("outages", service.outages);
    json.member("down", service.down);
    json.member("cold_starts", service.cold_starts);
    json.end_object();
  }
  json.end_array();
  write(json, setup.first_oom_kill);
}

void write(JsonText& json, const OperationReport& operation) {
  json.begin_object();
  json.member("name", operation.name);
  json.member("calls_per_request", operation.calls_per_request);
  write(json, operation.metrics);
  json.key("wait_states");
  write(json, operation.wait_states);
  write(json, "outcomes", operation.outcomes);
  write(json, "attempts", operation.attempts);
  json.end_object();
}

void write(JsonText& json, const SetupReport& setup) {
  json.begin_object();
  json.member("name", setup.name);
  json.member("description", setup.description);
  write(json, setup.price);
  write_plans(json, setup);
  write(json, setup.containers);
  write(json, "cannot_run", setup.cannot_run);
  write(json, setup.stability);
  write(json, setup.metrics);
  write(json, setup.wait_states);
  write(json, "outcomes", setup.outcomes);
  write(json, "attempts", setup.attempts);
  write(json, setup.sessions);
  json.key("classes");
  json.begin_array();
  for (const ClassReport& entry : setup.classes) {
    json.begin_object();
    json.member("name", entry.name);
    write(json, entry.metrics);
    write(json, "outcomes", entry.outcomes);
    write(json, "attempts", entry.attempts);
    json.end_object();
  }
  json.end_array();
  json.key("operations");
  json.begin_array();
  for (const OperationReport& entry : setup.operations) write(json, entry);
  json.end_array();
  json.key("objectives");
  json.begin_array();
  for (const ObjectiveReport& objective : setup.objectives) write(json, objective);
  json.end_array();
  write(json, setup.differences);
  json.member("boxes_differ", setup.boxes_differ);
  write(json, setup.latency_p95_spread);
  write(json, setup.latency_p95_hours);
  write(json, setup.failures);
  json.member("failures_visible", setup.failures_visible);
  write_counters(json, setup);
  write(json, "notes", setup.notes);
  write_latency_cdf(json, setup.latency_cdf);
  if (setup.timeline) {
    json.key("timeline");
    write(json, *setup.timeline);
  }
  json.end_object();
}

void write(JsonText& json, const Provenance& provenance, const JsonOptions& options) {
  json.key("provenance");
  json.begin_object();
  json.member("scenario_hash", hex16(provenance.scenario_hash));
  if (provenance.parameters_hash) {
    json.member("parameters_hash", hex16(*provenance.parameters_hash));
  }
  json.member("seed", provenance.seed);
  json.member("replications", provenance.replications);
  json.member("warmup", provenance.warmup);
  json.member("warmup_reliable", provenance.warmup_reliable);
  json.member("horizon", provenance.horizon);
  json.member("confidence", provenance.confidence);
  json.member("events", provenance.events);
  json.member("censored", provenance.censored);
  json.member("fingerprint", hex16(provenance.fingerprint));
  json.member("complete", provenance.complete);
  if (!provenance.complete) json.member("incomplete_because", provenance.incomplete_because);
  if (options.with_build) json.member("build", provenance.build);
  json.end_object();
}

}  // namespace

void write(JsonText& json, const Report& report, const JsonOptions& options) {
  json.begin_object();
  json.member("format", kReportFormat);
  json.member("name", report.name);
  json.member("description", report.description);
  json.key("setups");
  json.begin_array();
  for (const SetupReport& setup : report.setups) write(json, setup);
  json.end_array();
  json.member("baseline", report.baseline);
  write(json, "notes", report.notes);
  write(json, report.provenance, options);
  json.end_object();
}

std::string write_json(const Report& report, const JsonOptions& options) {
  JsonText json;
  write(json, report, options);
  return json.take() + "\n";
}

std::string write_json(const std::vector<Report>& reports, const JsonOptions& options) {
  JsonText json;
  json.begin_array();
  for (const Report& report : reports) write(json, report, options);
  json.end_array();
  return json.take() + "\n";
}

}  // namespace cotenant
