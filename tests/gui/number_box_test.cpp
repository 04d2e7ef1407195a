// SPDX-License-Identifier: Apache-2.0
//
// Numbers step in their last digit, exactly.
#include "gui/editor/number_box.h"

#include <gtest/gtest.h>

#include <QSignalSpy>

namespace cotenant::gui {
namespace {

std::string step(const char* number, long long steps) {
  return stepped(QString::fromUtf8(number), steps).toStdString();
}

TEST(NumberBox, StepsInTheLastDigit) {
  EXPECT_EQ(step("7", 1), "8");
  EXPECT_EQ(step("0.25", 1), "0.26");
  EXPECT_EQ(step("0.99", 1), "1.00");
  EXPECT_EQ(step("0.001", -1), "0.000");
  EXPECT_EQ(step("0.0", -1), "-0.1");
  EXPECT_EQ(step("9007199254740993", 1), "9007199254740994");  // no double has it
  EXPECT_EQ(step("1e3", 1), "1e3");
}

TEST(NumberBox, StaysInItsRange) {
  ValueType type;
  type.kind = ValueType::Kind::whole;
  type.whole = {1, 3};
  type.expected = "a whole number from 1 to 3";
  NumberBox box(type, QStringLiteral("2"), QStringLiteral("2"), nullptr);
  QSignalSpy typed(&box, &NumberBox::typed);
  box.stepBy(1);  // empty: from the default
  EXPECT_EQ(box.text(), QStringLiteral("3"));
  box.stepBy(1);
  EXPECT_EQ(box.text(), QStringLiteral("3"));
  EXPECT_EQ(typed.size(), 1);
  QString four = QStringLiteral("4");
  int at = 1;
  EXPECT_EQ(box.validate(four, at), QValidator::Intermediate);
}

}  // namespace
}  // namespace cotenant::gui
