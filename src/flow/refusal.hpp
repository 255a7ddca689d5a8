// Refusal: why a caller's request was refused, in words that name the mistake. The edge
// (api/answers) maps the kind to a status. The message never holds a detail of a peer.
#pragma once

#include "base/clock.hpp"

#include <expected>
#include <string>
#include <utility>

namespace claimcheck {

enum class RefusalKind {
  invalid,   // the request itself
  unknown,   // there is no such order
  conflict,  // same Idempotency-Key, another request; or the order is not in a state for it
  limited,   // too much from this client, or in all
  stripe_unavailable,
  stripe_busy,  // it takes no more calls of ours at this moment
  store_unavailable,
  screening_unavailable,  // the shop's hook did not say whether it takes the prompt
  unreadable,             // what is stored is not understood
};

struct Refusal {
  RefusalKind kind = RefusalKind::invalid;
  std::string code;  // a fixed snake_case word
  std::string message;
  std::string param;  // the member at fault, may be empty
  Duration retry_after{0};
};

// A member of the request that is wrong: `invalid_<param>`.
inline std::unexpected<Refusal> invalid(const std::string& param, std::string message) {
  Refusal refusal{.kind = RefusalKind::invalid};
  refusal.code = "invalid_" + param;
  refusal.message = std::move(message);
  refusal.param = param;
  return std::unexpected(std::move(refusal));
}

}  // namespace claimcheck
