// SPDX-License-Identifier: Apache-2.0
#include "study/writers/write_inspection.h"

#include <algorithm>
#include <vector>

#include "study/writers/display.h"
#include "study/writers/format.h"
#include "study/writers/json_text.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

// So many lines can be read; the shortest pieces are left out.
constexpr std::size_t kMostLines = 48;
// Calls that take a smaller part of the latency are one line.
constexpr double kWorthOpening = 0.02;

constexpr std::size_t kNumber = 9;
constexpr std::size_t kLabel = 44;

struct Line {
  double begin = 0, end = 0;
  std::string label;
  std::uint32_t color = 0x7f7f7f;
  std::uint64_t count = 1;  // calls

  double length() const { return end - begin; }
};

// --- From rows to lines

std::string label_of(const TraceSpan& span) {
  std::string label(words(span.state).label);
  const std::string& who = span.by.empty() ? span.service : span.by;
  return who.empty() ? label : label + ": " + printable(who);
}

std::string label_of(const TraceRow& row) {
  const bool is_call = row.kind == TraceRow::Kind::call;
  std::string label = is_call ? "call of " + printable(row.name) : "an attempt";
  if (row.outcome != Outcome::completed) label += ": " + std::string(words(row.outcome));
  return label;
}

class Lines {
 public:
  explicit Lines(const TracedRequest& request) : request_(request) {
    add_row(0, 0);
    leave_out_the_shortest();
  }

  const std::vector<Line>& lines() const { return lines_; }
  std::size_t left_out() const { return left_out_; }

 private:
  std::vector<std::size_t> below(std::size_t row) const {
    std::vector<std::size_t> rows;
    for (std::size_t i = row + 1; i < request_.rows.size(); ++i) {
      if (request_.rows[i].parent == row) rows.push_back(i);
    }
    return rows;
  }

  // Its pieces, and after each what began within it.
  void add_row(std::size_t row, std::size_t depth) {
    const std::vector<std::size_t> rows = below(row);
    auto next = rows.begin();
    for (const TraceSpan& span : request_.rows[row].spans) {
      add_span(span, depth);
      for (; next != rows.end() && request_.rows[*next].begin < span.end; ++next) {
        add_below(*next, span.state, depth + 1);
      }
    }
    last_ = nullptr;
  }

  // What a proxy has passed on is in its own pieces already. Short calls of one kind that follow
  // each other are one line.
  void add_below(std::size_t row, WaitState meanwhile, std::size_t depth) {
    const TraceRow& shown = request_.rows[row];
    const std::string label = indented(label_of(shown), depth);
    const bool is_news = meanwhile == WaitState::downstream || meanwhile == WaitState::retry;
    const bool is_long = shown.end - shown.begin >= kWorthOpening * request_.latency;
    last_ = nullptr;
    if (!is_long && !lines_.empty() && lines_.back().label == label) {
      ++lines_.back().count;
      lines_.back().end = std::max(lines_.back().end, shown.end);
      return;
    }
    lines_.push_back({shown.begin, shown.end, label});
    if (is_news && is_long) add_row(row, depth + 1);
  }

  // Together with the one before it, if that is the same.
  void add_span(const TraceSpan& span, std::size_t depth) {
    const bool goes_on = last_ != nullptr && last_->state == span.state &&
                         last_->service == span.service && last_->by == span.by;
    last_ = &span;
    if (goes_on) {
      lines_.back().end = span.end;
    } else {
      lines_.push_back(
          {span.begin, span.end, indented(label_of(span), depth), words(span.state).color});
    }
  }

  static std::string indented(const std::string& label, std::size_t depth) {
    return std::string(2 * depth, ' ') + label;
  }

  void leave_out_the_shortest() {
    if (lines_.size() <= kMostLines) return;
    std::vector<double> lengths;
    for (const Line& line : lines_) lengths.push_back(line.length());
    std::sort(lengths.begin(), lengths.end());
    const double shortest = lengths[lengths.size() - kMostLines];
    left_out_ = std::erase_if(lines_, [&](const Line& line) { return line.length() < shortest; });
    while (lines_.size() > kMostLines) {  // many of the same length
      lines_.pop_back();
      ++left_out_;
    }
  }

