// Operators: the persons and programs that may use the operator's routes, by name, and what each
// may do. A reader sees everything and changes nothing. Read from the settings; owned by the Config
// and by what signs operators in.
#pragma once

#include "base/secret.hpp"

#include <boost/describe/enum.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

enum class Role { read, act };
BOOST_DESCRIBE_ENUM(Role, read, act)

// The name of CLAIMCHECK_ADMIN_TOKEN. History lines leave it out: "operator: retry".
inline constexpr std::string_view unnamed_operator = "operator";
inline constexpr std::size_t operator_name_bytes_max = 40;
inline constexpr std::size_t operator_token_bytes_min = 16;

struct Operator {
  std::string name;  // small letters, digits, dash and underscore
  Role role = Role::read;
  Secret token;
};

// Who made a request that was let in; of a route for anybody: nobody.
struct Caller {
  std::string name;
  Role role = Role::read;

  // As commands and history lines name a person.
  std::string by() const { return name == unnamed_operator ? std::string() : name; }
};

}  // namespace claimcheck
