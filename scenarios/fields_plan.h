// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: hosting plans, as catalogs describe them and scenarios use them.
#pragma once

#include <array>

#include "scenarios/catalog.h"
#include "scenarios/field.h"
#include "scenarios/fields_disk.h"
#include "scenarios/fields_law.h"
#include "scenarios/fields_memory.h"
#include "scenarios/fields_platform.h"
#include "scenarios/scenario_plan.h"

namespace cotenant {

inline constexpr std::array<std::string_view, 5> kPlanKinds = {"shared", "vps", "container", "paas",
                                                               "dedicated"};
inline constexpr std::array<std::string_view, 3> kConfidences = {"high", "medium", "low"};
inline constexpr std::array<std::string_view, 6> kSupports = {
    "wsgi", "asgi", "websocket", "background_workers", "root", "system_libraries"};

// 0.01 of a core is less than anybody sells.
inline constexpr Real kVcpus = {0.01, 1024};
inline constexpr Real kBaseline = {0.001, 1};

template <>
inline constexpr Title kTitle<DedicatedCpu> = {"dedicated_cpu", "Nobody else runs on these vCPUs."};
template <>
inline constexpr Title kTitle<SharedCpu> = {
    "shared_cpu", "What others leave, in fair shares; the provider promises no least amount."};
template <>
inline constexpr Title kTitle<QuotaCpu> = {
    "quota_cpu", "So much CPU time in each period and no more, whoever else is there (cpu.max)."};
template <>
inline constexpr Title kTitle<CreditCpu> = {
    "credit_cpu",
    "All of its vCPUs for a while: what is used beyond the baseline is paid with credits, which "
    "are earned at the rate of the baseline. Without credits it has its baseline."};
template <>
inline constexpr Title kTitle<PlanLimits> = {
    "plan_limits", "What an account of a shared host or of a platform may not exceed."};
template <>
inline constexpr Title kTitle<PlanCpu> = {"plan_cpu", "How the CPU of a plan is shared."};
template <>
inline constexpr Title kTitle<Catalog> = {"catalog", "A file of plans that scenarios name."};
template <>
inline constexpr Title kTitle<Plan> = {"plan", "What a provider sells."};
template <>
inline constexpr Title kTitle<PlanAssumptions> = {
    "plan_assumptions",
    "What you take for granted where a plan does not say it, or instead of what it says."};

template <class Visit>
void alternatives(Of<PlanCpu>, Visit&& visit) {
  visit(Of<DedicatedCpu>(), "dedicated");
  visit(Of<SharedCpu>(), "shared");
  visit(Of<QuotaCpu>(), "quota");
  visit(Of<CreditCpu>(), "credits");
}

template <class Visitor, Same<DedicatedCpu> T>
void fields(Visitor&, T&) {}
template <class Visitor, Same<SharedCpu> T>
void fields(Visitor&, T&) {}
template <class Visitor, Same<QuotaCpu> T>
void fields(Visitor& v, T& cpu) {
  v.field("period", cpu.period,
          {.help = "The period of the limit.", .whole = between(milliseconds(1), seconds(1))});
}
template <class Visitor, Same<CreditCpu> T>
void fields(Visitor& v, T& cpu) {
  v.field("baseline", cpu.baseline,
          {.help = "The part of each vCPU that it may use for ever.",
           .real = kBaseline,
           .absent = "not published: a setup has to assume one"});
  v.field("most", cpu.most,
          {.help = "How many credits it can have: CPU time.",
           .whole = kAnyTime,
           .absent = "not published: a setup has to assume it"});
  v.field("initial", cpu.initial, {.help = "How many it has at the start.", .whole = kAnyTime});
  v.field("period", cpu.period,
          {.help = "In each period it may use what it earns in one, without credits.",
           .whole = between(milliseconds(1), seconds(1))});
  v.field("unlimited", cpu.unlimited,
          {.help = "Without credits it goes on at full speed, and what it uses is charged."});
  v.field("surplus_price", cpu.surplus_price,
          {.help = "What a vCPU costs then for an hour, in the currency of the price.",
           .real = {0, 1000},
           .absent = "unknown"});
}
template <class Visitor, Same<PlanCpu> T>
void fields(Visitor& v, T& cpu) {
  v.choice("kind", cpu, "");
}
template <class Visitor, Same<PlanLimits> T>
void fields(Visitor& v, T& limits) {
  v.field("entry_processes", limits.entry_processes,
          {.help = "EP of CloudLinux: requests of Python in progress at once; one more is answered "
                   "508 at once.",
           .whole = {1, 1'000'000},
           .absent = "no limit"});
  v.field("processes", limits.processes,
          {.help = "NPROC: processes and threads.", .whole = {1, 1'000'000}, .absent = "no limit"});
  v.field("workers", limits.workers,
          {.help = "Web workers that the plan runs.", .whole = {1, 10'000}, .absent = "no limit"});
  v.field("io", limits.io,
          {.help = "IO of CloudLinux: bytes that may be read and written per second, together.",
           .whole = kLinkSpeed,
           .absent = "no limit"});
  v.field("iops", limits.iops,
          {.help = "IOPS of CloudLinux: reads and writes in each second, together.",
           .whole = kIops,
           .absent = "no limit"});
}
template <class Visitor, Same<Plan> T>
void fields(Visitor& v, T& plan) {
  v.field("provider", plan.provider, {.help = "Who sells it.", .required = true});
  v.field("kind", plan.kind,
          {.help = "shared: an account on a host with many others; vps: a virtual machine; "
                   "container: a limit and no machine; paas: a platform that starts the "
                   "application; dedicated: a computer.",
           .required = true,
           .choices = kPlanKinds});
  v.field("price", plan.price,
          {.help = "Price per month, of 730 hours where it is sold by the hour.",
           .absent = "unknown: never called the cheapest"});
  v.field("not_included", plan.not_included,
          {.help = "What one needs besides and the price does not include.", .max_items = 20});
  v.field("as_of", plan.as_of,
          {.help = "When the price was read: 2026-05-27, 2026-05, or unknown.", .required = true});
  v.field("source", plan.source,
          {.help = "Where all of this was read.", .required = true, .multiline = true});
  v.field("confidence", plan.confidence,
          {.help = "high: the provider's own documentation or price list; medium: dated and second "
                   "hand; low: old, undated, or a single weak source.",
           .required = true,
           .choices = kConfidences});
  v.field("vcpus", plan.vcpus,
          {.help = "vCPUs that are sold: under a quota, how many of them it is worth.",
           .real = kVcpus,
           .absent = "not published: a setup has to assume it"});
  v.field("cpu", plan.cpu, {.help = "How its CPU is shared.", .required = true});
  v.field("memory", plan.memory, {.help = "Memory.", .required = true, .whole = kSomeMemory});
  v.field("storage", plan.storage,
          {.help = "How large its disk is. Shown, not simulated.",
           .whole = kSomeMemory,
           .absent = "unknown, or bought besides"});
  v.field("disk", plan.disk,
          {.help = "What kind of disk it is, for steps that use files.",
           .absent = "unknown: no step uses files on it"});
  v.field("network", plan.network,
          {.help = "What is promised for ever. Shown, not simulated.",
           .whole = kLinkSpeed,
           .absent = "unknown"});
  v.field("limits", plan.limits, {.help = "What else it limits."});
  v.field("idle_stop", plan.idle_stop,
          {.help = "When it stops services that run Python for requests of clients.",
           .absent = "never"});
  v.field("router", plan.router,
          {.help = "What is before all that it runs.",
           .absent = "nothing that would limit how long a request takes"});
  v.field(
      "supports", plan.supports,
      {.help = "What can run there: applications for WSGI, for ASGI, WebSockets, processes that "
               "serve no requests, programs that need root, system libraries of one's own.",
       .required = true,
       .choices = kSupports});
  v.field("isolation", plan.isolation,
          {.help = "What is between its tenants. Shown, not simulated.", .multiline = true});
  v.field("effort", plan.effort,
          {.help = "What is left for you to operate. Shown, not simulated.", .multiline = true});
  v.field("notes", plan.notes, {.help = "What else to know.", .multiline = true});
}
template <class Visitor, Same<Catalog> T>
void fields(Visitor& v, T& catalog) {
  v.field("$schema", catalog.schema,
          {.help = "Where the JSON Schema is, for editors; otherwise ignored.", .absent = "none"});
  v.field("format", catalog.format,
          {.help = "The version of this format.",
           .required = true,
           .whole = {kCatalogFormat, kCatalogFormat}});
  v.field("description", catalog.description,
          {.help = "What the catalog is about, for the reader.", .multiline = true});
  v.field("plans", catalog.plans,
          {.help = "The plans by name.", .required = true, .min_items = 1, .max_items = 10'000});
}
template <class Visitor, Same<PlanAssumptions> T>
void fields(Visitor& v, T& assume) {
  v.field("vcpus", assume.vcpus, {.help = "vCPUs.", .real = kVcpus, .absent = "as the plan says"});
  v.field("baseline", assume.baseline,
          {.help = "The part of each vCPU that may be used for ever.",
           .real = kBaseline,
           .absent = "as the plan says"});
  v.field(
      "credits", assume.credits,
      {.help = "How many credits it can have.", .whole = kAnyTime, .absent = "as the plan says"});
}

}  // namespace cotenant
