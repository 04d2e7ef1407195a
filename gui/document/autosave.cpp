// SPDX-License-Identifier: GPL-3.0-or-later
//
// An autosave file is four lines (what it is, the path of the scenario, when, a checksum) and then
// the text.
#include "gui/document/autosave.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QSaveFile>
#include <QStandardPaths>
#include <QUuid>
#include <algorithm>
#include <chrono>

#include "gui/document/document.h"

namespace cotenant::gui {

namespace {

constexpr std::chrono::milliseconds kDelay{1000};
constexpr const char* kMagic = "Cotenant autosave 1";
const QString kEnding = QStringLiteral(".autosave");

QString lockOf(const QString& file) { return file + QStringLiteral(".lock"); }

QByteArray checksum(const QByteArray& text) {
  return QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
}

QByteArray encoded(const Document& document) {
  const QByteArray text = QByteArray::fromStdString(document.text());
  const QByteArray path = document.path().toUtf8().toPercentEncoding();
  const QByteArray when = QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toUtf8();
  return QByteArray(kMagic) + '\n' + path + '\n' + when + '\n' + checksum(text) + '\n' + text;
}

LeftEdits decoded(const QString& name, const QByteArray& bytes) {
  LeftEdits edits;
  edits.file = name;
  QList<QByteArray> head;
  qsizetype at = 0;
  for (int line = 0; line < 4; ++line) {
    const qsizetype end = bytes.indexOf('\n', at);
    if (end < 0) break;
    head.push_back(bytes.mid(at, end - at));
    at = end + 1;
  }
  const QByteArray text = bytes.mid(at);
  const bool good = head.size() == 4 && head[0] == kMagic && head[3] == checksum(text);
  if (!good) {
    edits.problem = Autosave::tr(
                        "%1 is damaged, so the edits in it cannot be recovered. It can be "
                        "deleted.")
                        .arg(name);
    return edits;
  }
  edits.path = QString::fromUtf8(QByteArray::fromPercentEncoding(head[1]));
  edits.when = QDateTime::fromString(QString::fromUtf8(head[2]), Qt::ISODate);
  edits.text = text.toStdString();
  return edits;
}

// Takes the lock of a file away from a dead program; null while a living one has it. A program that
// died before it wrote the lock counts as dead.
std::unique_ptr<QLockFile> lockedFile(const QString& file) {
  auto lock = std::make_unique<QLockFile>(lockOf(file));
  lock->setStaleLockTime(0);  // only the death of its owner makes it stale
  return lock->tryLock(0) ? std::move(lock) : nullptr;
}

}  // namespace

Autosave::Autosave(Document& document, const QString& folder)
    : QObject(&document), document_(document), folder_(folder) {
  const QString name = QUuid::createUuid().toString(QUuid::WithoutBraces);
  file_ = QDir(folder).filePath(name + kEnding);
  timer_.setSingleShot(true);
  timer_.setInterval(kDelay);
  connect(&timer_, &QTimer::timeout, this, &Autosave::flush);
  connect(&document, &Document::changed, this, &Autosave::onChanged);
  connect(&document.undoStack(), &QUndoStack::cleanChanged, this, &Autosave::onChanged);
  if (qGuiApp != nullptr) {
    connect(qGuiApp, &QGuiApplication::applicationStateChanged, this, [this] {
      if (timer_.isActive()) flush();
    });
  }
  onChanged();
}

Autosave::~Autosave() { discard(); }

QString Autosave::defaultFolder() {
  return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) +
         QStringLiteral("/unsaved");
}

// Not started anew by each edit, or somebody who types without a pause would never be safe.
void Autosave::onChanged() {
  if (!document_.isModified()) {
    discard();
  } else if (!timer_.isActive()) {
    timer_.start();
  }
}

void Autosave::flush() {
  timer_.stop();
  if (!document_.isModified()) return;
  QDir().mkpath(folder_);
  if (!lock_) lock_ = lockedFile(file_);
  const QByteArray bytes = encoded(document_);
  QSaveFile out(file_);
  const bool written =
      out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size() && out.commit();
  const QString problem =
      written ? QString()
              : tr("Edits cannot be kept safe in %1: %2. Save the scenario now and then.")
                    .arg(folder_, out.errorString());
  if (problem != problem_) {
    problem_ = problem;
    if (!written) Q_EMIT failed(problem);
  }
}

void Autosave::discard() {
  timer_.stop();
  if (!lock_) return;
  QFile::remove(file_);
  lock_.reset();  // removes the lock file
}

std::vector<LeftEdits> Autosave::leftEdits(const QString& folder) {
  std::vector<LeftEdits> found;
  const QDir directory(folder);
  const QStringList names = directory.entryList({QStringLiteral("*") + kEnding}, QDir::Files);
  for (const QString& name : names) {
    const QString file = directory.filePath(name);
    std::shared_ptr<QLockFile> lock = lockedFile(file);
    QFile in(file);
    if (!lock || !in.open(QIODevice::ReadOnly)) continue;
    found.push_back(decoded(file, in.readAll()));
    found.back().lock = std::move(lock);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const LeftEdits& a, const LeftEdits& b) { return a.when > b.when; });
  return found;
}

void Autosave::forget(LeftEdits& edits) {
  QFile::remove(edits.file);
  edits.lock.reset();  // removes the lock file
}

}  // namespace cotenant::gui
