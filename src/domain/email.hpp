// What passes for an e-mail address. Whether mail arrives there is for a mail server to say; this
// only refuses what is no address at all, and what would break a header or a line.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace claimcheck {

inline constexpr std::size_t email_bytes_max = 320;

inline bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  return text.size() <= email_bytes_max && at != std::string_view::npos && at > 0 &&
         at + 1 < text.size() && text.find('@', at + 1) == std::string_view::npos &&
         std::ranges::none_of(text, [](unsigned char c) { return c <= ' '; });
}

}  // namespace claimcheck
