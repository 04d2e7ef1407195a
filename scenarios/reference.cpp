// SPDX-License-Identifier: Apache-2.0
//
// The reference-writing visitor of the field table. Sections come in the order in which the reader
// meets their names: breadth first from the top of the file.
#include "scenarios/reference.h"

#include <fmt/format.h>

#include <deque>
#include <set>
#include <type_traits>

#include "scenarios/encoder.h"
#include "scenarios/expectation.h"

namespace cotenant {

namespace {

constexpr std::string_view kIntroduction =
    R"(<!-- Generated from the field table by cotenant_generate. Do not edit. -->
# The scenario format

A scenario is one JSON file that says what a user would say: the traffic, the application, the hosting
setups to compare, what must be achieved, and how precisely to look. `cotenant check FILE` tells all
that is wrong with a file at once, each problem with its line and column. For completion and checking
while typing, give your editor the schema: start the file with
`"$schema": "../schema/scenario.schema.json"` (the path is relative to the file; `cotenant schema`
prints it).

The smallest useful file:

```json
{
  "format": 1,
  "name": "One worker, eight requests per second",
  "workload": {
    "arrivals": { "kind": "poisson", "rate": "8/s" },
    "requests": { "page": { "steps": [{ "cpu": { "mean": "60ms", "cv": 0.5 } }, { "wait": "20ms" }] } }
  },
  "application": { "web": { "server": "gunicorn-sync", "workers": 1 } },
  "setups": { "small": { "machine": { "cores": 1 } } }
}
```

**Quantities** are texts with a unit, never bare numbers, and are read exactly (`"0.1ms"` is 100000 ns):

| quantity | examples | units |
|---|---|---|
| duration, CPU time | `"250ms"`, `"1.5s"`, `"2min"` | ns us ms s min h d |
| rate | `"80/s"`, `"3/min"` | /s /min /h /d |
| size | `"1.5GiB"`, `"200MB"` | B, kB MB GB TB (powers of 1000), KiB MiB GiB TiB (powers of 1024) |
| price | `"$6/month"`, `"€4.51/month"` | $ € £, per month |

One blank between number and unit is allowed, exponents and signs are not. Times end at 400 days.

**Strictness.** Unknown and duplicate keys are errors, so that a slip of the keyboard never runs as
something else. A file has at most 4 MiB, 64 levels and 250000 values; long series belong into csv files.

**Names** of request classes, services, setups, guests and groups are yours: 1 to 64 bytes of UTF-8 without `.`,
`/` and control characters. Their order in the file is their order in reports.

**What-ifs** need no other file: `--set setups.small.machine.cores=2` changes one value before the
file is judged.

**Defaults** are those of real software where there is one: `cotenant presets` names its version and where each value
comes from.

**Beyond single fields**, these must hold:

- Every request class has arrivals, its own or a share of the common ones; never both.
- With several services, every class names the one that serves it, unless just one has no operations: then it is that
  one.
- Calls name operations that exist, and services do not call each other in a circle.
- A recorded law reads the row that is replayed, so its class has replay arrivals; a mixture and the steps of
  an operation contain none.
- Classes that share a recording are told apart by its class column.
- The fifo scheduler has no groups, nice values or weights, and neither neighbors nor guests run on it: they would keep
  their cores for ever.
- `kernel`, `policy`, `slice`, `cpus` and `cpu_idle` exist under the schedulers eevdf and cfs only.
- What runs in a guest names groups of that guest; a guest itself names a group of the hardware.
- A group's `cpus` are cores of its machine, and among those of the group around it.
- Only classes of a service that is an event loop (`"server": "uvicorn"`, `"hypercorn"` or `"gunicorn-uvicorn"`) say how
  their `handler` runs; only theirs and those of `"gunicorn-gevent"`, that a wait or a call is `blocking`. The same holds
  for its operations.
- `max_requests_jitter` is added to a `max_requests` above zero, which hypercorn 0.13 does not have. uvicorn's `limit_max_requests` needs at least two workers
  in every setup, or a `restart`: with one it would end for good.
- Only services that run Python serve request classes, call others and have `pools`. The others (`external`, `redis`,
  `postgres`) have operations; those of an external service take no CPU, and only those of a PostgreSQL have a `lock`.
- Tasks are sent to operations of a `celery` or a `poller`, and do not send each other in a circle; only they
  expire, and only they and what gunicorn, uvicorn, hypercorn, uWSGI and mod_wsgi serve `crash`; only those of a celery have a `priority`, and only those of a poller a `queue`, one of its `queues`. A proxy passes
  nothing on to either. A poller has at most one of `pause` and `every`, and its `limit` needs `"take": "gated"`; if its
  visits take no time it pauses above zero. `reject_on_worker_lost` needs `acks_late`. `workers` of a celery in a setup is its `concurrency`
  there.
- `memory` belongs to services that run Python, pollers left out; only what those serve has steps `hold` and `leak`, and only
  they have an `oom_score_adj` in a setup. A service that is in a group with `oom_group` and has a main process says its `restart`
  there, and is no celery; only servers of Python with a main process have one. `gc` belongs to the same services as `memory`, and to no
  build without Python's lock. What is `copied` is a part of `main`, and uWSGI's `reload_on_rss` needs `memory`.
- Services that say how large their `files` are read some through the page cache, and no step of theirs has a `cache_hit`.
- Swap is on the disk of its computer, or of its host, and services with `memory` there say their `working_set`; `touched_per_request` is at most
  that. `swap_max` of a group needs swap.
- Neighbors that use `files` the page cache may take have a `rate`; they take no CPU, so of their scheduling only the
  `group` is said. Logs that are `queued` need a `log_daemon` on the machine that their service is on.
- Only services that run Python have `kept` connections, and only to a service that keeps them, too: of gunicorn with threads or
  greenlets, uvicorn, hypercorn or nginx.
- Pools are of connections to a PostgreSQL. A pgbouncer has no more connections than its database accepts.
- An external service is not placed in a setup; a Redis and a PostgreSQL have no `workers` there.
- The burst of a CPU limit is at most its quota, as in the kernel (10 times that under the fluid scheduler, whose ideal
  limit has no reason to stop there); its phase is below its period.
- A setup says its machine or names a plan, which says groups, guests and placements, too; only numbers of workers and limits of
  a placement are still the setup's.
- A container says no `group` and no `oom_score_adj`; its groups are named after it and `kubepods`. Requests are not above limits, nor,
  together, above what the machine has. A Burstable one needs to know the `memory` of its machine.
- A bank holds at most what `most` says at the start, and only a neighbor with times on and off has a `box_cv` or a
  `load`, which needs both above zero on average. What uses `files` has no `slowdown`.
- Groups do not contain themselves; a setup has at most 32768 workers, neighbors and virtual CPUs.
- An `idle_stop` is for servers that run Python for requests, and not for one with `probes`. These are for those that have a main
  process, are at least one, and end services for which a setup says a `restart`, unless it is `readiness`; only that may need more
  than one success.
- Unlimited retries, of clients and of calls, pause above zero, unless only timeouts are tried again, or by clients
  refused connections where no service has a `restart` or `probes`: what fails at once would be repeated endlessly at the same
  instant.
- The warm-up is shorter than the duration.
)";

std::string link_to(std::string_view section) { return fmt::format("[{0}](#{0})", section); }

std::string word_or(std::string_view word, std::string_view value) {
  return fmt::format("\"{}\" or {}", word, value);
}

std::string array_of(std::string_view item, const Field& field) {
  return fmt::format("an array of {} to {}, each {}{}", field.min_items, field.max_items,
                     field.choices.empty() ? "a " : "", item);
}

std::string table_of(std::string_view entry, const Field& field) {
  return fmt::format("an object of {} to {} entries, each a {}", field.min_items, field.max_items,
                     entry);
}

// Writes sections and remembers which are still to be written.
class ReferenceWriter {
 public:
  template <class T>
  void require() {
    if (!seen_.insert(kTitle<T>.name).second) return;
    waiting_.push_back(&ReferenceWriter::write<T>);
  }
  std::string result() {
    while (!waiting_.empty()) {
      const Section next = waiting_.front();
      waiting_.pop_front();
      (this->*next)();
    }
    return text_;
  }

