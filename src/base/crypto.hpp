// Digests, signatures and random tokens, all through OpenSSL. Digests are lowercase hex, or base64
// where a peer's protocol wants that. same_text compares in a time that does not depend on where
// the texts differ; use it for every comparison with a secret. Nothing here keeps state; a failing
// random source aborts.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace claimcheck {

std::string sha256_hex(std::string_view data);
// For Redis scripts and the digests of stored values; never for security.
std::string sha1_hex(std::string_view data);
// For protocols that check bytes on their way with it (Content-MD5); never for security.
std::string md5_base64(std::string_view data);
std::string hmac_sha256_hex(std::string_view key, std::string_view data);
std::string hmac_sha256_base64(std::string_view key, std::string_view data);

// The standard alphabet, with padding, on one line; nothing when the text is not exactly that.
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);
// Nothing when the text is not pairs of hex digits.
std::optional<std::string> from_hex(std::string_view text);

// Ed25519 (RFC 8032). Keys, seeds and signatures are bytes; false for any of a wrong length.
bool ed25519_verifies(std::string_view public_key, std::string_view message,
                      std::string_view signature);
// From the 32 bytes of a secret seed; another length aborts.
std::string ed25519_public_key(std::string_view seed);
std::string ed25519_sign(std::string_view seed, std::string_view message);

// `bytes` random bytes as lowercase hex (twice as many characters).
std::string random_hex(std::size_t bytes);
// A random version 4 UUID.
std::string random_uuid();

// For secrets: the time of the comparison tells nothing about their contents.
bool same_text(std::string_view a, std::string_view b);

}  // namespace claimcheck
