// SPDX-License-Identifier: Apache-2.0
//
// Nothing that was typed is lost for longer than the second between two automatic saves.
#include "gui/document/autosave.h"

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <cstdio>

#include "gui/document/document.h"
#include "tests/gui/autosave_victim.h"
#include "tests/scenarios/files.h"

namespace cotenant::gui {

namespace test {

using ::cotenant::test::minimal_scenario;

bool isAutosaveVictim() {
  return QCoreApplication::arguments().value(1) == QStringLiteral("--autosave-victim");
}

int runAutosaveVictim() {
  Document document;
  Autosave autosave(document, QCoreApplication::arguments().value(2));
  document.start(minimal_scenario(), QStringLiteral("/srv/a shop.json"));
  document.setValue("/name", "\"kept\"");
  autosave.flush();
  document.setValue("/name", "\"of the last second\"");
  std::puts("ready");
  std::fflush(stdout);
  return std::getchar();
}

}  // namespace test

namespace {

QStringList filesIn(const QTemporaryDir& folder) {
  return QDir(folder.path()).entryList(QDir::Files);
}

TEST(Autosave, KeepsWhatAKilledProgramHadUntilItsLastSecond) {
  const QTemporaryDir folder;
  QProcess victim;
  victim.start(QCoreApplication::applicationFilePath(),
               {QStringLiteral("--autosave-victim"), folder.path()});
  ASSERT_TRUE(victim.waitForReadyRead(60'000));
  EXPECT_TRUE(Autosave::leftEdits(folder.path()).empty());  // it lives
  victim.kill();
  ASSERT_TRUE(victim.waitForFinished(60'000));
  std::vector<LeftEdits> left = Autosave::leftEdits(folder.path());
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].problem, QString());
  EXPECT_EQ(left[0].path, QStringLiteral("/srv/a shop.json"));
  EXPECT_TRUE(left[0].when.isValid());
  EXPECT_NE(left[0].text.find("\"kept\""), std::string::npos);
  // While one program offers them, another does not.
  EXPECT_TRUE(Autosave::leftEdits(folder.path()).empty());
  Autosave::forget(left[0]);
  EXPECT_EQ(filesIn(folder), QStringList());
}

TEST(Autosave, WritesWithinASecondOfTheFirstEditAndNotOfTheLast) {
  const QTemporaryDir folder;
  Document document;
  document.start(test::minimal_scenario());
  Autosave autosave(document, folder.path());
  EXPECT_FALSE(autosave.timer().isActive());
  document.setValue("/name", "\"one\"");
  EXPECT_TRUE(autosave.timer().isActive());
  EXPECT_LE(autosave.timer().interval(), 1000);
  const int id = autosave.timer().timerId();
  document.setValue("/name", "\"two\"");
  EXPECT_EQ(autosave.timer().timerId(), id);  // not started anew
  EXPECT_EQ(filesIn(folder), QStringList());
  autosave.flush();
  EXPECT_TRUE(QFile::exists(autosave.file()));
  EXPECT_FALSE(autosave.timer().isActive());
}

TEST(Autosave, LeavesNothingWhenSavedUndoneOrClosed) {
  const QTemporaryDir folder;
  const QTemporaryDir home;
  {
    Document document;
    document.start(test::minimal_scenario());
    Autosave autosave(document, folder.path());
    document.setValue("/name", "\"one\"");
    autosave.flush();
    document.undoStack().undo();
    EXPECT_EQ(filesIn(folder), QStringList());
    document.undoStack().redo();
    autosave.flush();
    EXPECT_NE(filesIn(folder), QStringList());
    EXPECT_EQ(document.save(home.filePath(QStringLiteral("a.json"))), QString());
    EXPECT_EQ(filesIn(folder), QStringList());
    document.setValue("/name", "\"two\"");
    autosave.flush();
    EXPECT_TRUE(Autosave::leftEdits(folder.path()).empty());  // this program has them
  }
  EXPECT_EQ(filesIn(folder), QStringList());
}

TEST(Autosave, RefusesGarbageWithASentence) {
  const QTemporaryDir folder;
  const auto write = [&](const char* name, const QByteArray& bytes) {
    QFile file(folder.filePath(QString::fromUtf8(name)));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(bytes);
  };
  write("1.autosave", "");
  write("2.autosave", QByteArray("\0\xff\n\n\n\n", 6));
  write("3.autosave", "Cotenant autosave 1\n\n2026-01-01T00:00:00Z\nno checksum\n{}");
  write("notes.txt", "not ours");
  const std::vector<LeftEdits> left = Autosave::leftEdits(folder.path());
  ASSERT_EQ(left.size(), 3u);
  for (const LeftEdits& edits : left) {
    EXPECT_TRUE(edits.problem.endsWith(QStringLiteral("It can be deleted.")))
        << edits.file.toStdString();
    EXPECT_TRUE(edits.text.empty());
  }
}

TEST(Autosave, SaysWhenItCannotWrite) {
  Document document;
  document.start(test::minimal_scenario());
  Autosave autosave(document, QStringLiteral("/proc/nowhere"));
  document.setValue("/name", "\"one\"");
  autosave.flush();
  EXPECT_TRUE(autosave.problem().contains(QStringLiteral("/proc/nowhere")));
}

}  // namespace
}  // namespace cotenant::gui
