#include "api/shop_signature.hpp"

#include "base/assert.hpp"
#include "base/crypto.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace claimcheck {

namespace {

constexpr std::string_view version = "v1,";

// The header's only value; null = it is missing, or there twice, so that a proxy and this code
// could each believe another one.
const std::string* only_header(const HttpRequest& request, std::string_view name) {
  return count_headers(request.headers, name) == 1 ? find_header(request.headers, name) : nullptr;
}

std::optional<std::int64_t> seconds_in(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool whole = failed == std::errc() && end == text.data() + text.size() && seconds > 0;
  return whole ? std::optional(seconds) : std::nullopt;
}

// Any signature of the list under any key: two keys are valid while one is replaced.
bool fits(std::string_view list, std::string_view content, const std::vector<Secret>& keys) {
  bool found = false;
  std::size_t compared = 0;
  while (!list.empty() && compared < shop_signatures_max) {
    const std::string_view one = list.substr(0, list.find(' '));
    list.remove_prefix(std::min(one.size() + 1, list.size()));
    if (!one.starts_with(version)) continue;
    ++compared;
    for (const Secret& key : keys) {
      const std::string good = hmac_sha256_base64(key.reveal(), content);
      found = same_text(one.substr(version.size()), good) || found;
    }
  }
  return found;
}

struct Words {
  ShopSignature fault;
  std::string_view code;
  std::string_view sentence;
};
constexpr auto words = std::to_array<Words>({
    {ShopSignature::none, "checkout_unsigned",
     "only the shop's server opens checkouts here: sign the call with CLAIMCHECK_SHOP_KEY in the "
     "headers webhook-id, webhook-timestamp and webhook-signature"},
    {ShopSignature::no_id, "signature_incomplete",
     "the header webhook-id must be there once, with 1 to 255 bytes"},
    {ShopSignature::no_time, "signature_incomplete",
     "the header webhook-timestamp must be there once, in whole seconds of Unix time"},
    {ShopSignature::no_signature, "signature_incomplete",
     "the header webhook-signature must be there once"},
    {ShopSignature::too_old, "signature_too_old",
     "webhook-timestamp is more than 300 s behind this server's clock"},
    {ShopSignature::in_future, "signature_in_future",
     "webhook-timestamp is more than 300 s ahead of this server's clock"},
    {ShopSignature::no_match, "signature_wrong",
     "no v1 signature fits these bytes under CLAIMCHECK_SHOP_KEY: sign "
     "<webhook-id>.<webhook-timestamp>.<body>, with the body exactly as it is sent"},
});

const Words& words_of(ShopSignature fault) {
  for (const Words& row : words) {
    if (row.fault == fault) return row;
  }
  ENSURE(false);
  std::abort();
}

}  // namespace

ShopSignature check_shop_signature(const HttpRequest& request, const std::vector<Secret>& keys,
                                   Time now) {
  const std::size_t signatures = count_headers(request.headers, "webhook-signature");
  if (signatures == 0) return ShopSignature::none;
  const std::string* signature = only_header(request, "webhook-signature");
  if (signature == nullptr) return ShopSignature::no_signature;
  const std::string* id = only_header(request, "webhook-id");
  if (id == nullptr || id->empty() || id->size() > shop_call_id_bytes_max) {
    return ShopSignature::no_id;
  }
  const std::string* time = only_header(request, "webhook-timestamp");
  const std::optional<std::int64_t> seconds = time == nullptr ? std::nullopt : seconds_in(*time);
  if (!seconds) return ShopSignature::no_time;
  // The signature first: only who signed it learns how the clocks differ.
  if (!fits(*signature, fmt::format("{}.{}.{}", *id, *time, request.body), keys)) {
    return ShopSignature::no_match;
  }
  const std::int64_t now_s = to_unix_s(now);
  if (*seconds < now_s - shop_signature_age_max.count()) return ShopSignature::too_old;
  if (*seconds > now_s + shop_signature_age_max.count()) return ShopSignature::in_future;
  return ShopSignature::good;
}

std::string_view code_of(ShopSignature fault) { return words_of(fault).code; }

std::string_view sentence_of(ShopSignature fault) { return words_of(fault).sentence; }

}  // namespace claimcheck
