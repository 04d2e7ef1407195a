// SPDX-License-Identifier: Apache-2.0
//
// `cotenant capture`: find the application, say what was found, record until it is enough, say what
// it cost. Ctrl-C is how it usually ends, so it is no failure unless --for asked for more.
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "cli/commands.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/version.h"
#include "scenarios/quantity.h"
#include "study/writers/display.h"
#include "study/writers/format.h"
#include "validation/capture/recorder/log_requests.h"
#include "validation/capture/recorder/recorder.h"

namespace cotenant {
namespace {

std::string count_of(std::int64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string limits_text(const CapturedGroup& group) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (group.cpu_quota) {
    add("CPU limit " + to_text(*group.cpu_quota) + " per " + to_text(group.cpu_period));
  }
  if (group.memory_max) add("memory limit " + to_text(*group.memory_max));
  if (group.memory_high) add("memory.high " + to_text(*group.memory_high));
  if (text.empty()) add("no limits");
  if (group.cpu_weight) add("weight " + std::to_string(*group.cpu_weight));
  return text;
}

std::string server_text(const Application& application) {
  const CapturedServer& server = application.server;
  std::string text = server.software.empty() ? printable(application.master.name) : server.software;
  if (!server.kind.empty() && server.kind != server.software) text += " (" + server.kind + ")";
  text += ", process " + std::to_string(application.master.id) + ", " +
          count_of(application.workers, "worker");
  if (server.threads.value_or(1) > 1) text += " of " + count_of(*server.threads, "thread");
  if (application.port) text += ", port " + std::to_string(*application.port);
  return text;
}

std::string log_text(const LogRequests& log) {
  std::string text = log.format().name;
  text += log.format().has_duration() ? ", with durations" : ", without durations";
  if (log.has_cpu()) text += ", with the CPU of each request";
  return text;
}

std::string found_text(const Application& application, const Capture& capture,
                       const LogRequests* log) {
  std::string text = "found      " + server_text(application) + "\n";
  for (const GroupSeries& series : capture.groups) {
    text += "group      " + printable(series.group.name) + ": " + limits_text(series.group) + "\n";
  }
  if (log != nullptr) text += "log        " + log_text(*log) + "\n";
  for (const std::string& remark : capture.remarks)
    text += "note       " + printable(remark) + "\n";
  if (application.server.kind.empty()) {
    text += "note       its command line does not say how it serves, so its server has no kind\n";
  }
  if (log != nullptr && !log->format().doubt.empty()) {
    text += "note       " + printable(log->format().doubt) + "\n";
  }
  if (log == nullptr) {
    text += "note       without --log there are no requests, and demands cannot be calibrated\n";
  }
  return text;
}

std::string status_text(const RecordingStatus& status) {
  std::string text = plain_duration(static_cast<double>(status.elapsed.count() / 1'000'000'000));
  if (!status.is_running) return text + ", waiting for the application to come back";
  text += fmt::format(", {} requests, {:.2f} cores", status.requests, status.cores);
  if (status.throttled > 0) text += fmt::format(", throttled {:.0f} %", 100 * status.throttled);
  constexpr double kMebibyte = 1 << 20;
  if (status.memory) {
    text += fmt::format(", {:.0f} MiB", static_cast<double>(status.memory->count()) / kMebibyte);
  }
  return text + fmt::format("; recording takes {:.2f} % of a core", 100 * status.cost);
}

// A line that is redrawn, or where that is not possible a line each ten seconds.
class StatusLine {
 public:
  StatusLine(const CaptureArguments& arguments, Environment& environment)
      : environment_(environment),
        redraws_(environment.err_is_terminal && !arguments.quiet),
        repeats_(!redraws_ && arguments.progress) {}

  void show(const RecordingStatus& status) {
    constexpr std::int64_t kSecondsBetweenLines = 10;
    const std::string text = status_text(status);
    if (redraws_) {
      environment_.err << '\r' << clip(text, environment_.err_width - 1) << "\x1b[K" << std::flush;
    } else if (repeats_ && shown_++ % kSecondsBetweenLines == 0) {
      environment_.err << text << std::endl;
    }
  }
  void finish() {
    if (redraws_) environment_.err << "\r\x1b[K" << std::flush;
  }

 private:
  Environment& environment_;
  bool redraws_, repeats_;
  std::int64_t shown_ = 0;
};

RecordingOptions options_of(const CaptureArguments& arguments) {
  RecordingOptions options;
  options.bundle = arguments.output;
  std::filesystem::path folder = arguments.output;
  if (!folder.has_filename()) folder = folder.parent_path();
  options.name = folder.stem().string();
  options.origin = "cotenant capture " + build_text();
  options.search = arguments.search;
  options.interval = arguments.interval;
  options.length = arguments.length;
  return options;
}

std::string summary_text(const std::string& bundle, const ApplicationRecorder& recorder) {
  const CaptureCost cost = recorder.description().cost.value_or(CaptureCost());
  const double share = in_seconds(cost.cpu) / in_seconds(cost.wall);
  return fmt::format(
      "{}: {} samples and {} requests in {:.1f} s; recording took {:.2f} % of a core\n",
      printable(bundle), recorder.samples(), recorder.requests(), in_seconds(cost.wall),
      100 * share);
}

}  // namespace

ExitCode capture_command(const CaptureArguments& arguments, Environment& environment) {
  RecordingOptions options = options_of(arguments);
  const FoundApplication found = find_application(options.root, options.search);
  if (!found.application) throw CannotRead("cannot capture: " + found.why_not);
  std::optional<LogRequests> log;
  if (!arguments.log.empty()) {
    Checked<LogRequests> checked = log_requests(arguments.log, arguments.log_format);
    if (!checked.ok()) {
      environment.err << render(checked.diagnostics(), printable(arguments.log));
      return ExitCode::usage;
    }
    log = std::move(checked).value();
    options.log = arguments.log;
    options.log_resolution = log->format().resolution();
    options.read_line = [&](std::string_view line) { return log->read(line); };
  }
  try {
    ApplicationRecorder recorder(options, environment.recorder_clock, *found.application);
    write_stream(environment.out,
                 found_text(*found.application, recorder.description(), log ? &*log : nullptr));
    StatusLine line(arguments, environment);
    recorder.run(environment.stop_request.stop,
                 [&](const RecordingStatus& status) { line.show(status); });
    line.finish();
    write_stream(environment.out, summary_text(arguments.output, recorder));
  } catch (const CannotWriteBundle& error) {
    throw CannotWrite(error.what());
  }
  const bool is_early = arguments.length && environment.stop_request.interrupted;
  return is_early ? ExitCode::interrupted : ExitCode::ok;
}

}  // namespace cotenant
