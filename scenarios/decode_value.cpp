// SPDX-License-Identifier: Apache-2.0
//
// Reading of single values: numbers, texts, quantities. Numbers are read from their text, so that a
// whole number is exact in all 64 bits and "4.0" is not taken for one.
#include <charconv>
#include <cmath>
#include <system_error>

#include "scenarios/decoder.h"
#include "scenarios/fields_memory.h"
#include "scenarios/metric.h"
#include "scenarios/quantity.h"

namespace cotenant {

namespace {

// Longest texts a person would put into a title or a path, and into a description.
constexpr std::size_t kMaxLine = 1000;
constexpr std::size_t kMaxText = 20'000;

template <class Number>
std::optional<Number> number_of(const Node& node) {
  if (node.kind != Node::Kind::number) return std::nullopt;
  const char* const end = node.text.data() + node.text.size();
  Number number{};
  const auto read = std::from_chars(node.text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

bool contains(const Real& real, double value) {
  return (real.low_excluded ? value > real.low : value >= real.low) &&
         (real.high_excluded ? value < real.high : value <= real.high);
}

bool contains(const Whole& whole, std::int64_t value) {
  return value >= whole.low && value <= whole.high;
}

bool has_control_character(std::string_view text, bool multiline) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && !(multiline && (c == '\n' || c == '\t'))) || byte == 0x7f) return true;
  }
  return false;
}

}  // namespace

void Decoder::must_be(const Node& node, std::string expected, std::string_view got,
                      std::string nearest) {
  std::string message = "must be " + expected + ", got " + std::string(got);
  problem(node.position, std::move(message), std::move(expected), std::move(nearest));
}

void Decoder::problem(Position position, std::string message, std::string expected,
                      std::string nearest) {
  if (position.line == 0) message += " (given by --set)";
  diagnostics_.add({pointer_, position.line, position.column, std::move(message),
                    std::move(expected), std::move(nearest)});
}

void Decoder::problem_at(std::string_view key, Position position, std::string message,
                         std::string expected, std::string nearest) {
  const Descent descent(*this, pointer_token(key));
  problem(position, std::move(message), std::move(expected), std::move(nearest));
}

void Decoder::read(const Node& node, bool& value, const Field& field) {
  if (node.kind != Node::Kind::boolean) {
    return must_be(node, expectation(Of<bool>(), field), describe(node));
  }
  value = node.boolean;
}

void Decoder::read(const Node& node, std::int64_t& value, const Field& field) {
  const auto number = number_of<std::int64_t>(node);
  if (!number || !contains(field.whole, *number)) {
    return must_be(node, expectation(Of<std::int64_t>(), field), describe(node));
  }
  value = *number;
}

void Decoder::read(const Node& node, std::uint64_t& value, const Field& field) {
  std::int64_t number = static_cast<std::int64_t>(value);
  read(node, number, field);
  value = static_cast<std::uint64_t>(number);
}

void Decoder::read(const Node& node, double& value, const Field& field) {
  const auto number = number_of<double>(node);
  if (!number || !contains(field.real, *number)) {
    return must_be(node, expectation(Of<double>(), field), describe(node));
  }
  value = *number + 0.0;  // -0 becomes 0
}

void Decoder::read(const Node& node, std::string& value, const Field& field) {
  const std::string expected = expectation(Of<std::string>(), field);
  if (node.kind != Node::Kind::string) return must_be(node, expected, describe(node));
  const std::string& text = node.text;
  if (!field.choices.empty()) {
    const std::vector<std::string_view> choices(field.choices.begin(), field.choices.end());
    for (const std::string_view choice : choices) {
      if (choice == text) {
        value = text;
        return;
      }
    }
    return must_be(node, expected, describe(node), nearest_name(text, choices));
  }
  if (text.empty() && !field.multiline) return must_be(node, expected, describe(node));
  if (text.size() > (field.multiline ? kMaxText : kMaxLine)) {
    return problem(node.position, "is too long", expected);
  }
  if (has_control_character(text, field.multiline)) {
    return problem(node.position, "must not contain control characters, got " + describe(node),
                   expected);
  }
  value = text;
}

template <class Quantity, class Parse, class Valid>
void Decoder::read_quantity(const Node& node, Quantity& value, const Field& field, Parse parse,
                            Valid valid) {
  const std::string expected = expectation(Of<std::optional<Quantity>>(), field);
  if (node.kind == Node::Kind::number) {
    return must_be(node, expected, describe(node) + " without a unit");
  }
  if (node.kind != Node::Kind::string) return must_be(node, expected, describe(node));
  Parsed<Quantity> parsed = parse(node.text);
  if (!parsed.value) {
    return problem(node.position, "must be " + expected + ": " + parsed.problem, expected,
                   std::move(parsed.nearest));
  }
  if (!valid(*parsed.value)) return must_be(node, expected, describe(node));
  value = *std::move(parsed.value);
}

