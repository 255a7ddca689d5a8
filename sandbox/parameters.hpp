// Checks the parameters of Stripe's operations as strictly as Stripe does: each operation lists its
// parameters, and every other one is refused before anything runs. Names are patterns:
// "line_items[].price_data.currency". Rules between parameters are checked by the operation itself.
#pragma once

#include "sandbox/stripe_error.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace claimcheck::sandbox {

enum class Kind {
  text,
  integer,
  boolean,
  one_of,    // of `words`, split by blanks
  metadata,  // a map of texts within Stripe's limits
  any,       // known to Stripe, accepted and not read
};

struct Parameter {
  std::string_view name;
  Kind kind = Kind::text;
  std::string_view words = "";
  std::size_t length_max = 5000;
};

inline constexpr std::size_t metadata_keys_max = 50;
inline constexpr std::size_t metadata_key_max = 40;
inline constexpr std::size_t metadata_value_max = 500;

std::optional<StripeError> check_parameters(const Object& given,
                                            std::span<const Parameter> allowed);

// The same tree with numbers and flags in place of their texts. Only of parameters that were
// checked.
Object typed_parameters(const Object& given, std::span<const Parameter> allowed);

// Characters (code points) of UTF-8 text; Stripe's limits count these.
std::size_t count_characters(std::string_view text);

// A checked integer parameter, or `otherwise` when it is absent or empty.
std::int64_t integer_parameter(const Object& given, std::string_view name, std::int64_t otherwise);

// The parameters of each operation.
namespace takes {
extern const std::span<const Parameter> checkout_create;
extern const std::span<const Parameter> checkout_list;
extern const std::span<const Parameter> list;
extern const std::span<const Parameter> events_list;
extern const std::span<const Parameter> payments_list;
extern const std::span<const Parameter> refund_create;
extern const std::span<const Parameter> charge_update;
extern const std::span<const Parameter> expand_only;
extern const std::span<const Parameter> endpoint_create;
extern const std::span<const Parameter> endpoint_update;
}  // namespace takes

}  // namespace claimcheck::sandbox
