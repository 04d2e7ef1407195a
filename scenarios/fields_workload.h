// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: who sends which requests when.
#pragma once

#include <array>

#include "scenarios/field.h"
#include "scenarios/fields_clients.h"
#include "scenarios/fields_disk.h"
#include "scenarios/fields_law.h"
#include "scenarios/scenario.h"

namespace cotenant {

// Above 10^9 per second two arrivals would fall on one nanosecond; fewer than one in 100 days are
// never seen.
inline constexpr Real kPositiveRate = {0.01 / 86'400, 1e9};
inline constexpr Real kAnyRate = {0, 1e9};

// What an attempt may end as, other than well: names of models/request/outcome.h.
inline constexpr std::array<std::string_view, 9> kRetryOutcomes = {
    "timed_out",    "rejected_503", "error_500", "refused",     "reset",
    "rejected_429", "error_502",    "error_504", "rejected_508"};
inline constexpr std::array<std::string_view, 3> kJitters = {"none", "full", "equal"};

template <>
inline constexpr Title kTitle<Arrivals> = {"arrivals", "When requests come."};
template <>
inline constexpr Title kTitle<ConstantArrivals> = {"constant_arrivals",
                                                   "At equal distances, as load generators send."};
template <>
inline constexpr Title kTitle<ScheduledArrivals> = {
    "scheduled_arrivals",
    "At set times: cron, Celery beat, a migration, the nightly run of a pipeline."};
template <>
inline constexpr Title kTitle<PoissonArrivals> = {
    "poisson_arrivals", "Independent of each other: many visitors, no coordination."};
template <>
inline constexpr Title kTitle<MmppArrivals> = {
    "mmpp_arrivals",
    "Poisson with a rate that jumps between states (Markov-modulated Poisson process)."};
template <>
inline constexpr Title kTitle<MmppState> = {"mmpp_state", "One state of an MMPP."};
template <>
inline constexpr Title kTitle<ProfileArrivals> = {
    "profile_arrivals", "A rate that follows the time of day, with bursts if wanted."};
template <>
inline constexpr Title kTitle<ProfilePoint> = {"profile_point", "The rate at a time: [at, rate]."};
template <>
inline constexpr Title kTitle<ReplayArrivals> = {
    "replay_arrivals", "Recorded arrivals, one per row of a csv or csv.gz file."};
template <>
inline constexpr Title kTitle<ClosedArrivals> = {
    "closed_arrivals",
    "A fixed number of users who wait for each reply and think before the next request."};
template <>
inline constexpr Title kTitle<OpenArrivals> = {"session_begin", "When sessions begin."};
template <>
inline constexpr Title kTitle<Hop> = {"hop",
                                      "A request that may follow: [request class, probability]."};
template <>
inline constexpr Title kTitle<Turn> = {"turn",
                                       "What may follow a request of a session; what the "
                                       "probabilities leave to 1 is that the session ends."};
template <>
inline constexpr Title kTitle<WebSocket> = {
    "websocket",
    "The first request of a session is a handshake, and all others are messages on the connection "
    "that it has opened: always in the same process. Only event loops serve them, also behind "
    "nginx and load balancers."};
template <>
inline constexpr Title kTitle<SessionArrivals> = {
    "session_arrivals",
    "Clients who come independently of the server, make several requests, wait for each reply and "
    "think in between, and leave: visits to a shop."};
template <>
inline constexpr Title kTitle<Batch> = {
    "batch",
    "How many requests come at one instant, or belong to one session; written with exactly one of "
    "its keys."};
template <>
inline constexpr Title kTitle<FixedBatch> = {"fixed_batch", "Always the same number."};
template <>
inline constexpr Title kTitle<GeometricBatch> = {"geometric_batch",
                                                 "Geometric on 1, 2, 3, … with this mean."};
template <>
inline constexpr Title kTitle<Step> = {
    "step", "One thing a request does; written with exactly one of its keys."};
template <>
inline constexpr Title kTitle<CpuStep> = {"cpu_step", "Computes on a core."};
template <>
inline constexpr Title kTitle<WaitStep> = {
    "wait_step", "Waits for something outside the simulated machine, holding its worker."};
template <>
inline constexpr Title kTitle<SleepStep> = {
    "sleep_step", "Lets time pass: asyncio.sleep() in an event loop, elsewhere time.sleep()."};
template <>
inline constexpr Title kTitle<ErrorStep> = {
    "error_step",
    "The application fails here, or goes on: a failed request ends with the status 500."};
template <>
inline constexpr Title kTitle<CallStep> = {
    "call_step", "Asks another service, and goes on when it has replied."};
template <>
inline constexpr Title kTitle<TogetherStep> = {
    "together_step", "Asks several services at once, and goes on when all have replied."};
template <>
inline constexpr Title kTitle<SendStep> = {
    "send_step",
    "Hands a task to a broker or puts it into a queue, and goes on: nobody waits for it."};
template <>
inline constexpr Title kTitle<CrashStep> = {
    "crash_step",
    "Its process dies here, or nothing happens: killed for its memory, or a fault in a C "
    "extension."};
template <>
inline constexpr Title kTitle<Operation> = {"operation",
                                            "What other services may ask of a service."};
template <>
inline constexpr Title kTitle<RequestClass> = {"request_class", "Requests of one kind."};
template <>
inline constexpr Title kTitle<Retries> = {
    "retries",
    "Clients try again after a failure. Each attempt is a new request for the server, and all of "
    "them together are one request for the user and in the report."};
template <>
inline constexpr Title kTitle<Backoff> = {
    "backoff", "How long a client waits before retry n: min(cap, base · factor^(n-1))."};
template <>
inline constexpr Title kTitle<TokenBudget> = {
    "retry_budget",
    "A token bucket that all clients of one source of arrivals share: a retry takes a token, and "
    "without one the failure is final."};
template <>
inline constexpr Title kTitle<ClientKeepAlive> = {
    "client_keep_alive",
    "Clients keep connections open for their next requests, as browsers, proxies and load "
    "balancers do; servers that close them all the same decide."};
template <>
inline constexpr Title kTitle<Clients> = {"clients", "Those who send the requests."};
template <>
inline constexpr Title kTitle<Workload> = {"workload", "The traffic on the application."};
template <>
inline constexpr bool kIsTuple<ProfilePoint> = true;
template <>
inline constexpr bool kIsTuple<Hop> = true;

template <class Visit>
void alternatives(Of<Arrivals>, Visit&& visit) {
  visit(Of<ConstantArrivals>(), "constant");
  visit(Of<ScheduledArrivals>(), "schedule");
  visit(Of<PoissonArrivals>(), "poisson");
  visit(Of<MmppArrivals>(), "mmpp");
  visit(Of<ProfileArrivals>(), "profile");
  visit(Of<ReplayArrivals>(), "replay");
  visit(Of<ClosedArrivals>(), "closed");
  visit(Of<SessionArrivals>(), "sessions");
}
template <class Visit>
void alternatives(Of<OpenArrivals>, Visit&& visit) {
  visit(Of<ConstantArrivals>(), "constant");
  visit(Of<ScheduledArrivals>(), "schedule");
  visit(Of<PoissonArrivals>(), "poisson");
  visit(Of<MmppArrivals>(), "mmpp");
  visit(Of<ProfileArrivals>(), "profile");
}
template <class Visit>
void alternatives(Of<Batch>, Visit&& visit) {
  visit(Of<FixedBatch>(), "size");
  visit(Of<GeometricBatch>(), "mean_size");
}
template <class Visit>
void alternatives(Of<Step>, Visit&& visit) {
  visit(Of<CpuStep>(), "cpu");
  visit(Of<WaitStep>(), "wait");
  visit(Of<SleepStep>(), "sleep");
  visit(Of<ErrorStep>(), "error");
  visit(Of<CallStep>(), "call");
  visit(Of<TogetherStep>(), "together");
  visit(Of<SendStep>(), "send");
  visit(Of<CrashStep>(), "crash");
  visit(Of<ReadStep>(), "read");
  visit(Of<WriteStep>(), "write");
  visit(Of<FsyncStep>(), "fsync");
  visit(Of<LogStep>(), "log");
  visit(Of<HoldStep>(), "hold");
  visit(Of<LeakStep>(), "leak");
}

template <class Visitor, Same<Batch> T>
void fields(Visitor& v, T& batch) {
  v.keyed(batch);
}
template <class Visitor, Same<FixedBatch> T>
void fields(Visitor& v, T& batch) {
  v.field("size", batch.size,
          {.help = "Requests per batch.", .required = true, .whole = {1, 1'000'000}});
}
template <class Visitor, Same<GeometricBatch> T>
void fields(Visitor& v, T& batch) {
  v.field("mean_size", batch.mean,
          {.help = "Mean requests per batch.", .required = true, .real = {1, 1e6}});
}

template <class Visitor, Same<Arrivals> T>
void fields(Visitor& v, T& arrivals) {
  v.choice("kind", arrivals, "");
}
template <class Visitor, Same<OpenArrivals> T>
void fields(Visitor& v, T& arrivals) {
  v.choice("kind", arrivals, "");
}
inline constexpr Field kRateField = {
    .help = "Arrival instants per time.", .required = true, .real = kPositiveRate};
inline constexpr Field kBatchField = {.help = "Requests per arrival instant."};

template <class Visitor, Same<ConstantArrivals> T>
void fields(Visitor& v, T& arrivals) {
  v.field("rate", arrivals.rate, kRateField);
  v.field("batch", arrivals.batch, kBatchField);
}
template <class Visitor, Same<ScheduledArrivals> T>
void fields(Visitor& v, T& arrivals) {
  v.field("first", arrivals.first,
          {.help = "When the first one comes, from the start of the run.", .whole = kAnyTime});
  v.field("every", arrivals.every,
          {.help = "How long after each the next one comes.",
           .whole = between(milliseconds(1), kLongest),
           .absent = "it comes only once"});
  v.field("batch", arrivals.batch, kBatchField);
}
template <class Visitor, Same<PoissonArrivals> T>
void fields(Visitor& v, T& arrivals) {
  v.field("rate", arrivals.rate, kRateField);
  v.field("batch", arrivals.batch, kBatchField);
}
template <class Visitor, Same<MmppState> T>
void fields(Visitor& v, T& state) {
  v.field("rate", state.rate,
          {.help = "Arrival instants per time in this state.", .required = true, .real = kAnyRate});
  v.field("mean_stay", state.mean_stay,
          {.help = "Mean time until the next state, exponential.",
           .required = true,
           .whole = between(microseconds(1), kLongest)});
}
template <class Visitor, Same<MmppArrivals> T>
void fields(Visitor& v, T& arrivals) {
  v.field("states", arrivals.states,
          {.help = "The states, entered in this order, again and again.",
           .required = true,
           .min_items = 2,
           .max_items = 64});
  v.field("batch", arrivals.batch, kBatchField);
}
template <class Visitor, Same<ProfilePoint> T>
void fields(Visitor& v, T& point) {
  v.field("at", point.at, {.help = "Time since the start.", .required = true, .whole = kAnyTime});
  v.field("rate", point.rate,
          {.help = "Arrival instants per time.", .required = true, .real = kAnyRate});
}
template <class Visitor, Same<ProfileArrivals> T>
void fields(Visitor& v, T& arrivals) {
  v.field(
      "points", arrivals.points,
      {.help = "The rate at some times, the first at 0; between them it follows straight lines, "
               "after the last it stays.",
       .required = true,
       .min_items = 1,
       .max_items = 20'000});
  v.field("repeat", arrivals.repeat,
          {.help = "Start again at the time of the last point, instead of staying there."});
  v.field("burstiness", arrivals.burstiness,
          {.help = "Index of dispersion of the number of arrivals in long intervals; 1 is Poisson.",
           .real = {1, 1e6}});
  v.field("burst_length", arrivals.burst_length,
          {.help = "Mean length of a burst, when burstiness is above 1.",
           .whole = between(milliseconds(1), kLongest)});
  v.field("batch", arrivals.batch, kBatchField);
}
template <class Visitor, Same<ReplayArrivals> T>
void fields(Visitor& v, T& arrivals) {
  v.field("file", arrivals.file,
          {.help = "A csv or csv.gz file, relative to the scenario file.", .required = true});
  v.field("time_column", arrivals.time_column,
          {.help = "The column with the intended arrival times.", .required = true});
  v.field("time_unit", arrivals.time_unit,
          {.help = "The unit of the arrival times.", .choices = kRecordedUnits});
  v.field("class_column", arrivals.class_column,
          {.help = "The column with the name of the request class.",
           .absent = "all rows are of the only class"});
  v.field(
      "user_column", arrivals.user_column,
      {.help = "The column with the user who sent the request. Each waits for the reply, thinks "
               "as long as the recording says, and begins anew when it is used up.",
       .absent = "requests come when the recording says, whether or not others were answered"});
  v.field("done_column", arrivals.done_column,
          {.help = "With user_column: the column with the time of the reply, from which the user "
                   "thought until the next request.",
           .absent = "there is no user_column"});
}
template <class Visitor, Same<ClosedArrivals> T>
void fields(Visitor& v, T& arrivals) {
  v.field("users", arrivals.users,
          {.help = "How many users.", .required = true, .whole = {1, 10'000'000}});
  v.field("think", arrivals.think,
          {.help = "Time between a reply and the next request of that user.", .required = true});
}

template <class Visitor, Same<Hop> T>
void fields(Visitor& v, T& hop) {
  v.field("class", hop.request_class, {.help = "The request class.", .required = true});
  v.field("probability", hop.probability,
          {.help = "The probability that it follows.", .required = true, .real = {0, 1}});
}
template <class Visitor, Same<Turn> T>
void fields(Visitor& v, T& turn) {
  v.field("next", turn.next,
          {.help = "The requests that may follow, with their probabilities.",
           .absent = "the session ends"});
}
template <class Visitor, Same<WebSocket> T>
void fields(Visitor& v, T& socket) {
  v.field("reconnect", socket.reconnect,
          {.help = "The pause after which a client whose connection was lost opens another one and "
                   "begins its script or walk anew.",
           .absent = "a lost connection is a failure: see on_failure"});
  v.field("ping_interval", socket.ping_interval,
          {.help = "How long after the answer to a ping its client sends the next one, as many "
                   "libraries do.",
           .whole = between(milliseconds(1), seconds(86'400)),
           .absent = "clients send no pings: browsers"});
  v.field("ping_timeout", socket.ping_timeout,
          {.help = "How long that client waits for the answer until it closes the connection.",
           .whole = between(milliseconds(1), seconds(86'400)),
           .source = "default of the Python package websockets"});
}
inline constexpr std::array<std::string_view, 2> kOnFailure = {"leave", "go_on"};
template <class Visitor, Same<SessionArrivals> T>
void fields(Visitor& v, T& sessions) {
  v.field("begin", sessions.begin,
          {.help = "When they begin, each with its first request.", .required = true});
  v.field("think", sessions.think,
          {.help = "Time between a reply and the next request of that session.", .required = true});
  v.field("script", sessions.script,
          {.help = "The request classes that each session requests, in this order.",
           .min_items = 1,
           .max_items = 1000,
           .absent = "length or walk says it"});
  v.field("length", sessions.length,
          {.help = "How many requests each session makes, of classes drawn by their shares.",
           .absent = "script or walk says it"});
  v.field("walk", sessions.walk,
          {.help = "What may follow each request, by request class: a Markov chain. Sessions begin "
                   "with the first one.",
           .min_items = 1,
           .absent = "script or length says it"});
  v.field("on_failure", sessions.on_failure,
          {.help = "What a client does whose request failed for good: leave, which is a session "
                   "lost, or go_on as after a good reply.",
           .choices = kOnFailure});
  v.field("websocket", sessions.websocket,
          {.help = "Sessions are WebSocket connections.",
           .absent = "requests use connections as those of other clients do"});
  v.one_of({"script", "length", "walk"});
}

template <class Visitor, Same<Backoff> T>
void fields(Visitor& v, T& backoff) {
  v.field("base", backoff.base,
          {.help = "The pause before the first retry; a law is drawn anew for each retry.",
           .required = true});
  v.field("factor", backoff.factor,
          {.help = "By how much each pause is longer than the one before.", .real = {1, 1000}});
  v.field("cap", backoff.cap,
          {.help = "The longest pause.", .whole = kPositiveTime, .absent = "pauses grow on"});
  v.field("jitter", backoff.jitter,
          {.help = "Chance in the pauses, so that clients that failed together do not come back "
                   "together: none; full, anything from zero to the pause; equal, half of the "
                   "pause and anything from zero to the other half.",
           .choices = kJitters});
}
template <class Visitor, Same<TokenBudget> T>
void fields(Visitor& v, T& budget) {
  v.field("ratio", budget.ratio,
          {.help = "Tokens earned with each first attempt: in the long run retries are at most "
                   "this share of the requests.",
           .real = {0, 1000}});
  v.field("burst", budget.burst,
          {.help = "The most tokens there can be, and how many there are at first.",
           .whole = {1, 1'000'000}});
}
template <class Visitor, Same<Retries> T>
void fields(Visitor& v, T& retries) {
  v.field("max", retries.max,
          {.help = "How often a client tries again, after the first attempt.",
           .required = true,
           .whole = {0, 1000},
           .word = "unlimited"});
  v.field("on", retries.on,
          {.help = "Outcomes of an attempt after which the client tries again.",
           .min_items = 1,
           .max_items = kRetryOutcomes.size(),
           .choices = kRetryOutcomes});
  v.field("backoff", retries.backoff,
          {.help = "How long a client waits before it tries again.", .absent = "at once"});
  v.field("budget", retries.budget,
          {.help = "How many retries all clients of a source may make.", .absent = "no limit"});
  v.field("deadline", retries.deadline,
          {.help = "No retry begins later than this after the request's arrival.",
           .whole = kPositiveTime,
           .absent = "no limit"});
  v.field("only_idempotent", retries.only_idempotent,
          {.help = "Requests that are not idempotent are tried again only when they were not sent: "
                   "refused, or never connected. So does urllib3."});
}
template <class Visitor, Same<Step> T>
void fields(Visitor& v, T& step) {
  v.keyed(step);
}
template <class Visitor, Same<CpuStep> T>
void fields(Visitor& v, T& step) {
  v.field("cpu", step.cpu, {.help = "CPU time, on one core at full speed.", .required = true});
  v.field("gil", step.gil,
          {.help = "Whether it needs Python's global lock, as Python code does; false: it computes "
                   "outside of it, as NumPy and compression do for large data. Only servers with "
                   "threads ask."});
}
template <class Visitor, Same<WaitStep> T>
void fields(Visitor& v, T& step) {
  v.field("wait", step.wait, {.help = "How long it waits.", .required = true});
  v.field(
      "blocking", step.blocking,
      {.help = "Of an asynchronous handler: it waits in a call that blocks, such as time.sleep() "
               "or a database driver that knows nothing of event loops, and nothing else runs "
               "in its event loop."});
}
template <class Visitor, Same<SleepStep> T>
void fields(Visitor& v, T& step) {
  v.field(
      "sleep", step.sleep,
      {.help = "How long it sleeps. An event loop that has nothing else to do wakes up at whole "
               "milliseconds only.",
       .required = true});
}

template <class Visitor, Same<ErrorStep> T>
void fields(Visitor& v, T& step) {
  v.field("error", step.probability,
          {.help = "The probability of failing, for each attempt anew.",
           .required = true,
           .real = {0, 1}});
}

inline constexpr std::array<std::string_view, 2> kOnError = {"fail", "ignore"};
inline constexpr Field kBlockingCallField = {
    .help =
        "Of an asynchronous handler: it waits in a driver that knows nothing of event loops, "
        "and nothing else runs in its event loop."};
template <class Visitor, Same<CallStep> T>
void fields(Visitor& v, T& step) {
  v.field("call", step.call,
          {.help = "Which operation of which service: \"database.list\".", .required = true});
  v.field("times", step.times, {.help = "How often it is called.", .whole = {1, 100'000}});
  v.field("parallel", step.parallel,
          {.help = "All of these calls at once, instead of one after the other."});
  v.field("probability", step.probability,
          {.help = "The probability that a call is made at all, for each anew.", .real = {0, 1}});
  v.field("blocking", step.blocking, kBlockingCallField);
  v.field("timeout", step.timeout,
          {.help = "When the caller gives up an attempt; the other service goes on with it.",
           .whole = between(milliseconds(1), kLongest),
           .absent = "it waits forever"});
  v.field("retries", step.retries,
          {.help = "Whether and how it tries again.", .absent = "a failure is final"});
  v.field("hedge_after", step.hedge_after,
          {.help = "When there is no reply after this time the same is asked a second time, and "
                   "the first good reply counts. The other call is not withdrawn.",
           .whole = between(nanoseconds(1), kLongest),
           .absent = "it is asked once"});
  v.field("on_error", step.on_error,
          {.help = "What a call that failed means: fail, the request fails with a 500 of its own; "
                   "ignore, it goes on as if there had been a reply.",
           .choices = kOnError});
}
template <class Visitor, Same<SendStep> T>
void fields(Visitor& v, T& step) {
  v.field("send", step.send,
          {.help = "Which operation of which service, a celery or a poller: \"tasks.email\".",
           .required = true});
  v.field("times", step.times, {.help = "How many such tasks.", .whole = {1, 100'000}});
  v.field("probability", step.probability,
          {.help = "The probability that a task is sent at all, for each anew.", .real = {0, 1}});
  v.field("retries", step.retries,
          {.help = "Whether and how a task that failed is sent again: autoretry_for.",
           .absent = "a failure is final"});
}
template <class Visitor, Same<CrashStep> T>
void fields(Visitor& v, T& step) {
  v.field(
      "crash", step.probability,
      {.help = "The probability that the process dies, for each delivery anew. Only in tasks "
               "of a celery or a poller, and in requests of gunicorn, uvicorn, hypercorn, uWSGI "
               "and mod_wsgi.",
       .required = true,
       .real = {0, 1}});
}
template <class Visitor, Same<TogetherStep> T>
void fields(Visitor& v, T& step) {
  v.field("together", step.together,
          {.help = "The calls, which begin at the same time.", .required = true, .min_items = 2});
  v.field("blocking", step.blocking, kBlockingCallField);
}

inline constexpr std::array<std::string_view, 2> kHandlers = {"async", "sync"};
inline constexpr Field kHandlerField = {
    .help = "Of event loops: async handlers run in the loop, sync ones in a thread of its pool.",
    .choices = kHandlers,
    .absent = "async, where the service is an event loop"};
inline constexpr Field kIdempotentField = {
    .help =
        "Whether doing it twice is the same as once, as with GET, HEAD, PUT and DELETE. nginx "
        "does not send a POST or PATCH to a second server once it was sent, and many clients "
        "do not repeat it."};
inline constexpr Field kStepsField = {.help = "What is done for one request, in this order.",
                                      .required = true,
                                      .min_items = 1,
                                      .max_items = 1000};
template <class Visitor, Same<TaskOptions> T>
void fields(Visitor& v, T& task) {
  v.field("priority", task.priority,
          {.help = "Of a task of a celery: its broker hands out those with the highest first, and "
                   "those of one priority in the order in which they came.",
           .whole = {0, 255},
           .absent = "0"});
  v.field("expires", task.expires,
          {.help = "Of a task: if nobody has begun it so long after it was sent, it is discarded "
                   "instead.",
           .absent = "it never expires"});
  v.field(
      "queue", task.queue,
      {.help = "Of a task of a poller: in which of its queues it waits.", .absent = "the first"});
}
template <class Visitor, Same<Operation> T>
void fields(Visitor& v, T& operation) {
  v.field("handler", operation.handler, kHandlerField);
  fields(v, operation.task);
  v.field("lock", operation.lock,
          {.help = "Of a PostgreSQL: the name of a row or table that is locked while it is served; "
                   "others that need the lock wait for it in the order in which they come.",
           .absent = "nothing is locked"});
  v.field("idempotent", operation.idempotent, kIdempotentField);
  v.field("steps", operation.steps, kStepsField);
}
template <class Visitor, Same<RequestClass> T>
void fields(Visitor& v, T& request) {
  v.field("share", request.share,
          {.help = "Its share of the common arrivals, relative to the other classes.",
           .real = {0, 1e9, true, false}});
  v.field("arrivals", request.arrivals,
          {.help = "Arrivals of its own.", .absent = "a share of the common arrivals"});
  v.field("service", request.service,
          {.help = "The service of the application that serves it.",
           .absent = "the only service, or the only one without operations"});
  v.field("handler", request.handler, kHandlerField);
  v.field("idempotent", request.idempotent, kIdempotentField);
  v.field("request_body", request.request_body, kRequestBodyField);
  v.field("response_body", request.response_body, kResponseBodyField);
  fields(v, request.task);
  v.field(
      "steps", request.steps,
      {.help = "What is done for one request, in this order.", .min_items = 1, .max_items = 1000});
  v.field("file", request.file,
          {.help = "Instead of steps: nginx answers by itself, with a static file of that size: a "
                   "size or a law of sizes.",
           .absent = "it passes the request on"});
  v.one_of({"steps", "file"});
  v.at_most_one_of({"share", "arrivals"});
}
template <class Visitor, Same<ClientKeepAlive> T>
void fields(Visitor& v, T& keep_alive) {
  v.field("connections", keep_alive.connections,
          {.help = "Idle connections to each service that all clients of open arrivals together "
                   "keep at most; the one used last is used next. \"per_user\": all arrivals are "
                   "closed or sessions. Each user of closed arrivals and each session keeps a "
                   "connection to each service.",
           .required = true,
           .whole = {0, 1'000'000},
           .word = "per_user"});
}
template <class Visitor, Same<Clients> T>
void fields(Visitor& v, T& clients) {
  v.field("timeout", clients.timeout,
          {.help = "When a client gives up its attempt; the server may go on computing the reply.",
           .whole = between(milliseconds(1), kLongest),
           .absent = "clients wait forever"});
  v.field("retries", clients.retries,
          {.help = "Whether and how clients try again.", .absent = "a failure is final"});
  v.field("keep_alive", clients.keep_alive,
          {.help = "Whether clients keep connections.", .absent = "each attempt has its own"});
  link_fields(v, clients);
  v.field("slow", clients.slow,
          {.help = "A part of the clients that have another link.", .absent = "all are alike"});
}
template <class Visitor, Same<Workload> T>
void fields(Visitor& v, T& workload) {
  v.field("load", workload.load,
          {.help = "How much of the arrivals comes, of all classes: 1.5 is half as much again. It "
                   "multiplies rates and numbers of users; what comes at set times stays, and "
                   "recorded arrivals cannot be multiplied.",
           .real = {0.01, 100}});
  v.field("arrivals", workload.arrivals,
          {.help = "The common arrivals, shared out to the request classes.",
           .absent = "every class has arrivals of its own"});
  v.field("requests", workload.requests,
          {.help = "The request classes by name.", .required = true, .min_items = 1});
  v.field("clients", workload.clients, {.help = "Those who send the requests."});
}

}  // namespace cotenant
