// SPDX-License-Identifier: Apache-2.0
//
// The schema-writing visitor of the field table. Every struct becomes a definition; the
// alternatives of a variant become the branches of a oneOf, each complete in itself, because
// "additionalProperties" does not look into other branches.
#include "scenarios/schema.h"

#include <type_traits>
#include <utility>
#include <vector>

#include "scenarios/document.h"
#include "scenarios/encoder.h"
#include "scenarios/expectation.h"
#include "scenarios/pretty.h"

namespace cotenant {

namespace {

class SchemaWriter {
 public:
  template <class T>
  void define() {
    const std::string name(kTitle<T>.name);
    if (definitions_.contains(name)) return;
    definitions_[name] = OrderedJson::object();  // the place in the order, and the end of recursion
    definitions_[name] = definition(Of<T>());
  }
  OrderedJson take_definitions() { return std::move(definitions_); }

  template <class T>
  OrderedJson schema(Of<T>, const Field& field);
  template <class T>
  OrderedJson schema(Of<std::optional<T>>, const Field& field);
  template <class T>
  OrderedJson schema(Of<std::vector<T>>, const Field& field);
  template <class T>
  OrderedJson schema(Of<Named<T>>, const Field& field);

 private:
  template <class T>
  OrderedJson definition(Of<T>);

  OrderedJson definitions_ = OrderedJson::object();
};

// One branch of a oneOf, or the only one.
struct ObjectShape {
  std::string_view description;
  OrderedJson properties = OrderedJson::object();
  OrderedJson required = OrderedJson::array();

  void put(std::string_view key, OrderedJson property) {
    properties[std::string(key)] = std::move(property);
  }
};

// A branch that is recognized by its tag; the one for `fallback` also by the lack of a tag.
ObjectShape tagged(std::string_view tag, std::string_view name, std::string_view fallback) {
  ObjectShape branch;
  branch.put(tag, {{"const", name}});
  if (name != fallback) branch.required.push_back(tag);
  return branch;
}

// What is said of a member beside the schema of its type.
OrderedJson property_schema(const OrderedJson& type, const Field& field) {
  OrderedJson property;
  property["description"] = field.help;
  if (type.contains("$ref")) {
    property["allOf"] = OrderedJson::array({type});  // draft-07 ignores what stands beside $ref
    return property;
  }
  property.update(type);
  if (type.contains("description")) {
    property["description"] =
        std::string(field.help) + " Must be " + type["description"].get<std::string>() + ".";
  }
  return property;
}

OrderedJson object_schema(const ObjectShape& shape) {
  OrderedJson out;
  out["type"] = "object";
  if (!shape.description.empty()) out["description"] = shape.description;
  out["properties"] = shape.properties;
  if (!shape.required.empty()) out["required"] = shape.required;
  out["additionalProperties"] = false;
  return out;
}

// Collects the members of one struct, default values included.
class ShapeWriter {
 public:
  ShapeWriter(SchemaWriter& schemas, ObjectShape& shape) : schemas_(schemas), shape_(shape) {}

  template <class T>
  void field(std::string_view key, const T& member, const Field& field) {
    OrderedJson property = property_schema(schemas_.schema(Of<T>(), field), field);
    if (!field.required && field.absent.empty() && has_default(member, field)) {
      property["default"] = to_json(member, field, Defaults::omitted);
    }
    if (field.required) shape_.required.push_back(key);
    shape_.put(key, std::move(property));
  }

  void bound(std::string_view key, const std::optional<double>&, const std::string&,
             const Field& field) {
    OrderedJson property;
    property["description"] =
        std::string(field.help) + " A duration, a rate or a number, whatever the metric is.";
    property["anyOf"] = {{{"type", "string"}, {"pattern", kDurationPattern}},
                         {{"type", "string"}, {"pattern", kRatePattern}},
                         {{"type", "number"}, {"minimum", 0}}};
    shape_.put(key, std::move(property));
  }

