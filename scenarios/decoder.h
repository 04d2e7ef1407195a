// SPDX-License-Identifier: Apache-2.0
//
// Reads single values of a document into typed members and reports what does not fit; decode.cpp
// puts it together with the field table. A member whose value is wrong keeps its default, so
// decoding always goes on to the end of the file.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/document.h"
#include "scenarios/expectation.h"
#include "scenarios/field.h"
#include "scenarios/nearest.h"
#include "scenarios/scenario.h"

namespace cotenant {

class Decoder {
 public:
  explicit Decoder(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // Values without structure.
  void read(const Node& node, bool& value, const Field& field);
  void read(const Node& node, std::int64_t& value, const Field& field);
  void read(const Node& node, std::uint64_t& value, const Field& field);
  void read(const Node& node, double& value, const Field& field);
  void read(const Node& node, std::string& value, const Field& field);
  void read(const Node& node, Duration& value, const Field& field);
  void read(const Node& node, CpuTime& value, const Field& field);
  void read(const Node& node, Bytes& value, const Field& field);
  void read(const Node& node, Rate& value, const Field& field);
  void read(const Node& node, LinkSpeed& value, const Field& field);
  void read(const Node& node, Money& value, const Field& field);
  void read(const Node& node, CpuList& value, const Field& field);

  template <class T>
  void read(const Node& node, std::optional<T>& value, const Field& field);
  template <class T>
  void read(const Node& node, std::vector<T>& values, const Field& field);
  template <class T>
  void read(const Node& node, Named<T>& entries, const Field& field);
  template <Structure T>
  void read(const Node& node, T& value, const Field& field);

  // Reads a member one level down.
  template <class T>
  void read_member(std::string_view key, const Node& node, T& value, const Field& field) {
    const Descent descent(*this, pointer_token(key));
    read(node, value, field);
  }

  // A bound of an objective, in the unit of its metric.
  void read_bound_member(std::string_view key, const Node& node, std::optional<double>& value,
                         std::string_view metric);

  // All are about the current value, or about a member of it if a key is given.
  void must_be(const Node& node, std::string expected, std::string_view got,
               std::string nearest = "");
  void problem(Position position, std::string message, std::string expected = "",
               std::string nearest = "");
  void problem_at(std::string_view key, Position position, std::string message,
                  std::string expected = "", std::string nearest = "");

 private:
  // The pointer of the current value grows and shrinks with the recursion.
  class Descent {
   public:
    Descent(Decoder& decoder, const std::string& token)
        : decoder_(decoder), length_(decoder.pointer_.size()) {
      decoder_.pointer_ += token;
    }
    ~Descent() { decoder_.pointer_.resize(length_); }
    Descent(const Descent&) = delete;
    Descent& operator=(const Descent&) = delete;

   private:
    Decoder& decoder_;
    std::size_t length_;
  };

  template <class Quantity, class Parse, class Valid>
  void read_quantity(const Node& node, Quantity& value, const Field& field, Parse parse,
                     Valid valid);
  template <class T>
  void read_tuple(const Node& node, T& value);
  template <class T>
  void read_object(const Node& node, T& value);

  bool has_size(const Node& node, const Field& field, const std::string& expected);
  bool is_entry_name(const Node& object, std::size_t index, const Field& field);

  std::string pointer_;
  Diagnostics& diagnostics_;
};

}  // namespace cotenant