void Decoder::read(const Node& node, Duration& value, const Field& field) {
  read_quantity(node, value, field, parse_duration,
                [&](Duration d) { return contains(field.whole, d.count()); });
}
void Decoder::read(const Node& node, CpuTime& value, const Field& field) {
  read_quantity(node, value, field, parse_cpu_time,
                [&](CpuTime t) { return contains(field.whole, t.count()); });
}
void Decoder::read(const Node& node, Bytes& value, const Field& field) {
  read_quantity(node, value, field, parse_bytes,
                [&](Bytes b) { return contains(field.whole, b.count()); });
}
void Decoder::read(const Node& node, LinkSpeed& value, const Field& field) {
  read_quantity(node, value, field, parse_link_speed,
                [&](LinkSpeed s) { return contains(field.whole, s.bytes_per_second); });
}
void Decoder::read(const Node& node, Rate& value, const Field& field) {
  read_quantity(node, value, field, parse_rate,
                [&](Rate r) { return contains(field.real, r.per_second); });
}
void Decoder::read(const Node& node, Money& value, const Field& field) {
  read_quantity(node, value, field, parse_money, [](const Money&) { return true; });
}

void Decoder::read(const Node& node, CpuList& value, const Field& field) {
  if (node.kind != Node::Kind::string) {
    return must_be(node, expectation(Of<CpuList>(), field), describe(node));
  }
  read_quantity(node, value, field, parse_cpu_list, [](const CpuList&) { return true; });
}

void Decoder::read_bound_member(std::string_view key, const Node& node,
                                std::optional<double>& value, std::string_view metric) {
  const Descent descent(*this, pointer_token(key));
  const std::optional<Metric> known = metric_named(metric);
  if (!known) return;  // reported where the metric is
  const MetricUnit unit = info(*known).unit;
  switch (unit) {
    case MetricUnit::seconds: {
      Duration duration(-1);
      read(node, duration, {.whole = {0, 86'400'000'000'000}});
      // A day has fewer ns than 2^53, so the conversion to seconds and back is exact.
      if (duration.count() >= 0) value = static_cast<double>(duration.count()) / 1e9;
      return;
    }
    case MetricUnit::per_second: {
      Rate rate{-1};
      read(node, rate, {.real = {0, 1e9}});
      if (rate.per_second >= 0) value = rate.per_second;
      return;
    }
    case MetricUnit::bytes: {
      Bytes bytes(-1);
      read(node, bytes, {.whole = kAnyMemory});  // below 2^53, so exact
      if (bytes.count() >= 0) value = static_cast<double>(bytes.count());
      return;
    }
    case MetricUnit::ratio:
    case MetricUnit::count: {
      double number = -1;
      read(node, number, {.real = {0, unit == MetricUnit::ratio ? 1.0 : 1e9}});
      if (number >= 0) value = number;
      return;
    }
  }
}

bool Decoder::has_size(const Node& node, const Field& field, const std::string& expected) {
  const std::size_t size = node.items.size();
  if (size >= field.min_items && size <= field.max_items) return true;
  must_be(node, expected, size == 0 ? "none" : std::to_string(size));
  return false;
}

bool Decoder::is_entry_name(const Node& object, std::size_t index, const Field& field) {
  const std::string& name = object.keys[index].text;
  const Position position = object.keys[index].position;
  const bool blank_end = !name.empty() && (name.front() == ' ' || name.back() == ' ');
  if (name.empty() || name.size() > kMaxNameLength || blank_end ||
      name.find_first_of("./") != std::string::npos || has_control_character(name, false)) {
    problem_at(name, position,
               in_quotes(name) +
                   " is not a name: 1 to 64 bytes without \".\", \"/\", "
                   "control characters or a blank at either end");
    return false;
  }
  // An override may set something of an entry, but does not create one by a slip of the keyboard.
  if (object.items[index].implied && field.references.empty()) {
    std::vector<std::string_view> others;
    for (std::size_t i = 0; i < object.keys.size(); ++i) {
      if (!object.items[i].implied) others.push_back(object.keys[i].text);
    }
    problem_at(name, position, "there is no " + in_quotes(name) + " here", either(others),
               nearest_name(name, others));
    return false;
  }
  return true;
}

}  // namespace cotenant
