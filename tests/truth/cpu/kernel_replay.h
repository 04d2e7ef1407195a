// SPDX-License-Identifier: Apache-2.0
//
// Spinners and timed sleepers on the EEVDF scheduler, and what the recording program saw of them:
// run and gap lengths, start delays, response times. Gaps below 200 us do not count, as there.
#pragma once

#include <cstdint>
#include <vector>

#include "models/cpu/eevdf.h"
#include "tests/models/cpu/rig.h"

namespace cotenant::cpu_test {

struct Job {
  std::int64_t release = 0;  // us
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::int64_t burst = 0;
  std::int64_t overhead = 0;  // CPU that it takes, half before its start and half after its end
};

class KernelReplay {
 public:
  // All tasks spin from the start on, unless they get jobs.
  explicit KernelReplay(const cpu_test::Host& host, Duration tick_phase = Duration(0));

  // The task sleeps until each release, then wants its burst; late ones follow at once.
  void give_jobs(TaskId task, std::vector<Job> jobs);
  // The same, but each is released a while after the one before has ended; `count` of them.
  void give_loop(TaskId task, Duration sleep, Duration work, std::size_t count);
  void run_for(Duration time);

  EevdfScheduler& scheduler() { return scheduler_; }
  std::vector<Job> jobs(TaskId task) const;  // those that have ended
  // Stretches of running and of not running that have ended, us.
  const std::vector<double>& runs(TaskId task) const { return players_[task.index()].runs; }
  const std::vector<double>& gaps(TaskId task) const { return players_[task.index()].gaps; }
  double cpu_seconds(TaskId task) const;
  Instant now() const { return now_; }

 private:
  struct Player {
    std::vector<Job> jobs;
    std::size_t next_job = 0;
    bool has_jobs = false;
    Duration sleep;  // of a loop
    bool busy = false;
    bool started = false;
    bool ended = false;  // it still has its overhead to run
    bool running = false;
    Instant run_began;
    Instant run_ended;
    bool ran = false;
    std::vector<double> runs;
    std::vector<double> gaps;
  };

  void go_on(TaskId task);
  void watch();
  void release();

  EevdfScheduler scheduler_;
  std::vector<Player> players_;
  Instant now_;
};

double quantile(std::vector<double> values, double p);
double mean(const std::vector<double>& values);
std::vector<double> start_delays(const std::vector<Job>& jobs);  // ms
std::vector<double> responses(const std::vector<Job>& jobs);     // ms

}  // namespace cotenant::cpu_test
