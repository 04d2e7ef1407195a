// SPDX-License-Identifier: Apache-2.0
//
// The columns of the files of a bundle, format 1: one list for the header, the writer and the
// reader. A column whose value is optional may be missing or empty. docs/bundle-format.md explains
// each, and a test compares.
#pragma once

#include <cstdint>

#include "validation/capture/capture.h"

namespace cotenant {

inline constexpr const char* kManifestFile = "manifest.json";
inline constexpr const char* kClassesFile = "classes.csv.gz";
inline constexpr const char* kRequestsFile = "requests.csv.gz";
inline constexpr const char* kGroupsFile = "groups.csv.gz";
inline constexpr const char* kHostFile = "host.csv.gz";

// A row of groups.csv.gz.
struct GroupRow {
  std::uint32_t group = 0;  // an index into the groups of the manifest
  GroupSample sample;
};

// visit(name, value) for each column of a row, in the order of the file. `Row` may be const.
template <class Row, class Visit>
void visit_request(Row& row, Visit&& visit) {
  visit("arrival_us", row.arrival);
  visit("done_us", row.done);
  visit("class", row.class_index);
  visit("status", row.status);
  visit("bytes_in", row.bytes_in);
  visit("bytes_out", row.bytes_out);
  visit("service_us", row.service);
  visit("cpu_us", row.cpu);
  visit("worker", row.worker);
}

template <class Row, class Visit>
void visit_group(Row& row, Visit&& visit) {
  visit("at_us", row.sample.at);
  visit("group", row.group);
  visit("cpu_us", row.sample.cpu);
  visit("cpu_user_us", row.sample.cpu_user);
  visit("cpu_system_us", row.sample.cpu_system);
  visit("nr_periods", row.sample.nr_periods);
  visit("nr_throttled", row.sample.nr_throttled);
  visit("throttled_us", row.sample.throttled);
  visit("memory_bytes", row.sample.memory);
  visit("memory_private_bytes", row.sample.memory_private);
  visit("oom_kills", row.sample.oom_kills);
  visit("memory_max_events", row.sample.memory_max_events);
  visit("read_ios", row.sample.read_ios);
  visit("write_ios", row.sample.write_ios);
  visit("read_bytes", row.sample.read);
  visit("written_bytes", row.sample.written);
  visit("cpu_some_us", row.sample.cpu_some);
  visit("cpu_full_us", row.sample.cpu_full);
  visit("memory_some_us", row.sample.memory_some);
  visit("memory_full_us", row.sample.memory_full);
  visit("io_some_us", row.sample.io_some);
  visit("io_full_us", row.sample.io_full);
  visit("processes", row.sample.processes);
  visit("accept_queue", row.sample.accept_queue);
}

// visit(name, now, other) for those columns of groups that are counters, of two samples.
template <class Other, class Visit>
void visit_counters(GroupSample& now, Other& other, Visit&& visit) {
  visit("cpu_us", now.cpu, other.cpu);
  visit("cpu_user_us", now.cpu_user, other.cpu_user);
  visit("cpu_system_us", now.cpu_system, other.cpu_system);
  visit("nr_periods", now.nr_periods, other.nr_periods);
  visit("nr_throttled", now.nr_throttled, other.nr_throttled);
  visit("throttled_us", now.throttled, other.throttled);
  visit("oom_kills", now.oom_kills, other.oom_kills);
  visit("memory_max_events", now.memory_max_events, other.memory_max_events);
  visit("read_ios", now.read_ios, other.read_ios);
  visit("write_ios", now.write_ios, other.write_ios);
  visit("read_bytes", now.read, other.read);
  visit("written_bytes", now.written, other.written);
  visit("cpu_some_us", now.cpu_some, other.cpu_some);
  visit("cpu_full_us", now.cpu_full, other.cpu_full);
  visit("memory_some_us", now.memory_some, other.memory_some);
  visit("memory_full_us", now.memory_full, other.memory_full);
  visit("io_some_us", now.io_some, other.io_some);
  visit("io_full_us", now.io_full, other.io_full);
}

template <class Row, class Visit>
void visit_host(Row& row, Visit&& visit) {
  visit("at_us", row.at);
  visit("busy_us", row.busy);
  visit("stolen_us", row.stolen);
  visit("waiting_for_io_us", row.waiting_for_io);
  visit("cpu_some_us", row.cpu_some);
  visit("memory_some_us", row.memory_some);
  visit("memory_full_us", row.memory_full);
  visit("io_some_us", row.io_some);
  visit("io_full_us", row.io_full);
}

}  // namespace cotenant
