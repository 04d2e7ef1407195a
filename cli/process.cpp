// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "cli/process.h"

#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string_view>
#include <thread>

namespace cotenant {
namespace {

// Wider lines are hard to read even where there is room.
constexpr std::size_t kWidest = 160;

std::size_t terminal_width(int fd, std::size_t fallback) {
  struct winsize size = {};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return fallback;
  return std::min<std::size_t>(size.ws_col, kWidest);
}

// https://no-color.org: present and not empty.
bool no_color() {
  const char* value = std::getenv("NO_COLOR");
  return value != nullptr && *value != '\0';
}

bool is_dumb_terminal() {
  const char* value = std::getenv("TERM");
  return value != nullptr && std::string_view(value) == "dumb";
}

std::int64_t days_now() {
  const auto now = std::chrono::system_clock::now();
  return std::chrono::floor<std::chrono::days>(now).time_since_epoch().count();
}

double seconds_now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

Duration duration_of(const timespec& time) {
  return seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}
Duration duration_of(const timeval& time) {
  return seconds(time.tv_sec) + microseconds(time.tv_usec);
}

Duration time_of(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return duration_of(time);
}

CpuTime own_cpu() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return CpuTime((duration_of(usage.ru_utime) + duration_of(usage.ru_stime)).count());
}

// A signal ends it early, whatever SA_RESTART says (signal(7)).
void sleep_until(Duration steady) {
  const std::int64_t second = seconds(1).count();
  const timespec time = {steady.count() / second, steady.count() % second};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
}

RecorderClock recorder_clock() {
  return {[] { return time_of(CLOCK_MONOTONIC); }, [] { return time_of(CLOCK_REALTIME); }, own_cpu,
          sleep_until};
}

}  // namespace

Environment process_environment(StopRequest& stop_request) {
  Environment environment{std::cin, std::cout, std::cerr, stop_request, seconds_now};
  environment.recorder_clock = recorder_clock();
  environment.today = days_now();
  environment.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  environment.err_is_terminal = isatty(STDERR_FILENO) == 1;
  environment.no_color = no_color() || is_dumb_terminal();
  environment.out_width = terminal_width(STDOUT_FILENO, environment.out_width);
  environment.err_width = terminal_width(STDERR_FILENO, environment.err_width);
  environment.cores = std::max(1u, std::thread::hardware_concurrency());
  return environment;
}

}  // namespace cotenant
