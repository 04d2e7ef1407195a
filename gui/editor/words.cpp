// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/words.h"

#include <QCoreApplication>
#include <QHash>
#include <QStringList>
#include <array>

namespace cotenant::gui {

namespace {

using Kind = ValueType::Kind;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(EditorWords)
};

constexpr int kSummaryLength = 48;  // what a narrow dock shows of a line

// Written in capitals wherever they occur.
QString spelled(const QString& word) {
  static const QStringList kCapitals = {
      QStringLiteral("cpu"), QStringLiteral("gc"),  QStringLiteral("oom"), QStringLiteral("iops"),
      QStringLiteral("hz"),  QStringLiteral("rtt"), QStringLiteral("io"),  QStringLiteral("cpus"),
      QStringLiteral("url"), QStringLiteral("tls"), QStringLiteral("rss"), QStringLiteral("lru"),
      QStringLiteral("cv")};
  if (!kCapitals.contains(word)) return word;
  return word == QStringLiteral("cpus") ? QStringLiteral("CPUs") : word.toUpper();
}

QString cut(QString text) {
  text = text.simplified();
  if (text.size() <= kSummaryLength) return text;
  return text.left(kSummaryLength - 1).trimmed() + QStringLiteral("…");
}

// Members that say most about their object, in this order.
constexpr std::array<std::string_view, 16> kTelling = {
    "server", "law",   "kind",   "share", "plan",  "rate",    "mean",    "cv",
    "value",  "cores", "metric", "below", "above", "workers", "threads", "price"};

QString share(const Node& node) {
  bool good = false;
  const double number = fromUtf8(node.text).toDouble(&good);
  return good ? Words::tr("%1 %").arg(number * 100, 0, 'g', 4) : fromUtf8(node.text);
}

QString telling(std::string_view key, const Node& node) {
  if (key == "share") return share(node);
  if (key == "metric") return labelOf(node.text);
  const bool itself = node.kind == Node::Kind::string && key != "below" && key != "above";
  return itself ? plainText(node)
                : QStringLiteral("%1 %2").arg(labelOf(key).toLower(), plainText(node));
}

// The first few plain members, where none tells more than the others.
QStringList firstMembers(const Node& node) {
  constexpr int kShown = 3;
  QStringList parts;
  for (std::size_t i = 0; i < node.items.size() && parts.size() < kShown; ++i) {
    const bool structured = !node.items[i].items.empty();
    if (!structured && node.keys[i].text != "description") {
      parts.push_back(QStringLiteral("%1 %2").arg(labelOf(node.keys[i].text).toLower(),
                                                  plainText(node.items[i])));
    }
  }
  return parts;
}

QString summaryOfObject(const ValueType& type, const Node& node) {
  QStringList parts;
  const Choice::Alternative* alternative = chosen(*type.object, node);
  if (alternative != nullptr && type.object->choice->tag.empty()) {
    const Node* first = node.find(alternative->name);
    const auto place = members_of(*type.object, &node);
    QString text = labelOf(alternative->name);
    for (const Member* member : place) {
      if (first != nullptr && member->key == alternative->name) {
        text += QStringLiteral(" ") + summaryOf(member->value, *first);
      }
    }
    parts.push_back(text);
  }
  for (const std::string_view key : kTelling) {
    const Node* member = node.find(key);
    if (member == nullptr || member->kind == Node::Kind::object) continue;
    if (member->kind != Node::Kind::array) parts.push_back(telling(key, *member));
  }
  if (parts.isEmpty()) parts = firstMembers(node);
  if (const Node* steps = node.find("steps"); steps != nullptr) {
    parts.push_back(counted(static_cast<qsizetype>(steps->items.size()), Words::tr("step"),
                            Words::tr("steps")));
  }
  return parts.join(QStringLiteral(" · "));
}

QString summaryOfItems(const ValueType& type, const Node& node) {
  const bool plain = type.item->object == nullptr;
  if (type.kind != Kind::list || !plain) return QString::number(node.items.size());
  QStringList texts;
  for (const Node& item : node.items) texts.push_back(plainText(item));
  return texts.join(QStringLiteral(", "));
}

QString summaryOfTuple(const Node& node) {
  QStringList texts;
  for (const Node& item : node.items) texts.push_back(plainText(item));
  return texts.join(QStringLiteral(": "));
}

}  // namespace

QString fromUtf8(std::string_view text) {
  return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString labelOf(std::string_view key) {
  if (key == "$schema") return Words::tr("Schema");
  QStringList words = fromUtf8(key).split(QLatin1Char('_'));
  for (QString& word : words) word = spelled(word);
  QString text = words.join(QLatin1Char(' '));
  if (!text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

QString counted(qsizetype count, const QString& one, const QString& many) {
  return QStringLiteral("%1 %2").arg(count).arg(count == 1 ? one : many);
}

QString plainText(const Node& node) {
  switch (node.kind) {
    case Node::Kind::boolean:
      return node.boolean ? Words::tr("yes") : Words::tr("no");
    case Node::Kind::number:
    case Node::Kind::string:
      return fromUtf8(node.text);
    default:
      return fromUtf8(describe(node));
  }
}

QString plainText(std::string_view json) {
  Diagnostics ignored;
  const std::optional<Node> node = parse_document(json, ignored);
  if (!node) return fromUtf8(json);
  const bool structured = node->kind == Node::Kind::object || node->kind == Node::Kind::array;
  return structured ? fromUtf8(json) : plainText(*node);
}

QString summaryOf(const ValueType& type, const Node& node) {
  const bool object = node.kind == Node::Kind::object;
  const bool array = node.kind == Node::Kind::array;
  if (type.kind == Kind::object && object) return cut(summaryOfObject(type, node));
  if (type.kind == Kind::list && array) return cut(summaryOfItems(type, node));
  if (type.kind == Kind::table && object) return cut(summaryOfItems(type, node));
  if (type.kind == Kind::tuple && array) return cut(summaryOfTuple(node));
  return cut(plainText(node));
}

QString placeholderOf(const Member& member) {
  if (member.required) return Words::tr("required");
  if (!member.fallback.empty()) return plainText(member.fallback);
  if (!member.absent.empty()) return fromUtf8(member.absent);
  return Words::tr("not set");
}

QString helpOf(const Member& member, const ValueType& type) {
  QStringList lines = {fromUtf8(member.help).toHtmlEscaped()};
  const auto add = [&](const QString& what, const QString& value) {
    lines.push_back(QStringLiteral("%1: %2").arg(what, value.toHtmlEscaped()));
  };
  const bool listed = type.kind == Kind::choice;  // by its editor
  if (!listed && !type.expected.empty()) add(Words::tr("Expected"), fromUtf8(type.expected));
  if (member.required) {
    lines.push_back(Words::tr("Required"));
  } else {
    add(Words::tr("When not set"), placeholderOf(member));
  }
  if (!member.source.empty()) add(Words::tr("Where the default is from"), fromUtf8(member.source));
  return lines.join(QStringLiteral("<br>"));
}

}  // namespace cotenant::gui
