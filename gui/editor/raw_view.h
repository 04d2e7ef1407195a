// SPDX-License-Identifier: GPL-3.0-or-later
//
// The text itself, with line numbers, colors and wavy lines under problems. It follows the document
// and the document follows it; only what differs is replaced, so that the cursor stays. Undo and
// redo are the document's.
#pragma once

#include <QPlainTextEdit>
#include <string_view>

namespace cotenant::gui {

class Document;
class JsonHighlighter;

class RawView : public QPlainTextEdit {
  Q_OBJECT

 public:
  explicit RawView(Document& document, QWidget* parent = nullptr);

  // Puts the cursor at the place, or the nearest one around it.
  void goTo(std::string_view pointer);
  void goToLine(int line, int column);

  int gutterWidth() const;
  void paintGutter(QPaintEvent* event);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool event(QEvent* event) override;

 private:
  void follow();  // the document
  void tell();    // the document
  void markProblems();
  void placeGutter();
  QTextCursor cursorAt(int line, int column) const;

  Document& document_;
  JsonHighlighter* highlighter_;
  QWidget* gutter_;
  bool following_ = false;
};

}  // namespace cotenant::gui
