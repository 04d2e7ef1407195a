// SPDX-License-Identifier: Apache-2.0
//
// Builds the tree from nlohmann/json's SAX events. An event says what was read but not where, so
// the builder walks along the text: the next token starts behind the last one, its blanks and
// separators. Texts that the parser would accept silently (NUL as end of file) are refused before
// it sees them.
#include "scenarios/document.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "scenarios/syntax_error.h"

namespace cotenant {

namespace {

// Counts lines and code points while walking forward through the text.
class Locator {
 public:
  explicit Locator(std::string_view text) : text_(text) {}

  Position at(std::size_t offset) {
    for (; offset_ < offset; ++offset_) {
      const auto byte = static_cast<unsigned char>(text_[offset_]);
      if (byte == '\n') {
        ++position_.line;
        position_.column = 1;
      } else if ((byte & 0xc0) != 0x80) {  // not the continuation of a code point
        ++position_.column;
      }
    }
    return position_;
  }

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  Position position_{1, 1};
};

// The events of nlohmann/json's SAX interface; the names are its. A handler that returns false ends
// the parse.
class Builder {
 public:
  // `skipped`: bytes of the file before the text.
  Builder(std::string_view text, std::size_t skipped, Diagnostics& diagnostics)
      : text_(text), skipped_(skipped), locator_(text), diagnostics_(diagnostics) {}

  bool null() { return value(Node::Kind::null, 4); }
  bool boolean(bool b) {
    Node node = scalar(Node::Kind::boolean, b ? 4 : 5);
    node.boolean = b;
    return attach(std::move(node));
  }
  bool number_integer(std::int64_t) { return number(); }
  bool number_unsigned(std::uint64_t) { return number(); }
  bool number_float(double, const std::string&) { return number(); }
  bool string(std::string& text) {
    const std::size_t start = next_token();
    Node node = scalar(Node::Kind::string, string_length(text_.substr(start)));
    node.text = std::move(text);
    return attach(std::move(node));
  }
  bool binary(nlohmann::json::binary_t&) { return false; }  // not in JSON text

  bool start_object(std::size_t) { return open(Node::Kind::object); }
  bool start_array(std::size_t) { return open(Node::Kind::array); }
  bool end_object() {
    report_duplicate_keys();
    return close();
  }
  bool end_array() { return close(); }
  bool key(std::string& text) {
    const std::size_t start = next_token();
    end_of_last_ = start + string_length(text_.substr(start));
    stack_.back().keys.push_back(
        {std::move(text), locator_.at(start), {skipped_ + start, skipped_ + end_of_last_}});
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) {
    SyntaxContext context;
    context.offset = end_of_last_;
    if (!stack_.empty()) {
      const Node& open = stack_.back();
      context.inside =
          open.kind == Node::Kind::object ? SyntaxContext::object : SyntaxContext::array;
      context.empty = open.items.empty() && open.keys.empty();
      context.after_key = open.keys.size() > open.items.size();
    } else if (done_) {
      context.inside = SyntaxContext::after_document;
    }
    const SyntaxError error = explain_syntax_error(text_, context);
    fail(error.offset, error.message, error.expected);
    return false;
  }

  Node take_root() { return std::move(root_); }

 private:
  // Offset of the first byte of the next token. Separators are not reported, so they are skipped
  // too.
  std::size_t next_token() const {
    const std::size_t start = text_.find_first_not_of(" \t\r\n,:", end_of_last_);
    return start == std::string_view::npos ? text_.size() : start;
  }

  Node scalar(Node::Kind kind, std::size_t length) {
    const std::size_t start = next_token();
    end_of_last_ = start + length;
    Node node;
    node.kind = kind;
    node.position = locator_.at(start);
    node.span = {skipped_ + start, skipped_ + end_of_last_};
    return node;
  }
  bool value(Node::Kind kind, std::size_t length) { return attach(scalar(kind, length)); }

  bool number() {
    const std::size_t start = next_token();
    const std::size_t length = number_length(text_.substr(start));
    Node node = scalar(Node::Kind::number, length);
    node.text = text_.substr(start, length);
    return attach(std::move(node));
  }

  bool open(Node::Kind kind) {
    const std::size_t start = next_token();
    if (stack_.size() == static_cast<std::size_t>(kMaxDocumentDepth)) {
      fail(start, "is nested more than " + std::to_string(kMaxDocumentDepth) + " levels deep", "");
      return false;
    }
    stack_.push_back(scalar(kind, 1));
    return true;
  }

  bool close() {
    end_of_last_ = next_token() + 1;
    Node node = std::move(stack_.back());
    node.span.end = skipped_ + end_of_last_;
    stack_.pop_back();
    return attach(std::move(node));
  }

  bool attach(Node node) {
    if (++values_ > kMaxDocumentValues) {
      diagnostics_.add({pointer(), node.position.line, node.position.column,
                        "the file has more than " + std::to_string(kMaxDocumentValues) + " values",
                        "", ""});
      return false;
    }
    if (stack_.empty()) {
      root_ = std::move(node);
      done_ = true;
    } else {
      stack_.back().items.push_back(std::move(node));
    }
    return true;
  }

