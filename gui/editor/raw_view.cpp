// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/raw_view.h"

#include <QFontDatabase>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScopedValueRollback>
#include <QTextBlock>
#include <QToolTip>
#include <algorithm>

#include "gui/document/document.h"
#include "gui/editor/json_highlighter.h"
#include "gui/editor/tinted_label.h"
#include "gui/editor/words.h"
#include "gui/look/theme.h"

namespace cotenant::gui {

namespace {

// The numbers beside the lines.
class Gutter : public QWidget {
 public:
  explicit Gutter(RawView* view) : QWidget(view), view_(view) {}
  QSize sizeHint() const override { return {view_->gutterWidth(), 0}; }

 protected:
  void paintEvent(QPaintEvent* event) override { view_->paintGutter(event); }

 private:
  RawView* view_;
};

// Replaces what differs, so that cursors elsewhere stay where they are.
void replaceDifference(QTextDocument& document, const QString& before, const QString& after) {
  const qsizetype shorter = std::min(before.size(), after.size());
  qsizetype begin = 0;
  while (begin < shorter && before[begin] == after[begin]) ++begin;
  qsizetype end = 0;
  while (end < shorter - begin &&
         before[before.size() - end - 1] == after[after.size() - end - 1]) {
    ++end;
  }
  QTextCursor cursor(&document);
  cursor.setPosition(static_cast<int>(begin));
  cursor.setPosition(static_cast<int>(before.size() - end), QTextCursor::KeepAnchor);
  cursor.insertText(after.mid(begin, after.size() - begin - end));
}

// The text with nothing but line breaks changed, unlike toPlainText().
QString textOf(const QTextDocument& document) {
  QString text = document.toRawText();
  return text.replace(QChar::ParagraphSeparator, QLatin1Char('\n'));
}

}  // namespace

RawView::RawView(Document& document, QWidget* parent)
    : QPlainTextEdit(parent),
      document_(document),
      highlighter_(new JsonHighlighter(QPlainTextEdit::document())),
      gutter_(new Gutter(this)) {
  setAccessibleName(tr("Text of the scenario"));
  setLineWrapMode(QPlainTextEdit::NoWrap);
  setUndoRedoEnabled(false);
  QFont mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
  mono.setPointSize(static_cast<int>(TextSize::small));
  setFont(mono);
  connect(this, &QPlainTextEdit::blockCountChanged, this, &RawView::placeGutter);
  connect(this, &QPlainTextEdit::updateRequest, this, [this](const QRect& area, int dy) {
    if (dy != 0) {
      gutter_->scroll(0, dy);
    } else {
      gutter_->update(0, area.y(), gutter_->width(), area.height());
    }
  });
  connect(this, &QPlainTextEdit::textChanged, this, &RawView::tell);
  connect(&document_, &Document::changed, this, &RawView::follow);
  placeGutter();
  follow();
}

void RawView::follow() {
  const QString text = fromUtf8(document_.text());
  const QString shown = textOf(*QPlainTextEdit::document());
  if (text != shown) {
    const QScopedValueRollback guard(following_, true);
    replaceDifference(*QPlainTextEdit::document(), shown, text);
  }
  markProblems();
}

void RawView::tell() {
  if (!following_) document_.replaceText(textOf(*QPlainTextEdit::document()));
}

QTextCursor RawView::cursorAt(int line, int column) const {
  const QTextBlock block = QPlainTextEdit::document()->findBlockByNumber(std::max(line - 1, 0));
  QTextCursor cursor(block.isValid() ? block : QPlainTextEdit::document()->lastBlock());
  // Columns count code points, the block UTF-16 units.
  const QString text = cursor.block().text();
  qsizetype at = 0;
  for (int i = 1; i < column && at < text.size(); ++i) at += text[at].isHighSurrogate() ? 2 : 1;
  cursor.setPosition(cursor.block().position() + static_cast<int>(at));
  return cursor;
}

void RawView::markProblems() {
  QList<QTextEdit::ExtraSelection> marks;
  for (const Diagnostic& problem : document_.problems()) {
    if (problem.line == 0) continue;
    QTextEdit::ExtraSelection mark;
    mark.cursor = cursorAt(problem.line, problem.column);
    mark.cursor.movePosition(QTextCursor::EndOfWord, QTextCursor::KeepAnchor);
    if (!mark.cursor.hasSelection()) {
      mark.cursor.movePosition(QTextCursor::NextCharacter, QTextCursor::KeepAnchor);
    }
    mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
    mark.format.setUnderlineColor(problemColor());
    mark.format.setToolTip(fromUtf8(problem.message));
    marks.push_back(mark);
  }
  setExtraSelections(marks);
  gutter_->update();
}

void RawView::goTo(std::string_view pointer) {
  if (!document_.tree()) return;
  std::string at(pointer);
  const Node* node = find_pointer(*document_.tree(), at);
  while (node == nullptr && !at.empty()) {
    at.resize(at.rfind('/'));
    node = find_pointer(*document_.tree(), at);
  }
  if (node != nullptr) goToLine(node->position.line, node->position.column);
}

void RawView::goToLine(int line, int column) {
  setTextCursor(cursorAt(line, column));
  centerCursor();
}

int RawView::gutterWidth() const {
  const auto digits = QString::number(std::max(100, blockCount())).size();
  return static_cast<int>(digits) * fontMetrics().horizontalAdvance(QLatin1Char('9')) + 3 * kGrid;
}

void RawView::placeGutter() {
  setViewportMargins(gutterWidth(), 0, 0, 0);
  gutter_->setGeometry(contentsRect().left(), contentsRect().top(), gutterWidth(),
                       contentsRect().height());
}

void RawView::paintGutter(QPaintEvent* event) {
  QPainter painter(gutter_);
  painter.fillRect(event->rect(), currentTheme().panel);
  painter.setFont(font());
  for (QTextBlock block = firstVisibleBlock(); block.isValid(); block = block.next()) {
    const QRectF area = blockBoundingGeometry(block).translated(contentOffset());
    if (area.top() > event->rect().bottom()) break;
    const int line = block.blockNumber() + 1;
    const auto& problems = document_.problems();
    const bool bad = std::any_of(problems.begin(), problems.end(),
                                 [&](const Diagnostic& problem) { return problem.line == line; });
    painter.setPen(bad ? problemColor() : currentTheme().secondary);
    const QString text = bad ? QStringLiteral("▲ %1").arg(line) : QString::number(line);
    painter.drawText(QRectF(0, area.top(), gutter_->width() - kGrid, fontMetrics().height()),
                     Qt::AlignRight, text);
  }
}

// Steps are the document's, whichever view they were made in.
void RawView::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Undo)) {
    document_.undoStack().undo();
  } else if (event->matches(QKeySequence::Redo)) {
    document_.undoStack().redo();
  } else {
    QPlainTextEdit::keyPressEvent(event);
  }
}

void RawView::resizeEvent(QResizeEvent* event) {
  QPlainTextEdit::resizeEvent(event);
  placeGutter();
}

void RawView::changeEvent(QEvent* event) {
  QPlainTextEdit::changeEvent(event);
  if (event->type() == QEvent::StyleChange && gutter_ != nullptr) {
    highlighter_->rehighlight();
    markProblems();
  }
}

// What is wrong, where the mouse is on a marked place.
bool RawView::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const int line = cursorForPosition(help->pos() - viewport()->pos()).blockNumber() + 1;
    QStringList texts;
    for (const Diagnostic& problem : document_.problems()) {
      if (problem.line == line) texts.push_back(problemText(fromUtf8(problem.message)));
    }
    QToolTip::showText(help->globalPos(), texts.join(QLatin1Char('\n')), this);
    return true;
  }
  return QPlainTextEdit::event(event);
}

}  // namespace cotenant::gui
