// What all adapters read alike in a provider's answer. Private to src/generator. An adapter decides
// what a status means at its provider; these are the meanings that most of them share.
#pragma once

#include "base/json.hpp"
#include "generator/generator.hpp"
#include "generator/options.hpp"
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

// Letters, digits, "-" and "_", at most 128: it becomes part of paths. Any other text names no job.
bool is_plain_id(std::string_view text);
// Is the answer about this job, as far as it says? If not, that is logged.
bool is_about_job(const boost::json::value& body, std::string_view job);
// The `input` of the configured model, or the adapter's own.
const boost::json::object& input_of(const GeneratorOptions& options, const GenerationJob& job,
                                    const boost::json::object& otherwise);
// An answer to a read that is no success. Never the body: it may be a gateway's page.
std::unexpected<Error> failed_read(const Result<HttpResponse>& answer);

// What becomes the reason of an order: our text, and the provider's code or state behind it if that
// is one word. A sentence is left out: it may repeat the prompt.
std::string coded_reason(std::string_view text, std::string_view code);
// A provider's text for the operator: one line, at most reason_bytes_max.
std::string short_reason(std::string_view text);

}  // namespace claimcheck