  const TracedRequest& request_;
  std::vector<Line> lines_;
  const TraceSpan* last_ = nullptr;
  std::size_t left_out_ = 0;
};

// --- As text

class Page {
 public:
  Page(const TracedRequest& request, const WaterfallOptions& options)
      : request_(request),
        ink_(options.color),
        scale_(scale_of(MetricUnit::seconds, request.latency, request.latency)),
        bars_(std::max<std::size_t>(options.width, 72) - 2 * kNumber - kLabel - 4) {}

  std::string waterfall() const {
    const Lines lines(request_);
    std::string text = heading();
    for (const Line& line : lines.lines()) text += shown(line);
    if (lines.left_out() > 0) {
      text += "  " + grouped(lines.left_out()) + " shorter pieces are not shown; json has all\n";
    }
    if (request_.rows_left_out > 0) {
      text += "  " + grouped(request_.rows_left_out) + " more calls are not followed\n";
    }
    return text;
  }

 private:
  // With one digit more than the whole has.
  std::string number(double seconds) const {
    return pad_left(part_of(seconds, request_.latency / 10, scale_), kNumber);
  }

  std::string heading() const {
    const std::string unit(scale_.unit);
    const std::string end = part_of(request_.latency, request_.latency, scale_) + " " + unit;
    const std::string text = pad_left("from " + unit, kNumber) + pad_left("for " + unit, kNumber) +
                             "  " + pad_right("where its time went", kLabel) + "  " + "0" +
                             pad_left(end, bars_ - 1);
    return ink_.dim(text) + "\n";
  }

  std::string shown(const Line& line) const {
    const std::string label =
        line.count == 1 ? line.label : line.label + " (" + grouped(line.count) + ")";
    return number(line.begin) + number(line.length()) + "  " +
           pad_right(clip(label, kLabel), kLabel) + "  " + bar(line) + "\n";
  }

  // At least one cell, so that nothing is invisible.
  std::string bar(const Line& line) const {
    if (request_.latency <= 0) return "";
    const auto cell = [&](double at) {
      return static_cast<std::size_t>(at / request_.latency * static_cast<double>(bars_) + 0.5);
    };
    const std::size_t begin = std::min(cell(line.begin), bars_ - 1);
    const std::size_t end = std::clamp(cell(line.end), begin + 1, bars_);
    std::string cells;
    for (std::size_t i = begin; i < end; ++i) cells += "█";
    return std::string(begin, ' ') + ink_.color(line.color, cells);
  }

  const TracedRequest& request_;
  Ink ink_;
  Scale scale_;
  std::size_t bars_;
};

std::string times(std::uint64_t count) { return count == 1 ? "once" : grouped(count) + " times"; }

std::string held(const TracedRequest& request, const WaterfallOptions& options) {
  std::string text = "\nWhat held it:\n";
  for (const TraceShare& share : request.shares) {
    const std::string part = pad_left(whole_percent(share.seconds / request.latency), 5);
    const std::vector<std::string> lines = wrap(sentence(share), options.width - 9);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      text += "  " + (i == 0 ? part : std::string(5, ' ')) + "  " + lines[i] + "\n";
    }
  }
  return text;
}

std::string about(const TracedRequest& request) {
  std::string text = "Number " + grouped(request.ordinal) + " of " + printable(request.source) +
                     ": arrived " + short_time(request.arrival) + " after the start, " +
                     std::string(words(request.outcome)) + " after " + short_time(request.latency);
  if (request.attempts > 1) text += ", at attempt " + grouped(request.attempts);
  return text + ".";
}

// --- As JSON

constexpr auto kCompact = JsonText::Style::compact;

std::string_view name_of(TraceRow::Kind kind) {
  switch (kind) {
    case TraceRow::Kind::attempt:
      return "attempt";
    case TraceRow::Kind::call:
      return "call";
    case TraceRow::Kind::request:
      break;
  }
  return "request";
}