  template <class T>
  std::string type(Of<T>, const Field& field) {
    if constexpr (Structure<T>) {
      require<T>();
      const std::string link = link_to(kTitle<T>.name);
      if constexpr (HasShortForm<T>) {
        using Form = ShortForm<T>;
        return expectation(Of<typename Form::Value>(), Form::kField) + ", or an object: " + link;
      }
      return link;
    } else {
      return expectation(Of<T>(), field);
    }
  }
  template <class T>
  std::string type(Of<std::optional<T>>, const Field& field) {
    if (field.word.empty()) return type(Of<T>(), field);
    return word_or(field.word, type(Of<T>(), field));
  }
  template <class T>
  std::string type(Of<std::vector<T>>, const Field& field) {
    return array_of(type(Of<T>(), field_of_items(field)), field);
  }
  template <class T>
  std::string type(Of<Named<T>>, const Field& field) {
    return table_of(type(Of<T>(), {}), field);
  }

  std::string& text() { return text_; }

 private:
  using Section = void (ReferenceWriter::*)();

  template <class T>
  void write();
  void add_section(const Title& title, std::string_view rows) {
    text_ += fmt::format("\n## {}\n\n{}\n{}", title.name, title.help, rows);
  }

  std::set<std::string_view> seen_;
  std::deque<Section> waiting_;
  std::string text_;
};

// Writes the rows of one table.
class RowWriter {
 public:
  explicit RowWriter(ReferenceWriter& reference) : reference_(reference) {}