  template <class Variant>
  void choice(std::string_view tag, const Variant&, std::string_view fallback) {
    alternatives(Of<Variant>(), [&](auto of, std::string_view name) {
      add_branch(of, tagged(tag, name, fallback));
    });
  }
  template <class Variant>
  void keyed(const Variant&) {
    alternatives(Of<Variant>(), [&](auto of, std::string_view) { add_branch(of, ObjectShape()); });
  }

  void one_of(std::initializer_list<std::string_view> keys) {
    OrderedJson branches = OrderedJson::array();
    for (const std::string_view key : keys) {
      branches.push_back({{"required", OrderedJson::array({key})}});
    }
    rules_["oneOf"] = branches;
  }
  void at_most_one_of(std::initializer_list<std::string_view> keys) {
    rules_["not"] = {{"required", keys}};  // all uses are pairs
  }

  OrderedJson result() && {
    if (branches_.empty()) {
      OrderedJson out = object_schema(shape_);
      out.update(rules_);
      return out;
    }
    for (OrderedJson& branch : branches_) {
      // What stands beside the choice belongs to each of its branches.
      branch["properties"].update(shape_.properties);
      for (const OrderedJson& key : shape_.required) branch["required"].push_back(key);
    }
    OrderedJson out;
    if (!shape_.description.empty()) out["description"] = shape_.description;
    out["oneOf"] = branches_;
    return out;
  }

 private:
  template <class T>
  static bool has_default(const T& member, const Field& field) {
    if constexpr (kIsOptional<T>) return member || !field.word.empty();
    if constexpr (std::is_same_v<T, std::string>) return !member.empty();
    return true;
  }

  template <class Alternative>
  void add_branch(Of<Alternative>, ObjectShape branch) {
    branch.description = kTitle<Alternative>.help;
    ShapeWriter writer(schemas_, branch);
    const Alternative plain{};
    fields(writer, plain);
    branches_.push_back(object_schema(branch));
  }

  SchemaWriter& schemas_;
  ObjectShape& shape_;
  OrderedJson branches_ = OrderedJson::array();
  OrderedJson rules_ = OrderedJson::object();
};

class TupleShapeWriter {
 public:
  explicit TupleShapeWriter(SchemaWriter& schemas) : schemas_(schemas) {}

  template <class T>
  void field(std::string_view, const T&, const Field& field) {
    items_.push_back(schemas_.schema(Of<T>(), field));
  }
  OrderedJson result(std::string_view description) const {
    return {{"description", description},
            {"type", "array"},
            {"items", items_},
            {"minItems", items_.size()},
            {"maxItems", items_.size()}};
  }

