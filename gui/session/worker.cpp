// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/worker.h"

#include <unistd.h>

#include <QStringList>
#include <algorithm>

namespace cotenant::gui {
namespace {

// More than this nobody reads at once.
constexpr std::size_t kMostSentences = 8;

QString sentence(const Diagnostic& problem) {
  std::string text = problem.pointer.empty() ? "" : problem.pointer + ": ";
  text += problem.message;
  if (!problem.expected.empty() && problem.message.find(problem.expected) == std::string::npos) {
    text += "; expected is " + problem.expected;
  }
  if (!problem.nearest.empty()) text += "; did you mean \"" + problem.nearest + "\"?";
  return QString::fromStdString(text);
}

// On Linux this is of the calling thread and of those it starts, so that the window has its core at
// once when all of them are busy: of one that they share it gets nine tenths (weights 1024 and 110,
// kernel/sched/core.c). The idle class would give way even more, but beside another program that
// computes it would never come to an answer.
void give_way() {
  if (::nice(10) == -1) return;  // refused: then it is as important as all others
}

}  // namespace

unsigned study_threads() { return std::max(1U, std::thread::hardware_concurrency()); }

QString sentences(const Diagnostics& problems) {
  QStringList lines;
  for (std::size_t i = 0; i < std::min(problems.size(), kMostSentences); ++i) {
    lines.push_back(sentence(problems[i]));
  }
  if (problems.size() > kMostSentences) {
    lines.push_back(QStringLiteral("and %1 more").arg(problems.size() - kMostSentences));
  }
  return lines.join(QLatin1Char('\n'));
}

Worker::Worker() : thread_([this] { work(); }) {}

Worker::~Worker() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
    stop_ = true;
  }
  asked_.notify_one();
  thread_.join();
}

void Worker::run(Task task) {
  {
    const std::scoped_lock lock(mutex_);
    next_ = std::move(task);
    stop_ = true;
  }
  asked_.notify_one();
}

void Worker::stop() {
  const std::scoped_lock lock(mutex_);
  next_.reset();
  stop_ = true;
}

void Worker::work() {
  give_way();
  while (true) {
    std::unique_lock lock(mutex_);
    asked_.wait(lock, [this] { return next_ || closing_; });
    if (closing_) return;
    const Task task = *std::exchange(next_, std::nullopt);
    stop_ = false;
    lock.unlock();
    task(stop_);
  }
}

}  // namespace cotenant::gui