  template <class T>
  void field(std::string_view key, const T& member, const Field& field) {
    row(key, reference_.type(Of<T>(), field), default_text(member, field), field.help);
  }
  void bound(std::string_view key, const std::optional<double>&, const std::string&,
             const Field& field) {
    row(key, "a duration, a rate or a number, as the metric is", "–", field.help);
  }
  template <class Variant>
  void choice(std::string_view tag, const Variant&, std::string_view fallback) {
    alternatives(Of<Variant>(), [&](auto of, std::string_view name) {
      using Alternative = typename decltype(of)::type;
      begin_alternative(tag, name, name == fallback, kTitle<Alternative>.help);
      const Alternative plain{};
      fields(*this, plain);
    });
    end_alternatives(tag);
  }
  template <class Variant>
  void keyed(const Variant&) {
    begin_table();
    alternatives(Of<Variant>(), [&](auto of, std::string_view) {
      const typename decltype(of)::type plain{};
      fields(*this, plain);
    });
  }
  void one_of(std::initializer_list<std::string_view> keys) { rule("Exactly one of", keys); }
  void at_most_one_of(std::initializer_list<std::string_view> keys) {
    rule("At most one of", keys);
  }

  std::string result() && { return std::move(rows_) + rules_; }

 private:
  void begin_alternative(std::string_view tag, std::string_view name, bool is_fallback,
                         std::string_view help) {
    rows_ += fmt::format("\n**`\"{}\": \"{}\"`**{} {}\n", tag, name,
                         is_fallback ? " (may be left out)" : "", help);
    begin_table();
  }
  void end_alternatives(std::string_view tag) {
    heading_ = fmt::format("\nBeside any `\"{}\"`:\n", tag);
    begun_ = false;
  }
  void begin_table() {
    rows_ +=
        std::exchange(heading_, "") + "\n| key | value | default | meaning |\n|---|---|---|---|\n";
    begun_ = true;
  }
  void row(std::string_view key, std::string_view type, std::string_view fallback,
           std::string_view help) {
    if (!begun_) begin_table();
    rows_ += fmt::format("| `{}` | {} | {} | {} |\n", key, type, fallback, help);
  }
  void rule(std::string_view words, std::initializer_list<std::string_view> keys) {
    rules_ += fmt::format("\n{} {}.\n", words, either(keys));
  }
  template <class T>
  static std::string default_text(const T& member, const Field& field) {
    if (field.required) return "required";
    if (!field.absent.empty()) return std::string(field.absent);
    return text_of(to_json(member, field, Defaults::omitted));
  }
  static std::string text_of(const OrderedJson& json) {
    const bool nothing = (json.is_string() && json.get<std::string>().empty()) ||
                         (json.is_structured() && json.empty());
    return nothing ? "–" : "`" + json.dump() + "`";
  }

  ReferenceWriter& reference_;
  std::string rows_;
  std::string rules_;
  std::string heading_;  // of the next table
  bool begun_ = false;
};

template <class T>
void ReferenceWriter::write() {
  RowWriter rows(*this);
  const T plain{};
  fields(rows, plain);
  add_section(kTitle<T>, std::move(rows).result());
}

}  // namespace

std::string scenario_reference() {
  ReferenceWriter reference;
  reference.require<Scenario>();
  return std::string(kIntroduction) + reference.result();
}

}  // namespace cotenant
