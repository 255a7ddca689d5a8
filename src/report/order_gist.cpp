#include "report/order_gist.hpp"

#include "store/codec.hpp"

#include <algorithm>
#include <optional>

namespace claimcheck {

namespace {

constexpr std::string_view prompt_first = R"({"prompt":")";
// Enough for the first words, also when every character is an escape of six bytes.
constexpr std::size_t cut_bytes = first_words_chars_max * 12;

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

// Where the text can end without halving an escape or a character.
std::string_view whole_part(std::string_view text) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t escape = i + 1 < text.size() && text[i + 1] == 'u' ? 6 : 2;
    const std::size_t next = text[i] == '\\' ? i + escape : i + 1;
    if (next > text.size()) break;
    i = next;
    // The last byte that is there may be half a character.
    if (i < text.size() && begins_character(text[i])) end = i;
  }
  return text.substr(0, end);
}

// Of a value that is longer than its head: we write the prompt first, so its beginning is there.
std::optional<SessionData> from_cut(std::string_view head) {
  if (!head.starts_with(prompt_first)) return std::nullopt;
  head.remove_prefix(prompt_first.size());
  std::string rest(whole_part(head.substr(0, cut_bytes)));
  // A quotation mark that is not escaped ends the prompt: what follows is another member.
  std::size_t end = 0;
  while (end < rest.size() && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
  rest.resize(std::min(end, rest.size()));
  const Result<SessionData> read =
      decode_session(std::string(prompt_first) + rest + R"(","status":"pending"})");
  return read ? std::optional(*read) : std::nullopt;
}

std::optional<SessionData> session_in(std::string_view head) {
  if (head.size() >= gist_bytes_max) return from_cut(head);
  const Result<SessionData> read = decode_session(head);
  return read ? std::optional(*read) : std::nullopt;
}

// The shop's own name comes first, then what the buyer saw, then the tool's.
std::string title_of(const std::string& seen, const Claim& claim, const Catalog& catalog,
                     const ShopFace& face) {
  if (const std::string_view title = face.title_of(claim.price); !title.empty()) {
    return std::string(title);
  }
  if (!seen.empty()) return seen;
  const Tool* const tool = catalog.tool(slug_of(claim));
  return tool == nullptr || tool->title.empty() ? slug_of(claim) : tool->title;
}

}  // namespace

std::string first_words(std::string_view text) {
  std::string line;
  std::size_t characters = 0;
  std::size_t last_space = 0;
  for (const char c : text) {
    const bool space = static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
    if (space && (line.empty() || line.back() == ' ')) continue;  // many are one
    if (begins_character(c) && ++characters > first_words_chars_max) {
      // In the middle of a word only if the line is one long word.
      if (last_space > line.size() / 2) line.resize(last_space);
      return line + "…";
    }
    if (space) last_space = line.size();
    line += space ? ' ' : c;
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

Gist gist_of(std::string_view head, const Claim& claim, const Catalog& catalog,
             const ShopFace& face) {
  const std::optional<SessionData> session = session_in(head);
  if (!session) return {.title = title_of("", claim, catalog, face), .prompt = {}, .email = {}};
  return {.title = title_of(session->toolTitle, claim, catalog, face),
          .prompt = first_words(session->prompt),
          .email = session->customerEmail.value_or("")};
}

}  // namespace claimcheck
