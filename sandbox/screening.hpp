// Screening: the sandbox's screening hook of a shop: POST /screening. It checks the signature by
// the sandbox's secret, and refuses every prompt that has the word "forbidden". Pure.
#pragma once

#include "net/http/http.hpp"

#include <string_view>

namespace claimcheck::sandbox {

inline constexpr std::string_view screening_path = "/screening";
// The bytes of whsec_c2FuZGJveC1zY3JlZW5pbmctc2VjcmV0.
inline constexpr std::string_view screening_key = "sandbox-screening-secret";
inline constexpr std::string_view screening_word = "forbidden";

// 401 for a wrong signature, 400 for what is no question.
HttpResponse screening_answer(const HttpRequest& request);

}  // namespace claimcheck::sandbox
