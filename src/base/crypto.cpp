#include "base/crypto.hpp"

#include "base/assert.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <vector>

namespace claimcheck {

namespace {

std::string hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string digest_hex(const EVP_MD* algorithm, std::string_view data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  const int done = EVP_Digest(data.data(), data.size(), digest.data(), &length, algorithm, nullptr);
  ENSURE(done == 1);
  return hex(std::span(digest).first(length));
}

std::string base64(std::span<const unsigned char> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a NUL
  auto* const to = reinterpret_cast<unsigned char*>(text.data());
  EVP_EncodeBlock(to, bytes.data(), static_cast<int>(bytes.size()));
  text.pop_back();
  return text;
}

using Hmac = std::array<unsigned char, 32>;
Hmac hmac_sha256(std::string_view key, std::string_view data) {
  Hmac digest{};
  unsigned int length = 0;
  const char* const key_bytes =
      key.empty() ? "" : key.data();  // null would not mean an empty key here
  const unsigned char* done = HMAC(EVP_sha256(), key_bytes, static_cast<int>(key.size()),
                                   bytes_of(data), data.size(), digest.data(), &length);
  ENSURE(done != nullptr && length == digest.size());
  return digest;
}

std::vector<unsigned char> random_bytes(std::size_t count) {
  std::vector<unsigned char> bytes(count);
  ENSURE(RAND_bytes(bytes.data(), static_cast<int>(count)) == 1);
  return bytes;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

constexpr std::size_t ed25519_key_bytes = 32;
constexpr std::size_t ed25519_signature_bytes = 64;

struct FreeOpenSsl {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeOpenSsl>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeOpenSsl>;

Key ed25519_secret_key(std::string_view seed) {
  ENSURE(seed.size() == ed25519_key_bytes);
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes_of(seed), seed.size()));
  ENSURE(key != nullptr);
  return key;
}

}  // namespace

std::string sha256_hex(std::string_view data) { return digest_hex(EVP_sha256(), data); }

std::string sha1_hex(std::string_view data) { return digest_hex(EVP_sha1(), data); }

std::string md5_base64(std::string_view data) {
  return to_base64(from_hex(digest_hex(EVP_md5(), data)).value());
}

std::string hmac_sha256_hex(std::string_view key, std::string_view data) {
  return hex(hmac_sha256(key, data));
}

std::string hmac_sha256_base64(std::string_view key, std::string_view data) {
  return base64(hmac_sha256(key, data));
}

std::string to_base64(std::string_view bytes) {
  return base64(std::span(bytes_of(bytes), bytes.size()));
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.empty()) return bytes;
  // Four characters give three bytes; the bytes of the padding are cut off below.
  auto* const to = reinterpret_cast<unsigned char*>(bytes.data());
  const int length = EVP_DecodeBlock(to, bytes_of(text), static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  // OpenSSL writes a zero byte for each character of padding.
  bytes.resize(bytes.size() -
               std::min<std::size_t>(2, text.size() - text.find_last_not_of('=') - 1));
  // OpenSSL accepts white space and unused bits that are not zero. Only one spelling may pass: a
  // second one would give the same bytes under another text.
  if (to_base64(bytes) != text) return std::nullopt;
  return bytes;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

bool ed25519_verifies(std::string_view public_key, std::string_view message,
                      std::string_view signature) {
  if (public_key.size() != ed25519_key_bytes || signature.size() != ed25519_signature_bytes) {
    return false;
  }
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(public_key),
                                            public_key.size()));
  const DigestContext context(EVP_MD_CTX_new());
  ENSURE(context != nullptr);
  // A key that is no point of the curve comes from outside: it verifies nothing.
  return key != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                          message.size()) == 1;
}

std::string ed25519_public_key(std::string_view seed) {
  const Key key = ed25519_secret_key(seed);
  std::array<unsigned char, ed25519_key_bytes> bytes{};
  std::size_t length = bytes.size();
  ENSURE(EVP_PKEY_get_raw_public_key(key.get(), bytes.data(), &length) == 1);
  return {bytes.begin(), bytes.begin() + length};
}

std::string ed25519_sign(std::string_view seed, std::string_view message) {
  const Key key = ed25519_secret_key(seed);
  const DigestContext context(EVP_MD_CTX_new());
  std::array<unsigned char, ed25519_signature_bytes> bytes{};
  std::size_t length = bytes.size();
  ENSURE(context != nullptr &&
         EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestSign(context.get(), bytes.data(), &length, bytes_of(message), message.size()) ==
             1);
  return {bytes.begin(), bytes.begin() + length};
}

std::string random_hex(std::size_t bytes) { return hex(random_bytes(bytes)); }

std::string random_uuid() {
  std::vector<unsigned char> bytes = random_bytes(16);
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0fU) | 0x40U);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3fU) | 0x80U);
  // The bits above mark the version (4) and the variant of RFC 9562.
  const std::string text = hex(bytes);
  return fmt::format("{}-{}-{}-{}-{}", text.substr(0, 8), text.substr(8, 4), text.substr(12, 4),
                     text.substr(16, 4), text.substr(20));
}

bool same_text(std::string_view a, std::string_view b) {
  // Digests have one length, so not even the lengths of the texts show in the time.
  const std::string digest_a = sha256_hex(a);
  const std::string digest_b = sha256_hex(b);
  return CRYPTO_memcmp(digest_a.data(), digest_b.data(), digest_a.size()) == 0;
}

}  // namespace claimcheck
