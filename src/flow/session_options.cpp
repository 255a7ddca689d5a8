#include "flow/session_options.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

// The first word of the list, in Stripe's spelling, that has the same letters; with `regional` also
// one of a region: "hi-IN" for "hi".
std::string listed(std::string_view wanted, bool regional) {
  const std::string small = lowercase(wanted);
  std::string_view words = stripe_locales;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    const std::string known = lowercase(word);
    if (known == small || (regional && known.starts_with(small + "-"))) return std::string(word);
    words.remove_prefix(std::min(word.size() + 1, words.size()));
  }
  return {};
}

}  // namespace

constinit const std::string_view stripe_locales =
    "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt "
    "nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW";

const SessionOptions& SessionOptionsByTool::of(std::string_view slug) const {
  const auto own = tools.find(slug);
  return own == tools.end() ? general : own->second;
}

std::int64_t expires_at(const SessionOptions& options, std::int64_t asked_s) {
  if (options.expires_after == Duration(0)) return 0;
  const Duration life =
      std::clamp<Duration>(options.expires_after, session_expiry_min + session_expiry_margin,
                           session_expiry_max - session_expiry_margin);
  return to_unix_s(from_unix_s(asked_s) + life);
}

std::string stripe_locale(std::string_view locale) {
  if (locale.empty()) return {};
  const std::string exact = listed(locale, false);
  return exact.empty() ? listed(locale.substr(0, locale.find('-')), true) : exact;
}

}  // namespace claimcheck
