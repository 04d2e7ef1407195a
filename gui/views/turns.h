// SPDX-License-Identifier: GPL-3.0-or-later
//
// Work that need not be done at once, such as drawing charts anew, one piece in each round of the
// event loop: between two of them the window answers its user.
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <deque>
#include <functional>

namespace cotenant::gui {

class Turns : public QObject {
  Q_OBJECT

 public:
  // Of the application.
  static Turns& shared();

  // `work` is done soon, unless the object is gone by then. An object that waits already keeps its
  // place.
  void wait(QObject* object, std::function<void()> work);

 private:
  explicit Turns(QObject* parent);
  void next();

  struct Waiting {
    QPointer<QObject> object;
    std::function<void()> work;
  };
  std::deque<Waiting> waiting_;
  QTimer timer_;
};

}  // namespace cotenant::gui
