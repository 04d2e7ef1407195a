// SPDX-License-Identifier: Apache-2.0
//
// Whatever is opened or pasted, the window goes on and what was there can be had back.
#include <gtest/gtest.h>

#include <QApplication>
#include <QFile>
#include <QTemporaryDir>
#include <QTimer>

#include "gui/app/main_window.h"
#include "gui/editor/editor_panel.h"
#include "gui/editor/form_view.h"
#include "tests/fuzz/mutate.h"
#include "tests/gui/report_fixture.h"
#include "tests/scenarios/files.h"

namespace cotenant::gui {
namespace {

// Closes what asks or complains; counts them.
class Closer {
 public:
  Closer() {
    QObject::connect(&timer_, &QTimer::timeout, [this] {
      QWidget* const dialog = QApplication::activeModalWidget();
      if (dialog == nullptr) return;
      ++closed;
      dialog->close();
    });
    timer_.start(1);
  }

  int closed = 0;

 private:
  QTimer timer_;
};

std::string spoiled(std::uint64_t number) {
  static const std::vector<std::string> files = ::cotenant::test::valid_scenarios();
  return ::cotenant::test::mutated(::cotenant::test::read_source(files[number % files.size()]),
                                   number);
}

// Nothing is simulated for long: that is tests/fuzz's.
void look_at_it(MainWindow& window) {
  QApplication::processEvents();
  window.session().stop();
  QApplication::processEvents();
}

TEST(Garbage, IsKeptAndCanBeUndoneWhenItIsPasted) {
  Document document;
  document.start(test::kSmallShop);
  for (std::uint64_t number = 0; number < 200; ++number) {
    const QString pasted = QString::fromStdString(spoiled(number));
    document.replaceText(pasted);
    ASSERT_EQ(document.text(), pasted.toStdString()) << number;
    EXPECT_TRUE(document.scenario() || !document.problems().empty()) << number;
  }
  while (document.undoStack().canUndo()) document.undoStack().undo();
  EXPECT_EQ(document.text(), test::kSmallShop);
}

TEST(Garbage, IsOpenedOrRefusedByTheWholeWindow) {
  const QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("garbage.json"));
  MainWindow window;
  window.show();
  const Closer closer;
  int opened = 0;
  for (std::uint64_t number = 1000; number < 1120; ++number) {
    const std::string text = spoiled(number);
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(text.data(), static_cast<qint64>(text.size()));
    file.close();
    if (window.open(path)) ++opened;
    look_at_it(window);
    EXPECT_FALSE(window.document().isModified());
    window.findChild<EditorPanel*>()->goTo("/setups");
    window.findChild<EditorPanel*>()->goTo("/application/web/server");
  }
  EXPECT_GT(opened, 60);
  // What is no text was refused with a sentence.
  EXPECT_EQ(opened + closer.closed, 120);
  EXPECT_FALSE(window.open(folder.filePath(QStringLiteral("not there.json"))));
  EXPECT_FALSE(window.open(folder.path()));
}

}  // namespace
}  // namespace cotenant::gui