void write(JsonText& json, const TraceShare& share) {
  json.begin_object(kCompact);
  json.member("state", to_string(share.state));
  json.member("seconds", share.seconds);
  json.member("times", share.times);
  json.member("by", share.by);
  json.member("text", sentence(share));
  json.end_object();
}

void write(JsonText& json, const TraceSpan& span) {
  json.begin_object(kCompact);
  json.member("begin", span.begin);
  json.member("end", span.end);
  json.member("state", to_string(span.state));
  json.member("service", span.service);
  json.member("by", span.by);
  json.member("booking", span.booking);
  json.end_object();
}

void write(JsonText& json, const TraceRow& row, bool is_first) {
  json.begin_object();
  json.member("kind", name_of(row.kind));
  json.key("parent");
  if (is_first) {
    json.null();
  } else {
    json.value(std::uint64_t{row.parent});
  }
  json.member("name", row.name);
  json.member("begin", row.begin);
  json.member("end", row.end);
  json.member("outcome", to_string(row.outcome));
  json.key("spans");
  json.begin_array();
  for (const TraceSpan& span : row.spans) write(json, span);
  json.end_array();
  json.end_object();
}

void write(JsonText& json, const TracedRequest& request) {
  json.begin_object();
  json.member("percentile", request.percentile);
  json.member("wanted", request.wanted);
  json.member("class", request.request_class);
  json.member("source", request.source);
  json.member("ordinal", request.ordinal);
  json.member("arrival", request.arrival);
  json.member("latency", request.latency);
  json.member("outcome", to_string(request.outcome));
  json.member("attempts", request.attempts);
  json.key("shares");
  json.begin_array();
  for (const TraceShare& share : request.shares) write(json, share);
  json.end_array();
  json.key("rows");
  json.begin_array();
  for (const TraceRow& row : request.rows) write(json, row, &row == &request.rows.front());
  json.end_array();
  json.member("rows_left_out", request.rows_left_out);
  json.end_object();
}

}  // namespace

std::string sentence(const TraceShare& share) {
  std::string text(words(share.state).phrase);
  if (!share.by.empty()) text += ", " + printable(share.by);
  text += ": " + times(share.times) + ", " + short_time(share.seconds);
  return share.times > 1 ? text + " together" : text;
}

std::string title(const Inspection& inspection, const TracedRequest& request) {
  std::string text = printable(inspection.setup) + ": a request of class " +
                     printable(request.request_class) + ", near ";
  if (!request.percentile) return text + short_time(request.wanted);
  // Rounded, because 0.29 is a little less than 29 of 100.
  const auto hundredths = static_cast<std::int64_t>(*request.percentile * 1e6 + 0.5);
  return text + "p" + shortest(static_cast<double>(hundredths) / 1e4) + " (" +
         short_time(request.wanted) + ") of " + grouped(inspection.requests);
}

std::string write_inspection_text(const Inspection& inspection, const WaterfallOptions& options) {
  if (!inspection.why_none.empty()) {
    return printable(inspection.setup) + ": " + printable(inspection.why_none) + ".\n";
  }
  const Ink ink(options.color);
  std::string text;
  for (const TracedRequest& request : inspection.traces) {
    if (!text.empty()) text += "\n";
    text += ink.bold(title(inspection, request)) + "\n" + about(request) + "\n\n";
    text += Page(request, options).waterfall() + held(request, options);
  }
  return text;
}

std::string write_inspection_json(const Inspection& inspection) {
  JsonText json;
  json.begin_object();
  json.member("setup", inspection.setup);
  json.member("replication", inspection.replication);
  json.member("warmup", inspection.warmup);
  json.member("requests", inspection.requests);
  if (!inspection.why_none.empty()) json.member("why_none", inspection.why_none);
  json.key("traces");
  json.begin_array();
  for (const TracedRequest& request : inspection.traces) write(json, request);
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace cotenant
