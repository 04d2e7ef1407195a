// SPDX-License-Identifier: Apache-2.0
//
// The driver: at every instant of the scheduler or of a release, who runs is looked at.
#include "tests/truth/cpu/kernel_replay.h"

#include <algorithm>
#include <numeric>

namespace cotenant::cpu_test {
namespace {

constexpr Duration kShortestGap = microseconds(200);

// The kernel may let a relative sleep last so much longer (timer_slack_ns, prctl(2)). Without it a
// loop would lock to the grid of the ticks.
constexpr std::uint64_t kTimerSlackUs = 50;

// CPU of a sleep in a loop, half before the clock is read and half after: starts beside spinners
// are seen 72 us after their time (p50 of K7 repeated), of which up to 50 us are timer slack.
constexpr std::int64_t kSleepOverheadUs = 40;

// A job looks at the clock when it begins: it demands so much first, with half of its overhead, and
// goes on without sleeping.
constexpr CpuTime kFirstLook{1};

double us(Duration time) { return static_cast<double>(time.count()) / 1e3; }

CpuTopology with_followed_speeds(CpuTopology topology) {
  for (CpuTask& task : topology.tasks) task.speed_is_followed = true;
  return topology;
}

}  // namespace

KernelReplay::KernelReplay(const cpu_test::Host& host, Duration tick_phase)
    : scheduler_(with_followed_speeds(host.topology), host.phases,
                 std::vector<Duration>(host.topology.cores, tick_phase)),
      players_(host.topology.tasks.size()) {}

void KernelReplay::give_jobs(TaskId task, std::vector<Job> jobs) {
  players_[task.index()].jobs = std::move(jobs);
  players_[task.index()].has_jobs = true;
}

void KernelReplay::give_loop(TaskId task, Duration sleep, Duration work, std::size_t count) {
  Job job;
  job.release = sleep.count() / 1000;
  job.burst = work.count() / 1000;
  job.overhead = kSleepOverheadUs;
  give_jobs(task, std::vector<Job>(count, job));
  players_[task.index()].sleep = sleep;
}

void KernelReplay::run_for(Duration time) {
  const Instant until = now_ + time;
  std::vector<Completion> completed;
  for (std::uint32_t t = 0; t < players_.size(); ++t) {
    if (players_[t].busy || players_[t].has_jobs) continue;
    scheduler_.demand(TaskId(t), kEndless, now_);
    players_[t].busy = true;
  }
  for (;;) {
    release();
    watch();
    Instant next = scheduler_.next_instant();
    for (const Player& player : players_) {
      if (player.busy || player.next_job == player.jobs.size()) continue;
      next = std::min(next, Instant(player.jobs[player.next_job].release * 1000));
    }
    if (next > until) break;
    now_ = next;
    completed.clear();
    scheduler_.advance(now_, completed);
    for (const Completion& done : completed) go_on(done.task);
  }
  now_ = until;
  scheduler_.advance(now_, completed);
}

// A job has run its first look, its burst, or its overhead.
void KernelReplay::go_on(TaskId task) {
  Player& player = players_[task.index()];
  Job& job = player.jobs[player.next_job];
  const std::int64_t now = now_.ns() / 1000;
  if (!player.started) {
    player.started = true;
    job.start = now;
    scheduler_.demand(task, CpuTime(job.burst * 1000), now_);
    return;
  }
  if (!player.ended) {
    player.ended = true;
    job.end = now;
    if (job.overhead > 0) {
      scheduler_.demand(task, CpuTime(job.overhead * 500), now_);
      return;
    }
  }
  player.busy = player.started = player.ended = false;
  ++player.next_job;
  if (player.sleep.is_zero() || player.next_job == player.jobs.size()) return;
  const auto slack = static_cast<std::int64_t>(mix64(player.next_job) % kTimerSlackUs);
  player.jobs[player.next_job].release = now + player.sleep.count() / 1000 + slack;
}

void KernelReplay::release() {
  for (std::uint32_t t = 0; t < players_.size(); ++t) {
    Player& player = players_[t];
    if (player.busy || player.next_job == player.jobs.size()) continue;
    const Job& job = player.jobs[player.next_job];
    if (job.release * 1000 > now_.ns()) continue;
    scheduler_.demand(TaskId(t), kFirstLook + CpuTime(job.overhead * 500), now_);
    player.busy = true;
  }
}

void KernelReplay::watch() {
  for (std::uint32_t t = 0; t < players_.size(); ++t) {
    Player& player = players_[t];
    if (!player.busy || player.has_jobs) continue;
    const bool running = scheduler_.speed(TaskId(t)) > 0;
    if (running == player.running) continue;
    if (running) {
      if (player.ran && now_ - player.run_ended > kShortestGap) {
        player.runs.push_back(us(player.run_ended - player.run_began));
        player.gaps.push_back(us(now_ - player.run_ended));
        player.run_began = now_;
      } else if (!player.ran) {
        player.run_began = now_;
      }
      player.ran = true;
    } else {
      player.run_ended = now_;
    }
    player.running = running;
  }
}

double KernelReplay::cpu_seconds(TaskId task) const {
  return static_cast<double>(scheduler_.burst_so_far(task, now_).running.count()) / 1e9;
}

std::vector<Job> KernelReplay::jobs(TaskId task) const {
  const Player& player = players_[task.index()];
  return {player.jobs.begin(), player.jobs.begin() + static_cast<std::ptrdiff_t>(player.next_job)};
}

double quantile(std::vector<double> values, double p) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(p * static_cast<double>(values.size()))];
}

double mean(const std::vector<double>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> start_delays(const std::vector<Job>& jobs) {
  std::vector<double> delays;
  for (const Job& job : jobs) delays.push_back(static_cast<double>(job.start - job.release) / 1e3);
  return delays;
}

std::vector<double> responses(const std::vector<Job>& jobs) {
  std::vector<double> times;
  for (const Job& job : jobs) times.push_back(static_cast<double>(job.end - job.release) / 1e3);
  return times;
}

}  // namespace cotenant::cpu_test
