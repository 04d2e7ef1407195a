// SPDX-License-Identifier: Apache-2.0
#include "study/trace_rows.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cotenant {
namespace {

using Rows = std::vector<TraceRecordRow>;
using RecordKind = TraceRecordRow::Kind;

// Names in the order in which they come, each once: "web, database".
class Names {
 public:
  void add(const std::string& name) {
    if (name.empty() || std::find(names_.begin(), names_.end(), name) != names_.end()) return;
    names_.push_back(name);
  }
  std::string text() const {
    std::string text;
    for (const std::string& name : names_) text += (text.empty() ? "" : ", ") + name;
    return text;
  }

 private:
  std::vector<std::string> names_;
};

ServiceId service_of(const Blueprint& blueprint, TaskRef task) {
  const TaskOwner owner = blueprint.owner(task);
  switch (owner.kind) {
    case TaskOwner::Kind::gthread_main:
    case TaskOwner::Kind::gthread_pool:
    case TaskOwner::Kind::event_loop:
    case TaskOwner::Kind::loop_pool:
    case TaskOwner::Kind::follower:
      return blueprint.processes[blueprint.threads[ThreadId(owner.id)].process].service;
    case TaskOwner::Kind::neighbor:
    case TaskOwner::Kind::virtual_cpu:
    case TaskOwner::Kind::log_daemon:
      return ServiceId::none();
    default:
      return blueprint.workers[WorkerId(owner.id)].service;
  }
}

std::string machine_name(const MachineSpec& machine) {
  return machine.name.empty() ? "the machine" : machine.name;
}

// The groups around the task that have a limit.
std::string limits_around(const MachineSpec& machine, TaskId task) {
  Names names;
  GroupId group = machine.cpu.tasks[task].group;
  for (; !group.is_none(); group = machine.cpu.groups[group].parent) {
    if (!machine.cpu.groups[group].bandwidth) continue;
    const std::string& name = machine.group_names[group];
    names.add(name.empty() ? machine_name(machine) : name);
  }
  return names.text();
}

// One row of the record, in front of the others.
struct Row {
  const Blueprint& blueprint;
  const Rows& rows;
  std::size_t index;
  Instant start;  // of the request

  const TraceRecordRow& record() const { return rows[index]; }
  double seconds(Instant at) const { return in_seconds(at - start); }

  // What it waited for then. Calls begin when their caller begins to wait for them: one that was
  // under way has passed its account on, and those are meant that it made itself.
  void add_calls(std::size_t caller, const TracePiece& piece, Names& names) const {
    for (std::size_t i = 1; i < rows.size(); ++i) {
      if (rows[i].kind != RecordKind::call || rows[i].parent != caller) continue;
      if (rows[i].end <= piece.begin || rows[i].begin >= piece.begin + piece.length) continue;
      if (rows[i].begin < piece.begin) {
        add_calls(i, piece, names);
      } else {
        names.add(blueprint.classes[rows[i].request_class].name);
      }
    }
  }

  std::string called_in(const TracePiece& piece) const {
    Names names;
    add_calls(index, piece, names);
    return names.text();
  }

  std::string held_by(const TracePiece& piece) const {
    if (piece.state == WaitState::downstream) return called_in(piece);
    if (piece.task.machine.is_none()) return "";
    const MachineSpec& machine = blueprint.machines[piece.task.machine];
    switch (piece.state) {
      case WaitState::throttled:
        return limits_around(machine, piece.task.task);
      case WaitState::run_queue:
      case WaitState::stolen:
        return machine_name(machine);
      default:
        return "";
    }
  }

  std::string service(const TracePiece& piece) const {
    ServiceId service =
        piece.task.machine.is_none() ? ServiceId::none() : service_of(blueprint, piece.task);
    if (service.is_none()) service = blueprint.classes[record().request_class].service;
    return service.is_none() ? "" : blueprint.services[service].name;
  }

  TraceSpan span(const TracePiece& piece) const {
    return {.begin = seconds(piece.begin),
            .end = seconds(piece.begin + piece.length),
            .state = piece.state,
            .service = service(piece),
            .by = held_by(piece),
            .booking = piece.booking};
  }

  TraceRow shown(std::size_t parent) const {
    constexpr std::array kKinds = {TraceRow::Kind::request, TraceRow::Kind::attempt,
                                   TraceRow::Kind::call};
    TraceRow row;
    row.kind = kKinds[static_cast<std::size_t>(record().kind)];
    row.parent = parent;
    row.name = blueprint.classes[record().request_class].name;
    row.begin = seconds(record().begin);
    row.end = seconds(record().end);
    row.outcome = record().outcome;
    for (const TracePiece& piece : record().pieces) row.spans.push_back(span(piece));
    return row;
  }
};

// Each row before what is below it, and those below one in the order in which they began.
void add_with_what_is_below(const Row& row, std::size_t parent, std::vector<TraceRow>& shown) {
  const std::size_t at = shown.size();
  shown.push_back(row.shown(parent));
  std::vector<std::size_t> below;
  for (std::size_t i = 1; i < row.rows.size(); ++i) {
    if (row.rows[i].parent == row.index) below.push_back(i);
  }
  std::stable_sort(below.begin(), below.end(), [&](std::size_t a, std::size_t b) {
    return row.rows[a].begin < row.rows[b].begin;
  });
  for (const std::size_t i : below) {
    add_with_what_is_below({row.blueprint, row.rows, i, row.start}, at, shown);
  }
}

// By state, the longest first.
std::vector<TraceShare> shares_of(const TraceRow& request, const WaitTimes& account) {
  std::vector<TraceShare> shares;
  for (std::size_t s = 0; s < kWaitStates; ++s) {
    if (account[s].is_zero()) continue;
    TraceShare share{static_cast<WaitState>(s), in_seconds(account[s]), 0, ""};
    Names names;
    for (const TraceSpan& span : request.spans) {
      if (span.state != share.state) continue;
      ++share.times;
      names.add(span.by);
    }
    share.by = names.text();
    shares.push_back(std::move(share));
  }
  std::stable_sort(shares.begin(), shares.end(),
                   [](const TraceShare& a, const TraceShare& b) { return a.seconds > b.seconds; });
  return shares;
}

}  // namespace

TracedRequest trace_of(const Blueprint& blueprint, const TraceRecord& record) {
  const TraceRecordRow& request = record.rows.front();
  TracedRequest traced;
  traced.source = blueprint.sources[record.key.source].name;
  traced.request_class = blueprint.classes[request.request_class].name;
  traced.ordinal = record.key.ordinal;
  traced.arrival = in_seconds(request.begin - Instant());
  traced.latency = in_seconds(request.end - request.begin);
  traced.outcome = request.outcome;
  traced.attempts = record.attempts;
  traced.rows_left_out = record.rows_left_out;
  add_with_what_is_below({blueprint, record.rows, 0, request.begin}, 0, traced.rows);
  traced.shares = shares_of(traced.rows.front(), record.account);
  return traced;
}

}  // namespace cotenant
