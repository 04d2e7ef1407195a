// SPDX-License-Identifier: Apache-2.0
#include "study/replicate.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "study/warmup.h"

namespace cotenant {
namespace {

// Hands out runs to threads and collects what comes back.
class Crew {
 public:
  explicit Crew(const ReplicationPlan& plan)
      : plan_(plan), records_(plan.count * plan.blueprints.size()) {}

  std::vector<std::optional<RunRecord>> work() {
    std::vector<std::jthread> threads;
    const std::size_t wanted = std::min<std::size_t>(std::max(plan_.jobs, 1u), records_.size());
    for (std::size_t i = 0; i < wanted; ++i) threads.emplace_back([this] { run_all(); });
    report_until_done(wanted);
    threads.clear();
    if (error_) std::rethrow_exception(error_);
    return std::move(records_);
  }

 private:
  bool cancelled() const {
    return failed_.load() || (plan_.run.cancel && plan_.run.cancel->load());
  }

  void run_all() {
    try {
      for (;;) {
        const std::size_t index = next_.fetch_add(1);
        if (index >= records_.size() || cancelled()) break;
        if (run_one(index)) announce([this] { ++done_; });
      }
    } catch (...) {
      failed_ = true;
      announce([this] {
        if (!error_) error_ = std::current_exception();
      });
    }
    announce([this] { ++finished_threads_; });
  }

  // False when there is nothing to run.
  bool run_one(std::size_t index) {
    RunOptions options = plan_.run;
    options.replication = plan_.first + index / plan_.blueprints.size();
    if (options.replication != plan_.run.replication) options.recorder.timeline_slices = 0;
    const Blueprint& blueprint = plan_.blueprints[index % plan_.blueprints.size()];
    if (!has_replication(blueprint, options.replication)) return false;
    records_[index] = run(blueprint, options);
    return true;
  }

  template <class Change>
  void announce(Change change) {
    const std::lock_guard lock(mutex_);
    change();
    changed_.notify_one();
  }

  void report_until_done(std::size_t threads) {
    std::unique_lock lock(mutex_);
    std::size_t reported = 0;
    while (finished_threads_ < threads || reported < done_) {
      changed_.wait(lock, [&] { return finished_threads_ == threads || reported < done_; });
      for (; reported < done_; ++reported) {
        if (!plan_.on_run_done) continue;
        lock.unlock();
        plan_.on_run_done();
        lock.lock();
      }
    }
  }

  const ReplicationPlan& plan_;
  std::vector<std::optional<RunRecord>> records_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::size_t done_ = 0;
  std::size_t finished_threads_ = 0;
  std::exception_ptr error_;
};

}  // namespace

bool has_replication(const Blueprint& blueprint, std::uint64_t replication) {
  return replication == 0 || replication == kFirstPilot || blueprint.is_random();
}

std::vector<std::optional<RunRecord>> replicate(const ReplicationPlan& plan) {
  return Crew(plan).work();
}

}  // namespace cotenant
