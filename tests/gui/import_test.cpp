// SPDX-License-Identifier: Apache-2.0
//
// Logs and settings that are dropped on the window become a scenario with its findings, or a
// message that says what to do.
#include <gtest/gtest.h>

#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QDropEvent>
#include <QFile>
#include <QMessageBox>
#include <QMimeData>
#include <QProgressDialog>
#include <QPushButton>
#include <QSettings>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QUrl>

#include "gui/app/importing.h"
#include "gui/app/main_window.h"
#include "gui/views/findings_view.h"
#include "tests/gui/report_fixture.h"
#include "tests/scenarios/files.h"

namespace cotenant::gui {
namespace {

constexpr int kPatienceMs = 30'000;

class Import : public ::testing::Test {
 protected:
  void SetUp() override {
    QSettings().clear();
    ASSERT_TRUE(folder_.isValid());
    window_.show();
  }

  ~Import() override { window_.document().undoStack().setClean(); }

  QString write(const char* name, const std::string& bytes) {
    const QString path = folder_.filePath(QString::fromLatin1(name));
    QFile file(path);
    EXPECT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(bytes));
    return path;
  }

  // One of the files that the importer is tested with.
  QString sample(const char* name) {
    return write(name,
                 ::cotenant::test::read_source(std::string("tests/fuzz/corpus/import/") + name));
  }

  void drop(const QStringList& files) {
    QMimeData data;
    QList<QUrl> urls;
    for (const QString& file : files) urls.push_back(QUrl::fromLocalFile(file));
    data.setUrls(urls);
    // Qt gives the drop to whoever took the drag.
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window_, &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent event(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window_, &event);
  }

  bool await_scenario() {
    return QTest::qWaitFor([&] { return !window_.document().text().empty(); }, kPatienceMs);
  }

  // What the next message box says before it is closed.
  QString await_message() {
    QString said;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, [&] {
      auto* const box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
      if (box == nullptr) return;
      said = box->text() + QLatin1Char(' ') + box->informativeText();
      box->close();
    });
    timer.start(5);
    EXPECT_TRUE(QTest::qWaitFor([&] { return !said.isEmpty(); }, kPatienceMs));
    return said;
  }

  QTableView& findings() { return *window_.findChild<FindingsView*>()->findChild<QTableView*>(); }
  QDockWidget& dock() {
    return static_cast<QDockWidget&>(*window_.findChild<FindingsView*>()->parentWidget());
  }

  QTemporaryDir folder_;
  MainWindow window_;
};

TEST_F(Import, MakesAnUnsavedScenarioOfWhatIsDropped) {
  EXPECT_FALSE(dock().isVisible());
  drop({sample("nginx"), sample("gunicorn"), sample("compose")});
  ASSERT_TRUE(await_scenario());
  EXPECT_TRUE(window_.document().scenario());
  EXPECT_TRUE(window_.document().path().isEmpty());
  EXPECT_TRUE(window_.document().isModified());
  EXPECT_TRUE(dock().isVisible());
  QStringList kinds;
  for (int row = 0; row < findings().model()->rowCount(); ++row) {
    kinds.push_back(findings().model()->index(row, 0).data().toString());
  }
  EXPECT_TRUE(kinds.contains(QStringLiteral("taken")));
  EXPECT_TRUE(kinds.contains(QStringLiteral("assumed")));
  EXPECT_TRUE(kinds.contains(QStringLiteral("ignored")));
  const auto answered = [&] { return window_.session().stage() == Session::Stage::done; };
  EXPECT_TRUE(QTest::qWaitFor(answered, kPatienceMs));
}

TEST_F(Import, CopiesTheFindings) {
  drop({sample("nginx"), sample("gunicorn")});
  ASSERT_TRUE(await_scenario());
  const auto lines = [] { return QApplication::clipboard()->text().count(QLatin1Char('\n')); };
  window_.findChild<FindingsView*>()->copy();
  EXPECT_GE(lines(), findings().model()->rowCount());
  EXPECT_TRUE(QApplication::clipboard()->text().contains(QStringLiteral("workers: ")));
  findings().sortByColumn(1, Qt::DescendingOrder);
  findings().selectRow(0);
  findings().setFocus();
  QTest::keyClick(&findings(), Qt::Key_C, Qt::ControlModifier);
  EXPECT_LT(lines(), findings().model()->rowCount());
}

TEST_F(Import, SaysOfEachFileWhyNothingCameOfIt) {
  drop({write("notes.txt", "remember the milk\n"), folder_.filePath(QStringLiteral("gone.log"))});
  const QString said = await_message();
  EXPECT_TRUE(said.contains(QStringLiteral("notes.txt is nothing that can be imported")))
      << said.toStdString();
  EXPECT_TRUE(said.contains(QStringLiteral("docker-compose.yml"))) << "what can be";
  EXPECT_TRUE(said.contains(QStringLiteral("gone.log"))) << said.toStdString();
  EXPECT_TRUE(said.contains(QStringLiteral("that you may read"))) << said.toStdString();
  EXPECT_TRUE(window_.document().text().empty());
}

TEST_F(Import, LeavesEverythingAsItIsWhenCanceled) {
  const std::string text = ::cotenant::test::read_source("tests/fuzz/corpus/import/nginx");
  std::string log;
  while (log.size() < (std::size_t{64} << 20)) log += text;
  drop({write("long.log", log)});
  ASSERT_TRUE(
      QTest::qWaitFor([&] { return window_.findChild<QProgressDialog*>() != nullptr; }, 1000));
  window_.findChild<QProgressDialog*>()->findChild<QPushButton*>()->click();
  QTest::qWait(500);
  EXPECT_EQ(window_.findChild<QProgressDialog*>(), nullptr);
  EXPECT_TRUE(window_.document().text().empty());
  drop({sample("nginx")});  // and the next one works
  EXPECT_TRUE(await_scenario());
}

TEST_F(Import, ForgetsTheFindingsWithTheNextScenario) {
  drop({sample("nginx")});
  ASSERT_TRUE(await_scenario());
  EXPECT_GT(findings().model()->rowCount(), 0);
  window_.document().undoStack().setClean();
  drop({write("shop.json", test::kSmallShop)});
  const auto opened = [&] { return window_.document().text() == test::kSmallShop; };
  EXPECT_TRUE(QTest::qWaitFor(opened, kPatienceMs));
  EXPECT_EQ(findings().model()->rowCount(), 0);
  EXPECT_FALSE(dock().isVisible());
}

TEST(ImportFiles, EndsWhenStopped) {
  const std::atomic<bool> stop = true;
  const QTemporaryDir folder;
  QFile file(folder.filePath(QStringLiteral("access.log")));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(
      QByteArray::fromStdString(::cotenant::test::read_source("tests/fuzz/corpus/import/nginx")));
  file.close();
  const auto imported = import_files({file.fileName().toStdString()}, stop);
  ASSERT_FALSE(imported.ok());
  EXPECT_NE(imported.diagnostics()[0].message.find("was stopped"), std::string::npos);
}

}  // namespace
}  // namespace cotenant::gui
