// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/json_highlighter.h"

#include "gui/look/theme.h"

namespace cotenant::gui {

namespace {

// At least 4.5 to 1 on the grounds of their themes.
QColor textColor() {
  return currentTheme().shade == Shade::light ? QColor(0x0b6e4f) : QColor(0x7ed3ae);
}
QColor numberColor() {
  return currentTheme().shade == Shade::light ? QColor(0x9a4a00) : QColor(0xf2b880);
}

bool isWordPart(QChar c) {
  return c.isLetterOrNumber() || c == QLatin1Char('.') || c == QLatin1Char('-') ||
         c == QLatin1Char('+');
}

}  // namespace

void JsonHighlighter::highlightBlock(const QString& text) {
  int at = 0;
  while (at < text.size()) {
    const QChar c = text[at];
    if (c == QLatin1Char('"')) {
      at = highlightText(text, at);
    } else if (isWordPart(c)) {
      at = highlightWord(text, at);
    } else {
      setFormat(at, 1, currentTheme().secondary);
      ++at;
    }
  }
}

// A text that a colon follows is a key.
int JsonHighlighter::highlightText(const QString& text, int begin) {
  int end = begin + 1;
  while (end < text.size() && text[end] != QLatin1Char('"')) {
    end += text[end] == QLatin1Char('\\') ? 2 : 1;
  }
  end = std::min(end + 1, static_cast<int>(text.size()));
  int next = end;
  while (next < text.size() && text[next].isSpace()) ++next;
  const bool key = next < text.size() && text[next] == QLatin1Char(':');
  setFormat(begin, end - begin, key ? currentTheme().text : textColor());
  return end;
}

int JsonHighlighter::highlightWord(const QString& text, int begin) {
  int end = begin;
  while (end < text.size() && isWordPart(text[end])) ++end;
  setFormat(begin, end - begin, numberColor());
  return end;
}

}  // namespace cotenant::gui