 private:
  SchemaWriter& schemas_;
  OrderedJson items_ = OrderedJson::array();
};

OrderedJson truth_schema() { return {{"type", "boolean"}}; }

OrderedJson text_schema(const Field& field) {
  if (!field.choices.empty()) {
    return {{"enum", std::vector<std::string>(field.choices.begin(), field.choices.end())}};
  }
  OrderedJson out = {{"type", "string"}};
  if (!field.multiline) out["minLength"] = 1;
  return out;
}

OrderedJson number_schema(const Field& field) {
  const Real& real = field.real;
  OrderedJson out = {{"type", "number"}};
  out[real.low_excluded ? "exclusiveMinimum" : "minimum"] = number_json(real.low);
  out[real.high_excluded ? "exclusiveMaximum" : "maximum"] = number_json(real.high);
  return out;
}

OrderedJson whole_schema(const Field& field) {
  if (field.whole.low == field.whole.high) return {{"const", field.whole.low}};
  return {{"type", "integer"}, {"minimum", field.whole.low}, {"maximum", field.whole.high}};
}

OrderedJson either_of(OrderedJson a, OrderedJson b) {
  return {{"anyOf", {std::move(a), std::move(b)}}};
}

OrderedJson described(std::string_view description, const OrderedJson& schema) {
  OrderedJson out = {{"description", description}};
  out.update(schema);
  return out;
}

OrderedJson reference_to(std::string_view name) {
  return {{"$ref", "#/definitions/" + std::string(name)}};
}

OrderedJson quantity_schema(std::string_view pattern, std::string_view expected) {
  return {{"type", "string"}, {"pattern", pattern}, {"description", expected}};
}

OrderedJson array_schema(OrderedJson items, const Field& field) {
  OrderedJson out = {{"type", "array"}, {"items", std::move(items)}};
  if (field.min_items > 0) out["minItems"] = field.min_items;
  out["maxItems"] = field.max_items;
  return out;
}

OrderedJson table_schema(OrderedJson entry, const Field& field) {
  OrderedJson out = {{"type", "object"},
                     {"propertyNames", {{"pattern", kNamePattern}, {"maxLength", kMaxNameLength}}},
                     {"additionalProperties", std::move(entry)}};
  if (field.min_items > 0) out["minProperties"] = field.min_items;
  out["maxProperties"] = field.max_items;
  return out;
}

template <class T>
constexpr std::string_view pattern_of() {
  if constexpr (std::is_same_v<T, Bytes>) return kBytesPattern;
  if constexpr (std::is_same_v<T, Rate>) return kRatePattern;
  if constexpr (std::is_same_v<T, LinkSpeed>) return kLinkSpeedPattern;
  if constexpr (std::is_same_v<T, Money>) return kMoneyPattern;
  if constexpr (std::is_same_v<T, CpuList>) return kCpuListPattern;
  return kDurationPattern;
}

template <class T>
OrderedJson SchemaWriter::schema(Of<T>, const Field& field) {
  if constexpr (Structure<T>) {
    define<T>();
    return reference_to(kTitle<T>.name);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return text_schema(field);
  } else if constexpr (std::is_same_v<T, bool>) {
    return truth_schema();
  } else if constexpr (std::is_same_v<T, double>) {
    return number_schema(field);
  } else if constexpr (std::is_integral_v<T>) {
    return whole_schema(field);
  } else {
    return quantity_schema(pattern_of<T>(), expectation(Of<T>(), field));
  }
}
template <class T>
OrderedJson SchemaWriter::schema(Of<std::optional<T>>, const Field& field) {
  if (field.word.empty()) return schema(Of<T>(), field);
  return either_of({{"const", field.word}}, schema(Of<T>(), field));
}
template <class T>
OrderedJson SchemaWriter::schema(Of<std::vector<T>>, const Field& field) {
  return array_schema(schema(Of<T>(), field_of_items(field)), field);
}
template <class T>
OrderedJson SchemaWriter::schema(Of<Named<T>>, const Field& field) {
  return table_schema(schema(Of<T>(), {}), field);
}

template <class T>
OrderedJson SchemaWriter::definition(Of<T>) {
  const T plain{};
  if constexpr (kIsTuple<T>) {
    TupleShapeWriter writer(*this);
    fields(writer, plain);
    return writer.result(kTitle<T>.help);
  } else {
    ObjectShape shape;
    ShapeWriter writer(*this, shape);
    fields(writer, plain);
    OrderedJson object = std::move(writer).result();
    if constexpr (HasShortForm<T>) {
      using Form = ShortForm<T>;
      OrderedJson plain_value = schema(Of<typename Form::Value>(), Form::kField);
      object = either_of(std::move(plain_value), std::move(object));
    }
    return described(kTitle<T>.help, object);
  }
}

}  // namespace

namespace {

// Of a whole file.
template <class T>
std::string file_schema(const std::string& title) {
  SchemaWriter schemas;
  schemas.define<T>();
  OrderedJson definitions = schemas.take_definitions();
  OrderedJson out = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", title}};
  const std::string top(kTitle<T>.name);
  out.update(definitions[top]);
  definitions.erase(top);
  out["definitions"] = definitions;
  return pretty(out);
}

}  // namespace

std::string scenario_schema() {
  return file_schema<Scenario>("Cotenant scenario, format " + std::to_string(kScenarioFormat));
}

std::string parameters_schema() {
  return file_schema<ParameterSet>("Cotenant parameters, format " +
                                   std::to_string(kParametersFormat));
}

std::string catalog_schema() {
  return file_schema<Catalog>("Cotenant catalog of plans, format " +
                              std::to_string(kCatalogFormat));
}

}  // namespace cotenant
