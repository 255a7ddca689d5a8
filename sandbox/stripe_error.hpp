// StripeError: Stripe's answer to a refused call: status, type, code, message, param. `executed` =
// the operation had begun; only then is the answer kept under the idempotency key. The texts are
// Stripe's own where they are publicly known.
#pragma once

#include "sandbox/json_text.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace claimcheck::sandbox {

struct StripeError {
  int status = 400;
  std::string message;
  std::string code;
  std::string param;
  std::string type = "invalid_request_error";
  bool executed = false;
};

template <typename T>
using StripeResult = std::expected<T, StripeError>;

std::unexpected<StripeError> refuse(StripeError error);
// Before execution.
StripeError missing_parameter(std::string param);
// During execution.
StripeError no_such(std::string_view what, std::string_view id, std::string param,
                    int status = 404);

// Stripe's error body, pretty-printed.
std::string error_body(const StripeError& error, std::string_view request_id);

}  // namespace claimcheck::sandbox
