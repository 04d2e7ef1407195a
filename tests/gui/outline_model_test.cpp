// SPDX-License-Identifier: Apache-2.0
//
// The outline is a correct model of every scenario, whatever is done to it.
#include "gui/editor/outline_model.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QSignalSpy>

#include "gui/document/document.h"
#include "gui/editor/finder_model.h"
#include "gui/editor/problems_model.h"
#include "tests/scenarios/files.h"

namespace cotenant::gui {
namespace {

using ::cotenant::test::read_source;
using Mode = QAbstractItemModelTester::FailureReportingMode;

struct Shop {
  Shop() { document.start(read_source("scenarios/library/web-shop.json")); }
  Document document;
};

// What Qt's tester finds is a warning; here it fails the test.
void failOnWarning(QtMsgType type, const QMessageLogContext&, const QString& message) {
  if (type != QtDebugMsg) ADD_FAILURE() << message.toStdString();
}

class Models : public ::testing::Test {
 protected:
  void SetUp() override { before_ = qInstallMessageHandler(failOnWarning); }
  void TearDown() override { qInstallMessageHandler(before_); }

 private:
  QtMessageHandler before_ = nullptr;
};

using OutlineModelTest = Models;
using FinderModelTest = Models;
using ProblemsModelTest = Models;

TEST_F(OutlineModelTest, ShowsWhatHasAForm) {
  Shop shop;
  OutlineModel model(shop.document);
  const QAbstractItemModelTester tester(&model, Mode::Warning);
  const QModelIndex browse = model.indexOf("/workload/requests/browse");
  EXPECT_EQ(browse.data().toString(), QStringLiteral("browse"));
  EXPECT_EQ(browse.data(OutlineModel::kSummaryRole).toString(), QStringLiteral("85 % · 3 steps"));
  EXPECT_EQ(model.pointerAt(model.indexOf("/study/replications")), "/study");
  EXPECT_EQ(model.pointerAt(model.indexOf("/name")), "");
  EXPECT_EQ(model.indexOf("/setups/paas").data(OutlineModel::kSummaryRole).toString(),
            QStringLiteral("render-starter"));
}

TEST_F(OutlineModelTest, StaysWhileOnlyValuesChange) {
  Shop shop;
  OutlineModel model(shop.document);
  const QAbstractItemModelTester tester(&model, Mode::Warning);
  QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
  QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
  shop.document.setValue("/workload/requests/browse/share", "0.9");
  EXPECT_EQ(resets.size(), 0);
  EXPECT_GE(changes.size(), 1);
  EXPECT_EQ(model.indexOf("/workload/requests/browse").data(OutlineModel::kSummaryRole).toString(),
            QStringLiteral("90 % · 3 steps"));
  shop.document.remove("/setups/vm");
  EXPECT_EQ(resets.size(), 1);
  shop.document.replaceText(QStringLiteral("{"));  // no JSON: it stays as it was
  EXPECT_EQ(model.indexOf("/setups/paas").data().toString(), QStringLiteral("paas"));
}

TEST_F(OutlineModelTest, CountsProblemsUpToTheTop) {
  Shop shop;
  OutlineModel model(shop.document);
  shop.document.setValue("/application/web/workers", "0");
  const auto problems = [&](const char* pointer) {
    return model.indexOf(pointer).data(OutlineModel::kProblemsRole).toInt();
  };
  EXPECT_EQ(problems("/application/web"), 1);
  EXPECT_EQ(problems("/application"), 1);
  EXPECT_EQ(problems("/setups"), 0);
}

TEST_F(OutlineModelTest, RenamesEntries) {
  Shop shop;
  OutlineModel model(shop.document);
  const QAbstractItemModelTester tester(&model, Mode::Warning);
  EXPECT_TRUE(model.setData(model.indexOf("/setups/paas"), QStringLiteral("platform")));
  EXPECT_NE(find_pointer(*shop.document.tree(), "/setups/platform"), nullptr);
  EXPECT_FALSE(model.setData(model.indexOf("/setups/vm"), QStringLiteral("platform")));
  EXPECT_FALSE(model.setData(model.indexOf("/setups"), QStringLiteral("x")));
  EXPECT_FALSE(model.flags(model.indexOf("/setups")).testFlag(Qt::ItemIsEditable));
}

TEST_F(OutlineModelTest, IsAModelOfEveryShippedScenario) {
  Document document;
  OutlineModel model(document);
  ProblemsModel problems(document);
  FinderModel finder(document);
  const QAbstractItemModelTester outlineTester(&model, Mode::Warning);
  const QAbstractItemModelTester problemsTester(&problems, Mode::Warning);
  const QAbstractItemModelTester finderTester(&finder, Mode::Warning);
  for (const std::string& path : ::cotenant::test::valid_scenarios()) {
    const std::string text = read_source(path);
    if (text.size() > 100'000) continue;  // the tester looks at all rows again and again
    document.start(text);
    EXPECT_GT(model.rowCount(), 3) << path;
    EXPECT_EQ(problems.rowCount(), 0) << path;
    finder.find(QStringLiteral("limit"));
  }
}

TEST_F(ProblemsModelTest, SaysWhereAndWhat) {
  Shop shop;
  ProblemsModel model(shop.document);
  const QAbstractItemModelTester tester(&model, Mode::Warning);
  shop.document.setValue("/study/duration", "\"4 parsecs\"");
  ASSERT_EQ(model.rowCount(), 1);
  const QString text = model.index(0).data().toString();
  EXPECT_TRUE(text.startsWith(QStringLiteral("▲ Study › Duration must be a duration")))
      << text.toStdString();
  shop.document.undoStack().undo();
  EXPECT_EQ(model.rowCount(), 0);
}

TEST_F(FinderModelTest, FindsByLabelKeyAndHelp) {
  Shop shop;
  FinderModel model(shop.document);
  model.find(QStringLiteral("web max requests jitter"));
  ASSERT_GE(model.rowCount(), 1);
  EXPECT_EQ(model.pointerAt(model.index(0)), "/application/web/max_requests_jitter");
  model.find(QStringLiteral("retry budget"));  // of clients that do not try again yet
  ASSERT_GE(model.rowCount(), 1);
  EXPECT_EQ(model.pointerAt(model.index(0)), "/workload/clients/retries/budget");
  model.find(QStringLiteral("replications"));
  EXPECT_EQ(model.pointerAt(model.index(0)), "/study/replications");
  model.find(QStringLiteral("no such thing anywhere"));
  EXPECT_EQ(model.rowCount(), 0);
}

}  // namespace
}  // namespace cotenant::gui
