// Prints described structs (Boost.Describe) as JSON. Every answer and every body that we send is a
// type; its members come in the order of its description. An empty std::optional leaves its member
// out; an empty OrNull writes null. So readers can tell "absent" from "none". Numbers and texts are
// printed as JSON.stringify prints them. For reading see base/json.hpp. Pure.
#pragma once

#include "base/clock.hpp"
#include "base/json.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace claimcheck::json {

// A text that is JSON already; it is printed as it is.
struct Raw {
  std::string text;
};

template <typename T>
struct OrNull {
  std::optional<T> value;

  OrNull() = default;
  OrNull(T given) : value(std::move(given)) {}
  OrNull(std::optional<T> given) : value(std::move(given)) {}
};

// An object whose names are data: prices, currencies, series.
template <typename T>
using Members = std::vector<std::pair<std::string, T>>;

// A stored time; 0 means none.
inline OrNull<Time> moment(std::int64_t us) {
  return us == 0 ? OrNull<Time>() : OrNull<Time>(from_us(us));
}

template <typename T>
concept Described = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

template <typename T>
void append(std::string& to, const T& value);

// The parts of append(); not for other files.
namespace detail {

// A comma before each element but the first.
class Separated {
 public:
  explicit Separated(std::string& to) : to_(to) {}
  void next() {
    if (!first_) to_ += ',';
    first_ = false;
  }
  template <typename T>
  void member(std::string_view name, const T& value) {
    next();
    to_ += print(name);
    to_ += ':';
    append(to_, value);
  }
  template <typename T>
  void member(std::string_view name, const std::optional<T>& value) {
    if (value) member(name, *value);
  }

 private:
  std::string& to_;
  bool first_ = true;
};

template <typename T>
void append_list(std::string& to, const std::vector<T>& list) {
  to += '[';
  Separated separated(to);
  for (const T& element : list) {
    separated.next();
    append(to, element);
  }
  to += ']';
}

template <typename T>
void append_list(std::string& to, const Members<T>& members) {
  to += '{';
  Separated separated(to);
  for (const auto& [name, value] : members) separated.member(name, value);
  to += '}';
}

template <Described T>
void append_struct(std::string& to, const T& value) {
  using namespace boost::describe;
  to += '{';
  Separated separated(to);
  // Members of a base come first, as if they were members of the struct itself.
  boost::mp11::mp_for_each<describe_members<T, mod_public | mod_inherited>>(
      [&](auto member) { separated.member(member.name, value.*member.pointer); });
  to += '}';
}

template <typename T>
constexpr bool is_vector = false;
template <typename T>
constexpr bool is_vector<std::vector<T>> = true;
template <typename T>
constexpr bool is_variant = false;
template <typename... T>
constexpr bool is_variant<std::variant<T...>> = true;
template <typename T>
constexpr bool is_or_null = false;
template <typename T>
constexpr bool is_or_null<OrNull<T>> = true;

}  // namespace detail

template <typename T>
void append(std::string& to, const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    to += value ? "true" : "false";
  } else if constexpr (std::is_enum_v<T>) {
    to += print(std::string_view(boost::describe::enum_to_string(value, "")));
  } else if constexpr (std::is_integral_v<T>) {
    to += std::to_string(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    to += print(static_cast<double>(value));
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    to += print(std::string_view(value));
  } else if constexpr (std::is_same_v<T, Time>) {
    to += print(std::string_view(to_iso(value)));
  } else if constexpr (std::is_same_v<T, Raw>) {
    to += value.text;
  } else if constexpr (detail::is_or_null<T>) {
    if (value.value) {
      append(to, *value.value);
    } else {
      to += "null";
    }
  } else if constexpr (detail::is_variant<T>) {
    std::visit([&to](const auto& one) { append(to, one); }, value);
  } else if constexpr (detail::is_vector<T>) {
    detail::append_list(to, value);
  } else {
    detail::append_struct(to, value);
  }
}

template <Described T>
std::string print(const T& value) {
  std::string text;
  append(text, value);
  return text;
}

template <Described... T>
std::string print(const std::variant<T...>& value) {
  std::string text;
  append(text, value);
  return text;
}

}  // namespace claimcheck::json
