// What a person recognises an order by, beside its money: the title of what was bought, the first
// words of the prompt, the buyer's e-mail address. Read from the first bytes of the session value,
// so a prompt of megabytes costs a list no more than a short one. For the operator's eyes alone:
// none of it may reach a log. Pure.
#pragma once

#include "domain/catalog.hpp"
#include "domain/claim.hpp"
#include "domain/shop_face.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace claimcheck {

// Of a session value, for a list. A longer value shows its prompt, and no e-mail address.
inline constexpr std::size_t gist_bytes_max = 16UL * 1024;
inline constexpr std::size_t first_words_chars_max = 80;

struct Gist {
  std::string title;   // of the product
  std::string prompt;  // its first words; ends with an ellipsis when there are more
  std::string email;
};

// `head`: the first gist_bytes_max bytes of the session value, or all of it; empty = it is gone.
Gist gist_of(std::string_view head, const Claim& claim, const Catalog& catalog,
             const ShopFace& face);

// On one line, cut between two words where that is possible. `text` is valid UTF-8.
std::string first_words(std::string_view text);

}  // namespace claimcheck
