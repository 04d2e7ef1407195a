// SPDX-License-Identifier: GPL-3.0-or-later
//
// A thread for work that is worth nothing once there is newer work: the newest task ends the one
// before it.
#pragma once

#include <QMetaObject>
#include <QObject>
#include <QString>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "sim/base/diagnostics.h"

namespace cotenant::gui {

class Worker {
 public:
  // Ends soon after `stop` is set, and throws nothing.
  using Task = std::function<void(const std::atomic<bool>& stop)>;

  Worker();
  // Stops what runs, and waits for it.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void run(Task task);
  void stop();

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable asked_;
  std::optional<Task> next_;  // guarded by mutex_
  bool closing_ = false;      // guarded by mutex_
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

// How many threads a study may have.
unsigned study_threads();

// Problems in full, one sentence a line: what is wrong, and what would be right.
QString sentences(const Diagnostics& problems);

// What a task found, or why it found nothing, in a sentence.
template <class Value>
struct Found {
  std::optional<Value> value;
  QString failure;
};

// Runs find(stop), which returns a Checked<Value> and may throw, and hands what it found to `done`
// in the thread of `context`, unless it was stopped before.
template <class Value, class Find, class Done>
void findInBackground(Worker& worker, QObject* context, Find find, Done done) {
  worker.run(
      [context, find = std::move(find), done = std::move(done)](const std::atomic<bool>& stop) {
        Found<Value> found;
        try {
          auto checked = find(stop);
          if (checked.ok()) {
            found.value = std::move(checked).value();
          } else {
            found.failure = sentences(checked.diagnostics());
          }
        } catch (const std::exception& error) {
          found.failure = QString::fromStdString(error.what());
        }
        if (stop) return;
        QMetaObject::invokeMethod(
            context, [done, found = std::move(found)]() mutable { done(std::move(found)); },
            Qt::QueuedConnection);
      });
}

}  // namespace cotenant::gui
