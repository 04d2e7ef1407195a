// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/fuzz/mutate.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <random>
#include <string_view>
#include <vector>

namespace cotenant::test {
namespace {

struct Span {
  std::size_t begin = 0, end = 0;
};

// Strings with their quotes, numbers and words of a text that is JSON, or nearly.
std::vector<Span> tokens_of(const std::string& text) {
  std::vector<Span> tokens;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\') ++i;
      }
      i = std::min(i + 1, text.size());
    } else if (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '-') {
      while (i < text.size() && std::string_view(" \n,:]}").find(text[i]) == std::string::npos) ++i;
    } else {
      ++i;
      continue;
    }
    tokens.push_back({begin, i});
  }
  return tokens;
}

bool is_key(const std::string& text, Span token) {
  const std::size_t next = text.find_first_not_of(" \n", token.end);
  return next != std::string::npos && text[next] == ':';
}

std::vector<Span> keys_or_values(const std::string& text, bool keys) {
  std::vector<Span> found = tokens_of(text);
  found.erase(std::remove_if(found.begin(), found.end(),
                             [&](Span token) { return is_key(text, token) != keys; }),
              found.end());
  return found;
}

constexpr std::array<const char*, 22> kValues = {"0",
                                                 "-1",
                                                 "1",
                                                 "65536",
                                                 "2147483648",
                                                 "9223372036854775807",
                                                 "9223372036854775808",
                                                 "18446744073709551616",
                                                 "1e308",
                                                 "1e999",
                                                 "-1e-320",
                                                 "0.1",
                                                 "null",
                                                 "true",
                                                 "{}",
                                                 "[]",
                                                 "\"\"",
                                                 "\"0s\"",
                                                 "\"1e300s\"",
                                                 "\"9223372036854775808ns\"",
                                                 "\"99999999d\"",
                                                 "\"1000000000/s\""};

// An overlong zero, a lone continuation, a surrogate, a cut sequence, a byte that never occurs, a
// control character.
constexpr std::array<const char*, 6> kBytes = {"\xc0\x80", "\x80", "\xed\xa0\x80",
                                               "\xe2\x82", "\xff", "\x1b[31m"};

class Mutator {
 public:
  Mutator(const std::string& text, std::uint64_t number) : text_(text), random_(number) {}

  // Mostly one: of several, one is usually refused before the others are looked at.
  std::string result() {
    const std::size_t more = below(4) == 0 ? 1 + below(2) : 0;
    for (std::size_t done = 0; done <= more; ++done) mutate();
    return text_;
  }

 private:
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

  Span range() {
    const std::size_t begin = below(text_.size());
    return {begin, std::min(text_.size(), begin + 1 + below(40))};
  }
  std::string at(Span span) const { return text_.substr(span.begin, span.end - span.begin); }
  void put(Span span, const std::string& other) {
    text_.replace(span.begin, span.end - span.begin, other);
  }

  void mutate() {
    switch (below(16)) {
      case 0:
        return flip_bit();
      case 1:
        return text_.resize(below(text_.size() + 1));
      case 2:
        return put(range(), "");
      case 3:
        return repeat();
      case 4:
        return put_token(true, true);  // a key twice
      case 5:
        return put_token(false, false);  // a value where another belongs
      case 6:
        return swap_values();
      case 7:
      case 8:
        return put_value(kValues[below(kValues.size())]);
      case 9:
        return nest();
      case 10:
      case 11:
      case 12:
      case 13:
      case 14:
        return other_digit();
      default:
        return text_.insert(below(text_.size() + 1), kBytes[below(kBytes.size())]), void();
    }
  }

  void flip_bit() {
    if (text_.empty()) return;
    char& byte = text_[below(text_.size())];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1u << below(8)));
  }

  void repeat() {
    const std::string part = at(range());
    text_.insert(below(text_.size() + 1), part);
  }

  void put_token(bool from_keys, bool to_keys) {
    const std::vector<Span> from = keys_or_values(text_, from_keys);
    const std::vector<Span> to = keys_or_values(text_, to_keys);
    if (from.empty() || to.empty()) return;
    put(to[below(to.size())], at(from[below(from.size())]));
  }

  void put_value(const char* value) {
    const std::vector<Span> values = keys_or_values(text_, false);
    if (!values.empty()) put(values[below(values.size())], value);
  }

  void swap_values() {
    const std::vector<Span> values = keys_or_values(text_, false);
    if (values.size() < 2) return;
    std::size_t first = below(values.size() - 1);
    const std::size_t second = first + 1 + below(values.size() - 1 - first);
    const std::string earlier = at(values[first]);
    const std::string later = at(values[second]);
    put(values[second], earlier);
    put(values[first], later);
  }

  // What is said stays of its kind, so that most of these are scenarios.
  void other_digit() {
    std::vector<std::size_t> digits;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] >= '0' && text_[i] <= '9') digits.push_back(i);
    }
    if (!digits.empty()) text_[digits[below(digits.size())]] = static_cast<char>('0' + below(10));
  }

  void nest() {
    const std::size_t depth = std::size_t{1} << below(15);
    std::string nested;
    for (std::size_t i = 0; i < depth; ++i) nested += "[";
    nested += "0";
    if (below(2) == 0) nested.append(depth, ']');
    put_value(nested.c_str());
  }

  std::string text_;
  std::mt19937_64 random_;
};

}  // namespace

std::string mutated(const std::string& text, std::uint64_t number) {
  return Mutator(text, number).result();
}

}  // namespace cotenant::test
