// SPDX-License-Identifier: Apache-2.0
//
// JSON text, written in order: the keys come out in the order they were put in, doubles with the
// shortest digits that read back the same, so that equal values are equal bytes on every machine.
// Writes only; reading is nlohmann's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cotenant {

// `text` as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

class JsonText {
 public:
  // A compact container stays on one line, with all that is in it.
  enum class Style { lines, compact };

  void begin_object(Style style = Style::lines) { begin('{', style); }
  void end_object() { end('}'); }
  void begin_array(Style style = Style::lines) { begin('[', style); }
  void end_array() { end(']'); }

  // Before each value inside an object.
  void key(std::string_view name);

  void value(std::string_view text) { element(json_string(text)); }
  void value(const char* text) { value(std::string_view(text)); }
  void value(double number);
  void value(std::uint64_t number) { element(std::to_string(number)); }
  void value(std::int64_t number) { element(std::to_string(number)); }
  void value(int number) { element(std::to_string(number)); }
  void value(bool truth) { element(truth ? "true" : "false"); }
  void null() { element("null"); }

  template <class T>
  void value(const std::optional<T>& maybe) {
    if (maybe) {
      value(*maybe);
    } else {
      null();
    }
  }

  template <class T>
  void member(std::string_view name, const T& content) {
    key(name);
    value(content);
  }

  // All containers must be closed.
  std::string take();

 private:
  struct Level {
    Style style;
    bool empty;
  };

  void begin(char bracket, Style style);
  void end(char bracket);
  void element(std::string_view text);
  void separate();  // the comma and white space before an element or a key
  void new_line();

  std::string text_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

}  // namespace cotenant
