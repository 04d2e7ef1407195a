// SPDX-License-Identifier: Apache-2.0
//
// The open scenario: edits, steps to undo, what follows from the text, and files.
#include "gui/document/document.h"

#include <gtest/gtest.h>

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "tests/scenarios/files.h"

namespace cotenant::gui {
namespace {

using ::cotenant::test::minimal_scenario;
using ::cotenant::test::read_source;

TEST(Document, FollowsItsText) {
  Document document;
  EXPECT_FALSE(document.tree());
  QSignalSpy scenarios(&document, &Document::scenarioChanged);
  document.start(minimal_scenario());
  ASSERT_TRUE(document.scenario());
  EXPECT_EQ(scenarios.size(), 1);
  EXPECT_TRUE(document.setValue("/study/replications", "7"));
  EXPECT_EQ(document.scenario()->study.replications, 7);
  EXPECT_EQ(scenarios.size(), 2);
  EXPECT_TRUE(document.setValue("/study/replications", "0"));
  EXPECT_FALSE(document.scenario());
  EXPECT_TRUE(document.tree());
  ASSERT_EQ(document.problems().size(), 1u);
  EXPECT_EQ(document.problems()[0].pointer, "/study/replications");
  document.replaceText(QStringLiteral("{"));
  EXPECT_FALSE(document.tree());
  EXPECT_FALSE(document.setValue("/seed", "1"));  // nowhere to put it
  document.replaceText(QString::fromStdString(minimal_scenario()) + QStringLiteral("\n\n"));
  EXPECT_TRUE(document.scenario());
}

TEST(Document, DoesNotCallTheSameScenarioAnotherOne) {
  Document document;
  document.start(minimal_scenario());
  QSignalSpy scenarios(&document, &Document::scenarioChanged);
  document.replaceText(QString::fromStdString(minimal_scenario()) + QStringLiteral(" "));
  EXPECT_EQ(scenarios.size(), 0);
}

TEST(Document, UndoesToTheByteWithoutLimit) {
  const std::string text = read_source("scenarios/library/web-shop.json");
  Document document;
  document.start(text);
  for (int i = 1; i <= 300; ++i) {
    ASSERT_TRUE(document.setValue("/seed", std::to_string(i + 1)));
    ASSERT_TRUE(document.insertEntry("/setups", "shared", "s" + std::to_string(i), "{}"));
  }
  ASSERT_TRUE(document.rename("/setups/paas", "platform"));
  ASSERT_TRUE(document.remove("/objectives"));
  ASSERT_TRUE(document.appendItem("/objectives", R"({"metric": "error_ratio", "below": 1})"));
  const std::string end = document.text();
  while (document.undoStack().canUndo()) document.undoStack().undo();
  EXPECT_EQ(document.text(), text);
  EXPECT_FALSE(document.isModified());
  while (document.undoStack().canRedo()) document.undoStack().redo();
  EXPECT_EQ(document.text(), end);
}

TEST(Document, MergesTheEditsOfOneDrag) {
  Document document;
  document.start(minimal_scenario());
  const int drag = Document::newMergeId();
  for (int i = 1; i <= 120; ++i) document.setValue("/seed", std::to_string(i), drag);
  EXPECT_EQ(document.undoStack().count(), 1);
  document.setValue("/seed", "7", Document::newMergeId());
  EXPECT_EQ(document.undoStack().count(), 2);
  document.undoStack().undo();
  EXPECT_EQ(document.scenario()->seed, 120u);
  document.undoStack().undo();
  EXPECT_EQ(document.text(), minimal_scenario());
}

TEST(Document, MergesWhatIsTypedOnALine) {
  Document document;
  document.start("{}");
  for (const char* text :
       {"{\"", "{\"a", "{\"ab", "{\"a", "{\"a\"", "{\"a\"\n", "{\"a\"\n:", "{\"a\"\n:1}"}) {
    document.replaceText(QString::fromUtf8(text));
  }
  EXPECT_EQ(document.undoStack().count(), 2);
  document.undoStack().undo();
  EXPECT_EQ(document.text(), "{\"a\"");
  document.undoStack().undo();
  EXPECT_EQ(document.text(), "{}");
}

TEST(Document, SavesWhatItLoaded) {
  const QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("a shop.json"));
  const auto bytes = [&] {
    QFile file(path);
    EXPECT_TRUE(file.open(QIODevice::ReadOnly));
    return file.readAll();
  };
  const QByteArray windows = "\xef\xbb\xbf{\r\n  \"name\": \"é\"\r\n}\r\n";
  {
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(windows);
  }
  Document document;
  ASSERT_EQ(document.load(path).toStdString(), "");
  EXPECT_EQ(document.text().find('\r'), std::string::npos);
  EXPECT_EQ(document.directory().string(), folder.path().toStdString());
  ASSERT_EQ(document.save(path), QString());
  EXPECT_EQ(bytes(), windows);
  document.setValue("/name", "\"è\"");
  EXPECT_TRUE(document.isModified());
  ASSERT_EQ(document.save(path), QString());
  EXPECT_FALSE(document.isModified());
  EXPECT_TRUE(bytes().contains("\"è\"\r\n"));
}

TEST(Document, RefusesWhatIsNoTextAndKeepsWhatItHas) {
  const QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("picture.json"));
  {
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray("\x89PNG\r\n\0\xff", 8));
  }
  Document document;
  document.start(minimal_scenario());
  document.setValue("/seed", "5");
  EXPECT_TRUE(document.load(path).contains(QStringLiteral("UTF-8")));
  EXPECT_TRUE(document.load(folder.filePath(QStringLiteral("none.json")))
                  .contains(QStringLiteral("cannot be opened")));
  EXPECT_EQ(document.scenario()->seed, 5u);
  EXPECT_TRUE(document.undoStack().canUndo());
  EXPECT_TRUE(document.save(QStringLiteral("/proc/no/such.json"))
                  .contains(QStringLiteral("edits are still here")));
  EXPECT_TRUE(document.isModified());
}

TEST(Document, CountsRecoveredEditsAsNotSaved) {
  Document document;
  document.recover(minimal_scenario(), QStringLiteral("/tmp/x.json"));
  EXPECT_TRUE(document.isModified());
  EXPECT_EQ(document.title(), QStringLiteral("x.json"));
}

}  // namespace
}  // namespace cotenant::gui
