// The hash fields of claim:{session:<id>}: the records are names and texts in turn.
#include "base/assert.hpp"
#include "store/codec.hpp"
#include "store/number.hpp"
#include "targets.hpp"

#include <map>

namespace claimcheck::fuzz {

namespace {

bool same_number(std::string_view a, std::string_view b) {
  const auto number = number_in<double>(a);
  return number && number == number_in<double>(b);
}

}  // namespace

void fuzz_claim(std::string_view bytes) {
  const std::vector<std::string> texts = records(bytes);
  HashFields fields;
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2) fields.emplace_back(texts[i], texts[i + 1]);
  const Result<Claim> claim = decode_claim(fields);
  if (!claim) ENSURE(claim.error().code == Errc::unreadable);
  if (!claim) return;
  const HashFields encoded = encode_claim(*claim);
  ENSURE(decode_claim(encoded) == *claim);
  ENSURE(decode_claim(encode_stored_claim(*claim)) == *claim);
  // Every field was read as it stands there; only a number may be spelled in another way.
  const std::map<std::string_view, std::string_view> stored(fields.begin(), fields.end());
  for (const auto& [name, text] : encoded) {
    const auto field = stored.find(name);
    if (field == stored.end()) continue;
    ENSURE(field->second == text || same_number(field->second, text));
  }
}

}  // namespace claimcheck::fuzz