  void report_duplicate_keys() {
    const std::vector<Key>& keys = stack_.back().keys;
    std::vector<std::size_t> order(keys.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return keys[a].text < keys[b].text; });
    std::size_t first = 0;  // of the run of equal keys
    for (std::size_t i = 1; i < order.size(); ++i) {
      const Key& key = keys[order[i]];
      if (key.text != keys[order[first]].text) {
        first = i;
        continue;
      }
      const Position& earlier = keys[order[first]].position;
      diagnostics_.add({pointer() + pointer_token(key.text), key.position.line, key.position.column,
                        "duplicate key " + in_quotes(key.text) + ", first in line " +
                            std::to_string(earlier.line),
                        "each key once", ""});
    }
  }

  // Of the innermost open object or array.
  std::string pointer() const {
    std::string text;
    for (std::size_t i = 0; i + 1 < stack_.size(); ++i) {
      const Node& node = stack_[i];
      text += node.kind == Node::Kind::object ? pointer_token(node.keys.back().text)
                                              : '/' + std::to_string(node.items.size());
    }
    return text;
  }

  void fail(std::size_t offset, std::string message, std::string expected) {
    const Position position = locator_.at(offset);
    diagnostics_.add(
        {pointer(), position.line, position.column, std::move(message), std::move(expected), ""});
  }

  std::string_view text_;
  std::size_t skipped_;
  Locator locator_;
  std::size_t end_of_last_ = 0;  // token
  std::size_t values_ = 0;
  bool done_ = false;
  Node root_;
  std::vector<Node> stack_;  // the open objects and arrays, outermost first
  Diagnostics& diagnostics_;
};

}  // namespace

std::optional<Node> parse_document(std::string_view text, Diagnostics& diagnostics) {
  if (text.size() > kMaxDocumentBytes) {
    diagnostics.add({"", 1, 1, "the file is larger than 4 MiB", "at most 4 MiB", ""});
    return std::nullopt;
  }
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";  // some editors write one
  const std::size_t skipped = text.substr(0, 3) == kByteOrderMark ? 3 : 0;
  text.remove_prefix(skipped);
  if (const auto bad = find_bad_byte(text)) {
    const Position position = Locator(text).at(bad->offset);
    diagnostics.add({"", position.line, position.column, bad->message, bad->expected, ""});
    return std::nullopt;
  }
  Builder builder(text, skipped, diagnostics);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return std::nullopt;
  return builder.take_root();
}

const Node* Node::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].text == key) return &items[i];
  }
  return nullptr;
}

const Node* find_pointer(const Node& root, std::string_view pointer) {
  const Node* node = &root;
  while (!pointer.empty()) {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string_view token = pointer.substr(0, end);
    const Node* child = nullptr;
    for (std::size_t i = 0; i < node->items.size() && child == nullptr; ++i) {
      const bool hit = node->kind == Node::Kind::object ? pointer_token(node->keys[i].text) == token
                                                        : '/' + std::to_string(i) == token;
      if (hit) child = &node->items[i];
    }
    if (child == nullptr) return nullptr;
    node = child;
    pointer.remove_prefix(end);
  }
  return node;
}

std::string pointer_token(std::string_view key) {
  if (key.size() > kMaxNameLength) {  // cut between code points
    std::size_t end = kMaxNameLength;
    while (end > 0 && (static_cast<unsigned char>(key[end]) & 0xc0) == 0x80) --end;
    key = key.substr(0, end);
  }
  std::string token = "/";
  for (const char c : key) {
    if (c == '~') {
      token += "~0";
    } else if (c == '/') {
      token += "~1";
    } else {
      token += c;
    }
  }
  return token;
}

std::vector<std::string> pointer_keys(std::string_view pointer) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    const std::string_view two = pointer.substr(i, 2);
    if (pointer[i] == '/' || keys.empty()) {
      keys.emplace_back();
    } else if (two == "~0" || two == "~1") {
      keys.back() += two == "~0" ? '~' : '/';
      ++i;
    } else {
      keys.back() += pointer[i];
    }
  }
  return keys;
}

std::string in_quotes(std::string_view text) {
  constexpr int kMaxCodePoints = 40;
  std::string out = "\"";
  int shown = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80 && ++shown > kMaxCodePoints) return out + "…\"";
    if (byte < 0x20 || byte == 0x7f) {
      constexpr std::string_view kHex = "0123456789abcdef";
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + '"';
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::boolean:
      return node.boolean ? "true" : "false";
    case Node::Kind::number:
      return node.text.size() <= 40 ? node.text : node.text.substr(0, 40) + "…";
    case Node::Kind::string:
      return in_quotes(node.text);
    case Node::Kind::array:
      return node.items.empty() ? "an empty array" : "an array";
    case Node::Kind::object:
      return node.items.empty() ? "an empty object" : "an object";
  }
  return "";
}

}  // namespace cotenant
