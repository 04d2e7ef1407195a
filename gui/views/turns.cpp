// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/turns.h"

#include <QCoreApplication>
#include <algorithm>
#include <utility>

namespace cotenant::gui {

Turns& Turns::shared() {
  auto* const application = QCoreApplication::instance();
  auto* turns = application->findChild<Turns*>(QString(), Qt::FindDirectChildrenOnly);
  if (turns == nullptr) turns = new Turns(application);
  return *turns;
}

Turns::Turns(QObject* parent) : QObject(parent) {
  connect(&timer_, &QTimer::timeout, this, &Turns::next);
}

void Turns::wait(QObject* object, std::function<void()> work) {
  const bool waits = std::ranges::any_of(
      waiting_, [object](const Waiting& waiting) { return waiting.object == object; });
  if (!waits) waiting_.push_back({object, std::move(work)});
  timer_.start(0);
}

void Turns::next() {
  while (!waiting_.empty()) {
    const Waiting first = std::move(waiting_.front());
    waiting_.pop_front();
    if (!first.object) continue;
    first.work();
    break;
  }
  if (waiting_.empty()) timer_.stop();
}

}  // namespace cotenant::gui
