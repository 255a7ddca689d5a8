// Ids of new objects, in the forms that Stripe and the generator use. They are random, so that no
// test can depend on them. They are not secret: access never depends on knowing one. --seed does
// not repeat them, since it is only for faults; a simulation seeds them by seed_ids().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace claimcheck::sandbox {

void seed_ids(std::uint64_t seed);

// Letters and digits.
std::string random_text(std::size_t length);
// "pi_3" and 23 characters: `prefix` and random text up to `length` characters after the
// underscore.
std::string new_id(std::string_view prefix, std::size_t length = 24);
// "cs_test_a1" and 56 characters.
std::string new_session_id();

}  // namespace claimcheck::sandbox
