// What routes answer with: JSON, and errors in one shape, {"error":…,"code":…,"param":…}. An error
// names the mistake in the request and never a peer's detail. A Refusal or an Error of the store
// becomes a status here and nowhere else. Pure.
#pragma once

#include "base/error.hpp"
#include "base/json_described.hpp"
#include "flow/refusal.hpp"
#include "net/http/http.hpp"

#include <string>
#include <string_view>

namespace claimcheck {

// Whether the client says that it has the answer of this entity tag (in its quotes) already.
bool has_tagged(const HttpRequest& request, std::string_view tag);

// `body` is JSON already.
HttpResponse json_response(int status, std::string body);
// An answer type (api/answer_types.hpp).
template <json::Described Type>
HttpResponse json_response(int status, const Type& answer) {
  return json_response(status, json::print(answer));
}
// `code` is a fixed snake_case word; `param` the member at fault, empty = none.
HttpResponse error_response(int status, std::string_view message, std::string_view code,
                            std::string_view param = {});
// 429, and when to come back.
HttpResponse too_often_response(std::string_view message, Duration wait);
// 400: the address holds something else where a session id belongs.
HttpResponse no_session_id_response();
// A refusal of flow/, with its code and, if there is one, the member at fault.
HttpResponse refusal_response(const Refusal& refusal);
// Errors of the store: 404 or 503, or 500 for what cannot be read.
HttpResponse store_error_response(const Error& error);

}  // namespace claimcheck
