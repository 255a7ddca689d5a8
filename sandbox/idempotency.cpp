#include "sandbox/idempotency.hpp"

#include <fmt/format.h>

namespace claimcheck::sandbox {

namespace {

constexpr std::size_t key_max = 255;

std::string operation_of(const StripeCall& call) {
  std::string path = "/v1";
  for (const std::string& part : call.path) path += "/" + part;
  return path;
}

StripeError mismatch(std::string message) {
  StripeError error;
  error.message = std::move(message);
  error.type = "idempotency_error";
  return error;
}

StripeError in_use(const std::string& key) {
  StripeError error;
  error.status = 409;
  error.code = "idempotency_key_in_use";
  error.message = fmt::format(
      "There is currently another in-progress request using this Idempotent Key (that probably "
      "means you submitted twice, and the other request is still going through): {}. Please try "
      "again later.",
      key);
  return error;
}

}  // namespace

Idempotency::Found Idempotency::begin(const StripeCall& call) {
  const std::string& key = call.cause.idempotency_key;
  if (key.size() > key_max) {
    return {{}, mismatch("Keys for idempotent requests can have up to 255 characters.")};
  }
  auto found = kept_.find(key);
  // A key in use never expires: its operation is still running.
  if (found != kept_.end() && found->second.answer &&
      clock_.now() - found->second.since >= kept_for_) {
    kept_.erase(found);
    found = kept_.end();
  }
  if (found == kept_.end()) {
    kept_[key] = {operation_of(call), call.parameters, {}, call.cause.request_id, clock_.now()};
    return {};
  }
  const Kept& kept = found->second;
  if (kept.operation != operation_of(call)) {
    return {{},
            mismatch(fmt::format(
                "Keys for idempotent requests can only be used for the same endpoint they were "
                "first used for ('{}' vs '{}'). Try using a key other than '{}' if you meant "
                "to execute a different request.",
                operation_of(call), kept.operation, key))};
  }
  if (kept.parameters != call.parameters) {
    return {{},
            mismatch(fmt::format(
                "Keys for idempotent requests can only be used with the same parameters they "
                "were first used with. Try using a key other than '{}' if you meant to execute "
                "a different request.",
                key))};
  }
  if (!kept.answer) return {{}, in_use(key)};
  HttpResponse replay = *kept.answer;
  replay.headers.push_back({"idempotent-replayed", "true"});
  replay.headers.push_back({"original-request", kept.request_id});
  return {std::move(replay), {}};
}

void Idempotency::end(const StripeCall& call, const std::optional<HttpResponse>& keep) {
  const auto found = kept_.find(call.cause.idempotency_key);
  if (found == kept_.end()) return;
  // An operation that never began is forgotten: the same key may try again.
  if (keep) {
    found->second.answer = keep;
  } else {
    kept_.erase(found);
  }
}

}  // namespace claimcheck::sandbox
