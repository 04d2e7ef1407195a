// SPDX-License-Identifier: Apache-2.0
//
// The form as a person uses it: types, picks, adds, removes, and sees what is wrong.
#include "gui/editor/form_view.h"

#include <gtest/gtest.h>

#include <QAbstractItemView>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "gui/document/document.h"
#include "gui/editor/form_field.h"
#include "gui/editor/tinted_label.h"
#include "scenarios/text_edit.h"
#include "tests/scenarios/files.h"

namespace cotenant::gui {
namespace {

using ::cotenant::test::read_source;

class FormViewTest : public ::testing::Test {
 protected:
  FormViewTest() : view(document) {
    document.start(read_source("scenarios/library/web-shop.json"));
    view.resize(420, 900);
    view.show();
    EXPECT_TRUE(QTest::qWaitForWindowActive(&view));
  }

  template <class Widget>
  Widget* editor(const std::string& pointer) {
    view.goTo(pointer);
    FormField* field = view.field(pointer);
    EXPECT_NE(field, nullptr) << pointer;
    return field == nullptr ? nullptr : field->findChild<Widget*>();
  }
  std::string valueAt(const std::string& pointer) const {
    const Node* node = find_pointer(*document.tree(), pointer);
    return node == nullptr ? "nothing" : describe(*node);
  }
  QString problemAt(const std::string& pointer) {
    for (const TintedLabel* label : view.field(pointer)->findChildren<TintedLabel*>()) {
      const bool shown = !label->isHidden() && label->text().startsWith(QStringLiteral("▲"));
      if (shown) return label->text();
    }
    return {};
  }

