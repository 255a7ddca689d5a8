// ShopSignature: did the shop's own server send this checkout? It signs the raw body as Standard
// Webhooks does, under CLAIMCHECK_SHOP_KEY: the header webhook-signature has
// "v1,<base64 of HMAC-SHA256>" over "<webhook-id>.<webhook-timestamp>.<body>". The time must be
// within five minutes of ours. Pure; the answer says precisely what is wrong.
#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "net/http/http.hpp"

#include <string_view>
#include <vector>

namespace claimcheck {

inline constexpr std::chrono::seconds shop_signature_age_max{300};
inline constexpr std::size_t shop_call_id_bytes_max = 255;
inline constexpr std::size_t shop_signatures_max = 16;  // that are compared

enum class ShopSignature { good, none, no_id, no_time, no_signature, too_old, in_future, no_match };

ShopSignature check_shop_signature(const HttpRequest& request, const std::vector<Secret>& keys,
                                   Time now);

// The error code, and a sentence for the shop's developer. Not for `good`.
std::string_view code_of(ShopSignature fault);
std::string_view sentence_of(ShopSignature fault);

}  // namespace claimcheck
