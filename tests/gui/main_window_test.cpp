// SPDX-License-Identifier: Apache-2.0
//
// A person's way through the window: a template, a slider, another setup, a slow request, undo,
// save, open again.
#include "gui/app/main_window.h"

#include <gtest/gtest.h>

#include <QApplication>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QLabel>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <cstdio>

#include "gui/app/plan_dialog.h"
#include "gui/views/chart.h"
#include "gui/views/comparison_view.h"
#include "gui/views/inspector_view.h"
#include "study/objectives.h"
#include "tests/gui/autosave_victim.h"
#include "tests/gui/report_fixture.h"

namespace cotenant::gui {
namespace {

constexpr int kPatienceMs = 60'000;

class Window : public ::testing::Test {
 protected:
  void SetUp() override {
    QSettings().clear();
    ASSERT_TRUE(folder_.isValid());
    path_ = folder_.filePath(QStringLiteral("shop.json"));
    QFile file(path_);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(test::kSmallShop));
    file.close();
    window_.show();
  }

  void openShop() {
    ASSERT_TRUE(window_.open(path_));
    awaitAnswer();
  }

  void awaitAnswer() {
    while (window_.session().stage() != Session::Stage::done) {
      QSignalSpy spy(&window_.session(), &Session::stageChanged);
      ASSERT_TRUE(spy.wait(kPatienceMs));
    }
  }

  QSlider* slider(const QString& name) {
    for (QSlider* const found : window_.findChildren<QSlider*>()) {
      if (found->accessibleName() == name) return found;
    }
    return nullptr;
  }

