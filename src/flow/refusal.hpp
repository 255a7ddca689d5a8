// Refusal: why a caller's request was not carried out, in words that name what was wrong. The edge
// (app/api) maps the kind to a status. The message never holds a detail of a peer.
#pragma once

#include "base/clock.hpp"

#include <string>

namespace claimcheck {

enum class RefusalKind {
  invalid,   // the request itself
  conflict,  // same Idempotency-Key, another request
  limited,   // too much from this client, or in all
  stripe_unavailable,
  store_unavailable,
};

struct Refusal {
  RefusalKind kind = RefusalKind::invalid;
  std::string code;  // a fixed snake_case word
  std::string message;
  std::string param;  // the member at fault, may be empty
  Duration retry_after{0};
};

}  // namespace claimcheck
