#include "sandbox/screening.hpp"

#include "base/json.hpp"
#include "base/standard_signature.hpp"
#include "base/text.hpp"

#include <charconv>
#include <string>

namespace claimcheck::sandbox {

namespace {

HttpResponse json_answer(int status, std::string body) {
  return {status, {{"content-type", "application/json"}}, std::move(body)};
}

std::string header_of(const HttpRequest& request, std::string_view name) {
  const std::string* header = find_header(request.headers, name);
  return header == nullptr ? "" : *header;
}

// The age is not checked: the sandbox's clock may be ahead.
bool is_signed(const HttpRequest& request) {
  const std::string time = header_of(request, "webhook-timestamp");
  std::int64_t at_s = 0;
  const auto [end, failed] = std::from_chars(time.data(), time.data() + time.size(), at_s);
  if (failed != std::errc() || end != time.data() + time.size()) return false;
  const std::string good = standard_signature(header_of(request, "webhook-id"), at_s, request.body,
                                              {Secret(std::string(screening_key))});
  // One of several: while a shop replaces its key, there are two.
  return (header_of(request, "webhook-signature") + ' ').contains(good + ' ');
}

}  // namespace

HttpResponse screening_answer(const HttpRequest& request) {
  if (request.method != "POST") return json_answer(405, R"({"error":"POST it"})");
  if (!is_signed(request)) return json_answer(401, R"({"error":"the signature is wrong"})");
  const Result<boost::json::value> question = json::parse(request.body);
  if (!question) return json_answer(400, R"({"error":"this is no JSON"})");
  const std::string prompt = lowercase(json::text_at(*question, "prompt"));
  if (!prompt.contains(screening_word)) return json_answer(200, R"({"allowed":true})");
  return json_answer(200, R"({"allowed":false,"reason":"The sandbox forbids this word."})");
}

}  // namespace claimcheck::sandbox
