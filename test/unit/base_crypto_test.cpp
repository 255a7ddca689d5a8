// Against published vectors: FIPS 180-2, RFC 4231, RFC 9562.
#include "base/crypto.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace claimcheck {
namespace {

TEST_CASE("crypto: digests") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex(std::string_view()) == sha256_hex(""));
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(sha1_hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(sha1_hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST_CASE("crypto: HMAC-SHA256") {
  CHECK(hmac_sha256_hex("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hmac_sha256_hex(std::string(20, '\x0b'), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hmac_sha256_hex(std::string(131, '\xaa'),
                        "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(hmac_sha256_hex(std::string_view(), std::string_view()) ==
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("crypto: base64, and only its one spelling") {
  const std::vector<std::pair<std::string, std::string>> vectors = {
      // RFC 4648
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {std::string("\0\xff\0", 3), "AP8A"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(to_base64(bytes) == text);
    CHECK(from_base64(text) == bytes);
  }
  for (const char* wrong : {"Zg", "Zg=", "Zg==\n", " Zg==", "Zh==", "Zm9=", "====", "Zm9v=", "Z-_v",
                            "Zg==Zg==", "=Zg="}) {
    CHECK_FALSE(from_base64(wrong));
  }
  CHECK(hmac_sha256_base64("Jefe", "what do ya want for nothing?") ==
        "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
}

TEST_CASE("crypto: random texts have their form and do not come twice") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string token = random_hex(16);
    CHECK(token.size() == 32);
    CHECK(token.find_first_not_of("0123456789abcdef") == std::string::npos);
    const std::string uuid = random_uuid();
    REQUIRE(uuid.size() == 36);
    CHECK(uuid[8] == '-');
    CHECK(uuid[13] == '-');
    CHECK(uuid[14] == '4');
    CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
    CHECK(std::ranges::count(uuid, '-') == 4);
    CHECK(seen.insert(token).second);
    CHECK(seen.insert(uuid).second);
  }
  CHECK(random_hex(0).empty());
}

TEST_CASE("crypto: hex is read in pairs of digits only") {
  CHECK(from_hex("") == "");
  CHECK(from_hex("00fFa1") == std::string("\x00\xff\xa1", 3));
  for (const char* wrong : {"0", "0g", "0x", " 00", "00 ", "000"}) CHECK_FALSE(from_hex(wrong));
}

// The first three tests of RFC 8032, section 7.1.
TEST_CASE("crypto: Ed25519 signs and verifies as its standard says") {
  struct Vector {
    const char* seed;
    const char* key;
    const char* message;
    const char* signature;
  };
  const std::vector<Vector> vectors = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf"
       "9"
       "b46bd25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f"
       "1"
       "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984"
       "d"
       "c6594a7c15e9716ed28dc027beceea1ec40a"},
  };
  for (const Vector& each : vectors) {
    const std::string seed = *from_hex(each.seed);
    const std::string key = *from_hex(each.key);
    const std::string message = *from_hex(each.message);
    std::string signature = *from_hex(each.signature);
    CHECK(ed25519_public_key(seed) == key);
    CHECK(ed25519_sign(seed, message) == signature);
    CHECK(ed25519_verifies(key, message, signature));
    CHECK_FALSE(ed25519_verifies(key, message + "x", signature));
    CHECK_FALSE(ed25519_verifies(key.substr(1), message, signature));
    CHECK_FALSE(ed25519_verifies(key, message, signature.substr(1)));
    CHECK_FALSE(ed25519_verifies(std::string(32, '\xff'), message, signature));
    signature[7] = static_cast<char>(signature[7] ^ 1);
    CHECK_FALSE(ed25519_verifies(key, message, signature));
  }
}

TEST_CASE("crypto: same_text is equality") {
  CHECK(same_text("", ""));
  CHECK(same_text("secret", "secret"));
  CHECK_FALSE(same_text("secret", "secreT"));
  CHECK_FALSE(same_text("secret", "secret2"));
  CHECK_FALSE(same_text("secret", ""));
  CHECK_FALSE(same_text(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}

}  // namespace
}  // namespace claimcheck
