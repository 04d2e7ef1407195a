// SPDX-License-Identifier: GPL-3.0-or-later
//
// Keeps the edits that are not saved yet in a file of the program's own, so that a crash, a kill or
// a power cut loses at most the last second. What dead programs left is offered at the next start.
// Programs that run at the same time leave each other's files alone: a lock file tells who lives.
#pragma once

#include <QDateTime>
#include <QLockFile>
#include <QObject>
#include <QString>
#include <QTimer>
#include <memory>
#include <string>
#include <vector>

namespace cotenant::gui {

class Document;

// Edits that a program left when it died.
struct LeftEdits {
  QString file;  // the autosave file
  QString path;  // of the scenario; empty if it was never saved
  QDateTime when;
  std::string text;
  QString problem;                  // why the file is of no use, in sentences; else empty
  std::shared_ptr<QLockFile> lock;  // no other program is offered them meanwhile
};

class Autosave : public QObject {
  Q_OBJECT

 public:
  // Watches the document as long as it lives.
  explicit Autosave(Document& document, const QString& folder = defaultFolder());
  ~Autosave() override;  // a document that is closed in an orderly way leaves nothing

  static QString defaultFolder();
  // What is in the folder and belongs to no program that runs, the latest first.
  static std::vector<LeftEdits> leftEdits(const QString& folder = defaultFolder());
  // Once the user has taken or refused them.
  static void forget(LeftEdits& edits);

  const QTimer& timer() const { return timer_; }
  const QString& file() const { return file_; }
  // Sentences about the last write; empty when all is well.
  const QString& problem() const { return problem_; }

 public Q_SLOTS:
  void flush();  // what the timer does

 Q_SIGNALS:
  void failed(const QString& problem);

 private:
  void onChanged();
  void discard();

  Document& document_;
  QString folder_;
  QString file_;
  QString problem_;
  std::unique_ptr<QLockFile> lock_;
  QTimer timer_;
};

}  // namespace cotenant::gui
