// SPDX-License-Identifier: Apache-2.0
#include "study/writers/write_timeline.h"

#include "study/writers/csv_text.h"
#include "study/writers/timeline_series.h"

namespace cotenant {
namespace {

std::string rows(const std::string& setup, const Timeline& timeline) {
  std::string text;
  const auto add = [&](const NamedSeries& name, double at, const std::optional<double>& value) {
    text += csv_field(setup) + ',' + std::string(name.of) + ',' + csv_field(name.subject) + ',' +
            std::string(name.quantity) + ',' + std::string(name.unit) + ',' + shortest(at) + ',' +
            csv_number(value) + '\n';
  };
  for_each_series(timeline, [&](const NamedSeries& name, const PartialSeries& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      add(name, timeline.slice * static_cast<double>(i), values[i]);
    }
  });
  for (const TimelineEvent& event : timeline.events) {
    add({"event", event.service, to_string(event.kind), "count"}, event.at,
        static_cast<double>(event.count));
  }
  return text;
}

void write(JsonText& json, const NamedSeries& name, const PartialSeries& values) {
  json.begin_object(JsonText::Style::compact);
  json.member("of", name.of);
  json.member("subject", name.subject);
  json.member("quantity", name.quantity);
  json.member("unit", name.unit);
  json.key("values");
  json.begin_array(JsonText::Style::compact);
  for (const std::optional<double>& value : values) json.value(value);
  json.end_array();
  json.end_object();
}

void write(JsonText& json, const TimelineEvent& event) {
  json.begin_object(JsonText::Style::compact);
  json.member("at", event.at);
  json.member("kind", to_string(event.kind));
  json.member("service", event.service);
  json.member("count", event.count);
  json.end_object();
}

}  // namespace

std::string write_timeline_csv(const Report& report) {
  std::string text = "setup,of,subject,quantity,unit,time,value\n";
  for (const SetupReport& setup : report.setups) {
    if (setup.timeline) text += rows(setup.name, *setup.timeline);
  }
  return text;
}

void write(JsonText& json, const Timeline& timeline) {
  json.begin_object();
  json.member("replication", timeline.replication);
  json.member("slice", timeline.slice);
  json.member("end", timeline.end);
  json.member("warmup", timeline.warmup);
  json.key("series");
  json.begin_array();
  for_each_series(timeline, [&](const NamedSeries& name, const PartialSeries& values) {
    write(json, name, values);
  });
  json.end_array();
  json.key("events");
  json.begin_array();
  for (const TimelineEvent& event : timeline.events) write(json, event);
  json.end_array();
  json.member("events_left_out", timeline.events_left_out);
  json.end_object();
}

}  // namespace cotenant