  QTemporaryDir folder_;
  QString path_;
  MainWindow window_;
};

TEST_F(Window, ShowsTheNumbersOfTheReport) {
  openShop();
  const Report alone = run_study(test::small_shop(), ".", {}).value();
  const ComparisonModel& table = window_.comparison().comparison();
  ASSERT_EQ(table.rowCount(), 2);
  for (int column = 0; column < table.columnCount(); ++column) {
    if (!table.headerData(column, Qt::Horizontal).toString().startsWith(QStringLiteral("p95"))) {
      continue;
    }
    for (int row = 0; row < 2; ++row) {
      EXPECT_EQ(
          table.index(row, column).data(ComparisonModel::sortRole).toDouble(),
          *at(alone.setups[static_cast<std::size_t>(row)].metrics, Metric::latency_p95).value);
    }
  }
  for (const Chart* const chart : window_.findChildren<Chart*>()) {
    for (const auto& row : chart->rows()) EXPECT_EQ(row.size(), chart->rows().front().size());
  }
}

TEST_F(Window, AnswersASliderAndTakesItBack) {
  openShop();
  ASSERT_EQ(verdict_of(window_.session().report()->setups[0]), Verdict::met);
  const std::string before = window_.document().text();
  QSlider* const load = slider(QStringLiteral("load"));
  ASSERT_NE(load, nullptr);
  load->setValue(load->maximum());
  EXPECT_EQ(window_.session().stage(), Session::Stage::waiting);
  awaitAnswer();
  EXPECT_EQ(window_.document().scenario()->workload.load, 8);
  EXPECT_EQ(verdict_of(window_.session().report()->setups[0]), Verdict::missed);
  EXPECT_TRUE(window_.isWindowModified());
  window_.document().undoStack().undo();
  EXPECT_EQ(window_.document().text(), before);
  awaitAnswer();
  EXPECT_EQ(verdict_of(window_.session().report()->setups[0]), Verdict::met);
  EXPECT_FALSE(window_.isWindowModified());
}

TEST_F(Window, FollowsTheSelectionEverywhere) {
  openShop();
  window_.comparison().selectSetup(1);
  EXPECT_NE(slider(QStringLiteral("CPU quota of box")), nullptr);
  window_.comparison().selectSetup(0);
  EXPECT_EQ(slider(QStringLiteral("CPU quota of box")), nullptr);
}

TEST_F(Window, AddsAPlanAsASetup) {
  openShop();
  ASSERT_TRUE(addSetup(window_.document(), "hetzner-cx23"));
  ASSERT_TRUE(addSetup(window_.document(), "hetzner-cx23"));
  awaitAnswer();
  const Report& report = *window_.session().report();
  ASSERT_EQ(report.setups.size(), 4u);
  EXPECT_EQ(report.setups[2].name, "hetzner-cx23");
  EXPECT_EQ(report.setups[3].name, "hetzner-cx23-2");
  EXPECT_EQ(report.setups[2].plan->name, "hetzner-cx23");
  window_.document().undoStack().undo();
  awaitAnswer();
  EXPECT_EQ(window_.session().report()->setups.size(), 3u);
}

TEST_F(Window, InspectsTheRequestOfAPercentile) {
  openShop();
  auto* const inspector = window_.findChild<InspectorView*>();
  for (QDockWidget* const dock : window_.findChildren<QDockWidget*>()) {
    if (dock->widget() == inspector) dock->raise();
  }
  const auto says = [&](const QString& word) {
    for (const QLabel* const label : inspector->findChildren<QLabel*>()) {
      if (label->text().contains(word)) return true;
    }
    return false;
  };
  // "page of vps in the first run: 61 ms, …" and, of what it waited for, at least the CPU.
  EXPECT_TRUE(QTest::qWaitFor([&] { return says(QStringLiteral("page of vps")); }, kPatienceMs));
  EXPECT_TRUE(says(QStringLiteral("computing (cpu)")));
}

// At moments of which the program knows nothing. The edit that is there was done at most a second
// before, and half a second for a machine that does much else.
TEST_F(Window, OffersTheEditsOfAProgramThatWasKilled) {
  for (const int after_ms : {1300, 1730, 2190}) {
    QProcess victim;
    victim.start(QCoreApplication::applicationFilePath(),
                 {QStringLiteral("--window-victim"), path_});
    ASSERT_TRUE(victim.waitForReadyRead(kPatienceMs));  // the first edit is done
    QElapsedTimer since;
    since.start();
    std::vector<std::pair<qint64, int>> edits;
    while (since.elapsed() < after_ms) {
      victim.waitForReadyRead(5);
      while (victim.canReadLine()) edits.emplace_back(since.elapsed(), victim.readLine().toInt());
    }
    victim.kill();
    ASSERT_TRUE(victim.waitForFinished(kPatienceMs));
    QTimer::singleShot(100, &window_, [] {
      const QWidget* const box = QApplication::activeModalWidget();
      if (box == nullptr) return;  // nothing is offered: the test says so
      for (QPushButton* const button : box->findChildren<QPushButton*>()) {
        if (button->text() == QStringLiteral("Restore them")) return button->click();
      }
    });
    window_.offerLeftEdits();
    EXPECT_TRUE(window_.document().isModified());
    EXPECT_EQ(window_.document().path(), path_);
    ASSERT_TRUE(window_.document().scenario());
    const auto kept = static_cast<int>(window_.document().scenario()->seed);
    int wanted = 1;
    for (const auto& [when, number] : edits) {
      if (when < after_ms - 1500) wanted = number;
    }
    EXPECT_GE(kept, wanted) << "of " << edits.size();
    window_.document().undoStack().setClean();
    ASSERT_TRUE(window_.open(path_));
  }
}

TEST_F(Window, SavesWhatWasEdited) {
  openShop();
  QSlider* const workers = slider(QStringLiteral("workers of web"));
  ASSERT_NE(workers, nullptr);
  QTest::keyClick(workers, Qt::Key_Right);
  EXPECT_TRUE(window_.document().isModified());
  EXPECT_EQ(window_.document().save(path_), QString());
  awaitAnswer();
  ASSERT_TRUE(window_.open(path_));
  EXPECT_NE(window_.document().text().find("\"workers\": 5"), std::string::npos);
  awaitAnswer();
}

}  // namespace

namespace test {

bool isWindowVictim() {
  return QCoreApplication::arguments().value(1) == QStringLiteral("--window-victim");
}

int runWindowVictim() {
  MainWindow window;
  window.show();
  window.open(QCoreApplication::arguments().value(2));
  QTimer timer;
  int number = 0;
  QObject::connect(&timer, &QTimer::timeout, [&] {
    window.document().setValue("/seed", std::to_string(++number));
    std::printf("%d\n", number);
    std::fflush(stdout);
  });
  timer.start(20);
  return QApplication::exec();
}

}  // namespace test
}  // namespace cotenant::gui
