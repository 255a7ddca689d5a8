#include "api/prompt_route.hpp"

#include "api/answers.hpp"
#include "base/json.hpp"

#include <utility>

namespace claimcheck {

Answer PromptRoute::decide(HttpRequest request, std::string session_id) {
  if (!is_session_id(session_id)) co_return no_session_id_response();
  // Before the body is read: a prompt may be long, and the shop may be asked about it.
  const Duration wait = tries_.take(clients_.client_of(request), 1, clock_.steady());
  if (wait > Duration(0)) {
    co_return too_often_response("too many tries from this address; wait and try again", wait);
  }
  const Result<boost::json::object> members = json::parse_body(request.body);
  if (!members) co_return error_response(400, members.error().message, "invalid_json");
  const boost::json::value body(*members);
  const boost::json::value* prompt = json::find(body, "prompt");
  const boost::json::value* refund = json::find(body, "refund");
  if ((prompt == nullptr) == (refund == nullptr)) {
    co_return error_response(400, "give either another prompt, or \"refund\": true", "missing",
                             "prompt");
  }
  if (prompt != nullptr && !prompt->is_string()) {
    co_return error_response(400, "prompt must be a string", "invalid_type", "prompt");
  }
  if (refund != nullptr && *refund != boost::json::value(true)) {
    co_return error_response(400, "refund must be true", "invalid_type", "refund");
  }
  const RefusedPrompt::Done done =
      prompt != nullptr ? co_await prompts_.edit(session_id, std::string(prompt->get_string()))
                        : co_await prompts_.decline(session_id);
  if (!done) co_return refusal_response(done.error());
  co_return co_await buyer_.order_status({}, std::move(session_id));
}

}  // namespace claimcheck
