#include "sandbox/stripe_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace claimcheck::sandbox {

std::unexpected<StripeError> refuse(StripeError error) { return std::unexpected(std::move(error)); }

StripeError missing_parameter(std::string param) {
  StripeError error;
  error.message = "Missing required param: " + param + ".";
  error.code = "parameter_missing";
  error.param = std::move(param);
  return error;
}

StripeError no_such(std::string_view what, std::string_view id, std::string param, int status) {
  StripeError error;
  error.status = status;
  error.message = fmt::format("No such {}: '{}'", what, id);
  error.code = "resource_missing";
  error.param = std::move(param);
  error.executed = true;
  return error;
}

std::string error_body(const StripeError& error, std::string_view request_id) {
  Object body;
  if (!error.code.empty()) {
    std::string page = error.code;
    std::ranges::replace(page, '_', '-');
    body["code"] = error.code;
    body["doc_url"] = "https://stripe.com/docs/error-codes/" + page;
  }
  body["message"] = error.message;
  if (!error.param.empty()) body["param"] = error.param;
  if (error.status != 401 && error.status < 500) {
    body["request_log_url"] = fmt::format("https://dashboard.stripe.com/test/logs/{}", request_id);
  }
  body["type"] = error.type;
  return pretty(Object{{"error", std::move(body)}});
}

}  // namespace claimcheck::sandbox