  Document document;
  FormView view;
};

void retype(QLineEdit* line, const char* text) {
  line->selectAll();
  QTest::keyClicks(line, QString::fromUtf8(text));
}

TEST_F(FormViewTest, TakesAQuantityAsSoonAsItFits) {
  auto* line = editor<QLineEdit>("/study/duration");
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->text(), QStringLiteral("4min"));
  retype(line, "25");
  EXPECT_EQ(valueAt("/study/duration"), "\"4min\"");
  EXPECT_TRUE(problemAt("/study/duration").contains(QStringLiteral("has no unit")));
  QTest::keyClicks(line, QStringLiteral("s"));
  EXPECT_EQ(valueAt("/study/duration"), "\"25s\"");
  EXPECT_EQ(problemAt("/study/duration"), QString());
  EXPECT_EQ(line->text(), QStringLiteral("25s"));
  EXPECT_TRUE(line->hasFocus());
  document.undoStack().undo();
  EXPECT_EQ(line->text(), QStringLiteral("4min"));
}

TEST_F(FormViewTest, KeepsWhatDoesNotFitWhenItIsLeftAndSaysSo) {
  auto* line = editor<QLineEdit>("/study/duration");
  retype(line, "soon");
  editor<QLineEdit>("/study/replications");
  EXPECT_EQ(valueAt("/study/duration"), "\"soon\"");
  EXPECT_FALSE(document.scenario());
  EXPECT_TRUE(problemAt("/study/duration").contains(QStringLiteral("must be a duration")));
}

TEST_F(FormViewTest, ShowsDefaultsAndGoesBackToThem) {
  auto* line = editor<QLineEdit>("/study/replications");
  EXPECT_EQ(line->text(), QStringLiteral("10"));
  QTest::keyClick(line, Qt::Key_Up);
  EXPECT_EQ(valueAt("/study/replications"), "11");
  line->clear();
  QTest::keyClick(line, Qt::Key_Return);
  EXPECT_EQ(valueAt("/study/replications"), "nothing");
  EXPECT_NE(line->placeholderText(), QString());
  auto* box = editor<QCheckBox>("/application/web/preload");
  EXPECT_TRUE(box->isChecked());
  box->click();
  EXPECT_EQ(valueAt("/application/web/preload"), "false");
  view.field("/application/web/preload")->findChild<QToolButton*>()->click();
  EXPECT_EQ(valueAt("/application/web/preload"), "nothing");
}

TEST_F(FormViewTest, SwitchesAlternativesAndKeepsWhatBothHave) {
  auto* box = editor<QComboBox>("/application/web/server");
  const int gthread = box->findData(QStringLiteral("gunicorn-gthread"));
  ASSERT_GE(gthread, 0);
  box->setCurrentIndex(gthread);
  Q_EMIT box->activated(gthread);
  EXPECT_EQ(valueAt("/application/web/server"), "\"gunicorn-gthread\"");
  EXPECT_EQ(valueAt("/application/web/workers"), "5");
  EXPECT_TRUE(document.scenario());
  document.undoStack().undo();
  EXPECT_EQ(document.text(), read_source("scenarios/library/web-shop.json"));
}

TEST_F(FormViewTest, ChangesTheKindOfAStep) {
  view.goTo("/workload/requests/browse/steps/0");
  auto* box = view.fields().front()->findChild<QComboBox*>();
  const int wait = box->findData(QStringLiteral("wait"));
  Q_EMIT box->activated(wait);
  EXPECT_EQ(valueAt("/workload/requests/browse/steps/0/cpu"), "nothing");
  EXPECT_TRUE(document.scenario());
}

TEST_F(FormViewTest, AddsEntriesThatFitAndOpensThem) {
  view.goTo("/setups");
  QSignalSpy opened(&view, &FormView::openRequested);
  view.field("/setups")->findChild<QToolButton*>()->click();
  ASSERT_EQ(opened.size(), 1);
  EXPECT_EQ(valueAt("/setups/new"), "an object");
  EXPECT_TRUE(document.scenario());
  EXPECT_EQ(document.undoStack().count(), 1);
}

TEST_F(FormViewTest, MakesALawOfAValueAndBack) {
  const std::string wait = "/workload/requests/browse/steps/1/wait";
  view.goTo(wait);
  const auto buttons = [&] { return view.field(wait)->findChildren<QToolButton*>(); };
  ASSERT_EQ(view.field(wait)->row().kind, FormRow::Kind::group);
  buttons().front()->click();
  EXPECT_EQ(view.field(wait)->row().kind, FormRow::Kind::field);
  EXPECT_TRUE(document.scenario());
  buttons().front()->click();
  EXPECT_EQ(view.field(wait)->row().kind, FormRow::Kind::group);
  EXPECT_TRUE(document.scenario());
}

TEST_F(FormViewTest, SuggestsPlansWithTheirPriceAndNamesOfWhatThereIs) {
  auto* line = editor<QLineEdit>("/setups/vm/plan");
  ASSERT_NE(line, nullptr);
  QTest::mouseClick(line, Qt::LeftButton);
  ASSERT_NE(line->completer(), nullptr);
  line->completer()->popup()->hide();
  retype(line, "CX23");
  const QAbstractItemModel& fitting = *line->completer()->completionModel();
  ASSERT_GE(fitting.rowCount(), 1);
  const QString shown = fitting.index(0, 0).data().toString();
  EXPECT_TRUE(shown.startsWith(QStringLiteral("hetzner-cx23 · "))) << shown.toStdString();
  EXPECT_TRUE(shown.contains(QStringLiteral(" as of 20"))) << shown.toStdString();
  QTest::keyClick(line->completer()->popup(), Qt::Key_Down);
  QTest::keyClick(line->completer()->popup(), Qt::Key_Return);
  EXPECT_EQ(valueAt("/setups/vm/plan"), "\"hetzner-cx23\"");
  const auto browse = suggestionsFor(document, "/workload/requests/browse/service");
  ASSERT_EQ(browse.size(), 1u);
  EXPECT_EQ(browse[0].value, QStringLiteral("web"));
}

TEST_F(FormViewTest, SaysThatTheTextIsNoJson) {
  view.goTo("/study");
  document.replaceText(QString::fromStdString(document.text()).chopped(4));
  EXPECT_FALSE(view.fields().front()->isEnabled());
  document.undoStack().undo();
  EXPECT_TRUE(view.fields().front()->isEnabled());
}

void expectNamed(const FormField& field) {
  for (const QWidget* widget : field.findChildren<QWidget*>()) {
    const bool popup = widget->window() != field.window();
    if (popup || widget->focusPolicy() == Qt::NoFocus || widget->focusProxy() != nullptr) continue;
    const bool inner = qobject_cast<const QAbstractSpinBox*>(widget->parentWidget()) != nullptr;
    EXPECT_TRUE(inner || !widget->accessibleName().isEmpty())
        << field.row().pointer << ' ' << widget->metaObject()->className();
  }
}

// Opens every form of every shipped scenario: looking changes nothing, values are shown, and every
// editor has a name for those who do not see it.
TEST_F(FormViewTest, ShowsEveryFieldOfEveryShippedScenario) {
  constexpr std::size_t kForms = 12;  // of one scenario; the rest is of the same kinds
  for (const std::string& name : ::cotenant::test::list_sources("scenarios/library", ".json")) {
    SCOPED_TRACE(name);
    const std::string text = read_source("scenarios/library/" + name);
    document.start(text);
    std::vector<std::string> forms = {""};
    for (std::size_t i = 0; i < forms.size() && i < kForms; ++i) {
      view.goTo(forms[i]);
      ASSERT_EQ(view.pointer(), forms[i]);
      for (const FormField* field : view.fields()) {
        const FormRow& row = field->row();
        const bool inner = row.isSet && row.value != nullptr && row.pointer != view.pointer();
        if (inner && hasForm(*row.value)) forms.push_back(row.pointer);
        const auto* line = field->findChild<QLineEdit*>();
        const bool empty = line != nullptr && line->text().isEmpty();
        EXPECT_FALSE(empty && row.isSet) << row.pointer;
        expectNamed(*field);
      }
    }
    EXPECT_EQ(document.text(), text);
    EXPECT_FALSE(document.isModified());
  }
}

}  // namespace
}  // namespace cotenant::gui
