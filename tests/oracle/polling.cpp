// SPDX-License-Identifier: Apache-2.0
//
// A server that visits several queues in turn, or takes a vacation whenever it finds its only queue
// empty: a poller. A switchover is the time of a visit, before it takes what is there. One model
// time unit is one second.
#include <string>

#include "tests/oracle/estimators.h"
#include "tests/oracle/models.h"
#include "tests/oracle/scenario_parts.h"

namespace cotenant::oracle {
namespace {

Json law_in(const Row& row, const char* key) {
  const std::string words = row.text(key);
  const bool has_mean = words.find("mean") != std::string::npos;
  return law_of(words, number_after(words, has_mean ? "mean" : "deterministic"));
}

// The wait is the latency less the time of the task.
Parts mean_wait_at(const Row& row, const Pieces& pieces, double rate) {
  const double served = number_after(row.text("service"), "mean");
  return only({{scenario(row.model, pieces), steady(row.completions, rate), {}},
               of(Metric::latency_mean, 1, served),
               ""});
}

// Many visits take no time and find nothing: a vacation is the pause after such a visit.
Parts vacations(const Row& row) {
  Pieces pieces;
  pieces.requests["job"] = request(poisson(row.number("lambda")), cpu(law_in(row, "service")));
  pieces.application["poller"] = {
      {"server", "poller"}, {"take", "exhaustive"}, {"pause", law_in(row, "vacation")}};
  pieces.machine = machine(1, "fifo");
  return mean_wait_at(row, pieces, row.number("lambda"));
}

// It goes on from queue to queue even if all are empty.
Parts symmetric(const Row& row, const char* take) {
  const int queues = row.count("queues");
  const double rate = row.number("lambda_each");
  Pieces pieces;
  Json& poller = pieces.application["poller"];
  poller = {{"server", "poller"}, {"take", take}, {"visit", law_in(row, "switchover")}};
  for (int q = 1; q <= queues; ++q) {
    const std::string name = std::to_string(q);
    poller["queues"].push_back(name);
    pieces.requests["job" + name] = request(poisson(rate), cpu(law_in(row, "service")));
    pieces.requests["job" + name]["queue"] = name;
  }
  pieces.machine = machine(1, "fifo");
  return mean_wait_at(row, pieces, queues * rate);
}

}  // namespace

Parts polling(const Row& row) {
  if (row.metric != "mean wait") return {};
  if (row.model == "M/G/1 multiple vacations") return vacations(row);
  if (row.model == "symmetric polling, exhaustive") return symmetric(row, "exhaustive");
  if (row.model == "symmetric polling, gated") return symmetric(row, "gated");
  return {};
}

}  // namespace cotenant::oracle
