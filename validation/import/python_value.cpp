// SPDX-License-Identifier: Apache-2.0
#include "validation/import/python_value.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>
#include <vector>

#include "scenarios/quantity.h"

namespace cotenant {
namespace {

constexpr int kDeepest = 32;
constexpr double kLargest = 1e15;  // whole numbers are exact up to here

struct NotUnderstood {};

bool is_space(char c) { return c == ' ' || c == '\t'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_true(const PythonValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* number = std::get_if<double>(&value)) return *number != 0;
  if (const auto* text = std::get_if<std::string>(&value)) return !text->empty();
  return false;
}

double number_of(const PythonValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
  throw NotUnderstood();
}

double checked(double number) {
  if (!(std::abs(number) <= kLargest)) throw NotUnderstood();
  return number;
}

// expression := sum { "or" sum }; sum := product { ± product }; product := atom { * // / % atom }.
class Reader {
 public:
  Reader(std::string_view text, PythonWorld& world) : text_(text), world_(world) {}

  PythonValue whole() {
    PythonValue value = expression();
    skip();
    if (at_ != text_.size()) throw NotUnderstood();
    return value;
  }

 private:
  void skip() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  bool take(std::string_view token) {
    skip();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  void need(std::string_view token) {
    if (!take(token)) throw NotUnderstood();
  }
  bool take_word(std::string_view word) {
    skip();
    const std::string_view rest = text_.substr(at_);
    if (!rest.starts_with(word)) return false;
    if (rest.size() > word.size() && (is_letter(rest[word.size()]) || is_digit(rest[word.size()])))
      return false;
    at_ += word.size();
    return true;
  }

  PythonValue expression() {
    if (++depth_ > kDeepest) throw NotUnderstood();
    PythonValue value = sum();
    while (take_word("or")) {
      PythonValue other = sum();
      if (!is_true(value)) value = std::move(other);
    }
    --depth_;
    return value;
  }

  PythonValue sum() {
    PythonValue value = product();
    while (true) {
      if (take("+")) {
        PythonValue other = product();
        const auto* left = std::get_if<std::string>(&value);
        const auto* right = std::get_if<std::string>(&other);
        if (left != nullptr && right != nullptr) {
          value = *left + *right;
        } else {
          value = checked(number_of(value) + number_of(other));
        }
      } else if (take("-")) {
        value = checked(number_of(value) - number_of(product()));
      } else {
        return value;
      }
    }
  }

  PythonValue product() {
    PythonValue value = atom();
    while (true) {
      if (take("**")) throw NotUnderstood();
      if (take("*")) {
        value = checked(number_of(value) * number_of(atom()));
      } else if (take("//")) {
        value = std::floor(divided(number_of(value), number_of(atom())));
      } else if (take("/")) {
        value = divided(number_of(value), number_of(atom()));
      } else {
        return value;
      }
    }
  }
  static double divided(double a, double b) {
    if (b == 0) throw NotUnderstood();
    return checked(a / b);
  }

  PythonValue atom() {
    skip();
    if (++depth_ > kDeepest || at_ >= text_.size()) throw NotUnderstood();
    PythonValue value = atom_at();
    --depth_;
    return value;
  }
  PythonValue atom_at() {
    const char c = text_[at_];
    if (take("(")) {
      PythonValue value = expression();
      need(")");
      return value;
    }
    if (take("-")) return -number_of(atom());
    if (is_digit(c) || c == '.') return number();
    if (c == '"' || c == '\'') return string();
    if (is_letter(c)) return name();
    throw NotUnderstood();
  }

  PythonValue number() {
    std::string digits;
    while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.' || text_[at_] == '_')) {
      if (text_[at_] != '_') digits += text_[at_];
      ++at_;
    }
    if (at_ < text_.size() && is_letter(text_[at_])) throw NotUnderstood();  // 0x10, 1e3
    return parsed(digits);
  }
  static double parsed(std::string_view digits) {
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value,
                                              std::chars_format::fixed);
    if (error != std::errc() || end != digits.data() + digits.size()) throw NotUnderstood();
    return checked(value);
  }

  // Without escapes; what has some is not understood.
  std::string string() {
    const char quote = text_[at_];
    if (text_.substr(at_).starts_with(std::string(3, quote))) throw NotUnderstood();
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == text_.npos) throw NotUnderstood();
    std::string value(text_.substr(at_ + 1, end - at_ - 1));
    if (value.find('\\') != value.npos) throw NotUnderstood();
    at_ = end + 1;
    return value;
  }

  PythonValue name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           (is_letter(text_[at_]) || is_digit(text_[at_]) || text_[at_] == '.'))
      ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (word == "True") return true;
    if (word == "False") return false;
    if (word == "None") return PythonNone();
    if (take("(")) return call(word);
    if ((word == "os.environ" || word == "environ") && take("[")) return item();
    const auto found = world_.names.find(word);
    if (found == world_.names.end()) throw NotUnderstood();
    return found->second;
  }

  PythonValue item() {
    skip();
    if (at_ >= text_.size()) throw NotUnderstood();
    const std::string key = std::get<std::string>(checked_string(expression()));
    need("]");
    const auto found = world_.environment.find(key);
    if (found == world_.environment.end()) throw NotUnderstood();
    return found->second;
  }
  static PythonValue checked_string(PythonValue value) {
    if (!std::holds_alternative<std::string>(value)) throw NotUnderstood();
    return value;
  }

  PythonValue call(std::string_view function) {
    std::vector<PythonValue> arguments;
    while (!take(")")) {
      if (!arguments.empty()) need(",");
      if (take(")")) break;
      arguments.push_back(expression());
    }
    if (function.ends_with("cpu_count") && arguments.empty()) {
      world_.used_cores = true;
      return static_cast<double>(world_.cores);
    }
    constexpr std::array<std::string_view, 4> kGetters = {"os.environ.get", "environ.get",
                                                          "os.getenv", "getenv"};
    for (const std::string_view getter : kGetters) {
      if (function == getter) return environment(arguments);
    }
    if (arguments.size() == 1 && function == "int") return whole_number(arguments[0]);
    if (arguments.size() == 1 && function == "float") return converted(arguments[0]);
    if (arguments.size() == 1 && function == "str") return to_text(arguments[0]);
    if (arguments.size() == 2 && (function == "max" || function == "min")) {
      const double a = number_of(arguments[0]), b = number_of(arguments[1]);
      return (function == "max") == (a > b) ? a : b;
    }
    throw NotUnderstood();
  }
  static double converted(const PythonValue& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr ? parsed(*text) : number_of(value);
  }
  static double whole_number(const PythonValue& value) { return std::trunc(converted(value)); }

  PythonValue environment(const std::vector<PythonValue>& arguments) {
    if (arguments.empty() || arguments.size() > 2) throw NotUnderstood();
    const std::string key = std::get<std::string>(checked_string(arguments[0]));
    const auto found = world_.environment.find(key);
    if (found != world_.environment.end()) return found->second;
    world_.used_default_of = key;
    return arguments.size() == 2 ? arguments[1] : PythonValue(PythonNone());
  }

  std::string_view text_;
  PythonWorld& world_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::optional<PythonValue> python_value(std::string_view text, PythonWorld& world) {
  world.used_cores = false;
  world.used_default_of.clear();
  try {
    return Reader(text, world).whole();
  } catch (const NotUnderstood&) {
    return std::nullopt;
  }
}

std::string to_text(const PythonValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "True" : "False";
  if (const auto* number = std::get_if<double>(&value)) return to_text(*number);
  return "None";
}

}  // namespace cotenant
