// SPDX-License-Identifier: GPL-3.0-or-later
//
// Importing as a person sees it: a dialog for the files, something to look at and to cancel while
// long logs are read, and a message when nothing came of it.
#pragma once

#include <QObject>
#include <QPointer>
#include <QStringList>

#include "gui/session/import_files.h"
#include "gui/session/worker.h"

QT_BEGIN_NAMESPACE
class QProgressDialog;
QT_END_NAMESPACE

namespace cotenant::gui {

class Importing : public QObject {
  Q_OBJECT

 public:
  explicit Importing(QWidget* window);

  // Asks which files, and begins with them.
  void choose();
  // Instead of what was begun before.
  void begin(const QStringList& files);
  void cancel();

 Q_SIGNALS:
  void imported(const cotenant::gui::ImportedText& text);

 private:
  void wait(const QStringList& files);
  void end(Found<ImportedText> found);

  QWidget* window_;
  QPointer<QProgressDialog> waiting_;
  int number_ = 0;  // of what is awaited
  Worker worker_;   // the last member: it ends before the others
};

}  // namespace cotenant::gui
