// SPDX-License-Identifier: Apache-2.0
//
// Outline, form and text beside each other show the same place and the same document.
#include "gui/editor/editor_panel.h"

#include <gtest/gtest.h>

#include <QLineEdit>
#include <QListView>
#include <QTabWidget>
#include <QTest>
#include <QTextBlock>

#include "gui/document/document.h"
#include "gui/editor/form_field.h"
#include "gui/editor/form_view.h"
#include "gui/editor/outline_model.h"
#include "gui/editor/outline_view.h"
#include "gui/editor/raw_view.h"
#include "gui/look/theme.h"
#include "tests/scenarios/files.h"

namespace cotenant::gui {
namespace {

using ::cotenant::test::read_source;

class EditorPanelTest : public ::testing::Test {
 protected:
  EditorPanelTest() : panel(document) {
    document.start(read_source("scenarios/library/web-shop.json"));
    panel.resize(420, 900);
    panel.show();
    EXPECT_TRUE(QTest::qWaitForWindowActive(&panel));
  }
  std::string lineOfCursor() {
    return panel.raw().textCursor().block().text().trimmed().toStdString();
  }

  Document document;
  EditorPanel panel;
};

TEST_F(EditorPanelTest, GoesToAPlaceEverywhere) {
  panel.goTo("/application/web/workers");
  EXPECT_EQ(panel.form().pointer(), "/application/web");
  const QModelIndex at = panel.outline().currentIndex();
  EXPECT_EQ(panel.outline().outline().pointerAt(at), "/application/web");
  EXPECT_EQ(lineOfCursor(), "\"workers\": 5,");
  panel.goTo("/setups/no/such");
  EXPECT_EQ(panel.form().pointer(), "/setups");
}

TEST_F(EditorPanelTest, FollowsTheOutline) {
  OutlineModel& model = panel.outline().outline();
  panel.outline().setCurrentIndex(model.indexOf("/study"));
  EXPECT_EQ(panel.form().pointer(), "/study");
}

TEST_F(EditorPanelTest, TypesIntoTheTextWithTheCursorWhereItWas) {
  panel.tabs().setCurrentIndex(1);
  panel.goTo("/application/web/workers");
  QTextCursor cursor = panel.raw().textCursor();
  cursor.movePosition(QTextCursor::NextCharacter, QTextCursor::KeepAnchor);
  panel.raw().setTextCursor(cursor);
  QTest::keyClicks(&panel.raw(), QStringLiteral("12"));
  ASSERT_TRUE(document.scenario());
  EXPECT_EQ(lineOfCursor(), "\"workers\": 12,");
  const int position = panel.raw().textCursor().position();
  document.setValue("/study/replications", "33");
  EXPECT_EQ(panel.raw().textCursor().position(), position);
  QTest::keyClick(&panel.raw(), Qt::Key_Z, Qt::ControlModifier);
  QTest::keyClick(&panel.raw(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(document.text(), read_source("scenarios/library/web-shop.json"));
}

TEST_F(EditorPanelTest, UnderlinesProblemsInTheText) {
  EXPECT_TRUE(panel.raw().extraSelections().isEmpty());
  document.setValue("/study/replications", "0");
  ASSERT_EQ(panel.raw().extraSelections().size(), 1);
  EXPECT_EQ(panel.raw().extraSelections()[0].cursor.selectedText(), QStringLiteral("0"));
}

TEST_F(EditorPanelTest, FindsAFieldByKeyboard) {
  panel.goTo("/study");
  QTest::keyClick(&panel, Qt::Key_F, Qt::ControlModifier);
  ASSERT_TRUE(panel.finder().hasFocus());
  QTest::keyClicks(&panel.finder(), QStringLiteral("preload"));
  QTest::keyClick(&panel.finder(), Qt::Key_Return);
  EXPECT_EQ(panel.form().pointer(), "/application/web");
  EXPECT_TRUE(panel.form().field("/application/web/preload")->isAncestorOf(panel.focusWidget()));
  panel.findField();
  QTest::keyClick(&panel.finder(), Qt::Key_Escape);
  EXPECT_TRUE(panel.finder().text().isEmpty());
}

TEST_F(EditorPanelTest, KeepsTheNameThatIsBeingTypedWhenItGoesElsewhere) {
  panel.goTo("/setups/paas");
  panel.outline().renameSelected();
  auto* line = panel.outline().findChild<QLineEdit*>();
  ASSERT_NE(line, nullptr);
  QTest::keyClicks(line, QStringLiteral("platform"));
  panel.goTo("/study/duration");
  EXPECT_NE(find_pointer(*document.tree(), "/setups/platform"), nullptr);
  EXPECT_EQ(panel.form().pointer(), "/study");
}

TEST_F(EditorPanelTest, RemovesAndRenamesFromTheOutline) {
  panel.goTo("/setups/paas");
  OutlineModel& model = panel.outline().outline();
  model.setData(model.indexOf("/setups/paas"), QStringLiteral("platform"));
  EXPECT_EQ(panel.form().pointer(), "/setups/platform");
  panel.outline().setFocus();
  QTest::keyClick(&panel.outline(), Qt::Key_Delete);
  EXPECT_EQ(find_pointer(*document.tree(), "/setups/platform"), nullptr);
  EXPECT_EQ(panel.form().pointer(), "/setups");
}

}  // namespace
}  // namespace cotenant::gui
