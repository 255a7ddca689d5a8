// What all adapters read alike in a provider's answer. Private to src/generator. An adapter decides
// what a status means at its provider; these are the meanings that most of them share.
#pragma once

#include "base/json.hpp"
#include "generator/generator.hpp"
#include "net/http/http.hpp"

#include <string>

namespace claimcheck {

// As the header asks, at most a day; zero = it does not ask.
Duration retry_after(const HttpResponse& answer);
// The body, if it is a JSON object: the provider's own answer, and not that of a gateway in front
// of it. Gateways answer with HTML.
Result<boost::json::value> own_body(const Result<HttpResponse>& answer);

// Nothing was started, and not for a fault of the order: all orders wait.
SubmitAnswer refused_submit(const HttpResponse& answer, Failure failure);
// These inputs will never be made there.
SubmitAnswer rejected_submit(std::string reason, Failure failure);
// Nobody knows whether the job was accepted.
SubmitAnswer unclear_submit(std::string reason);
// No answer at all: `refused` if nothing left this machine, else unclear.
SubmitAnswer unanswered_submit(const Error& error);

// A provider's text for the operator: one line, at most reason_bytes_max.
std::string short_reason(std::string_view text);

}  // namespace claimcheck
