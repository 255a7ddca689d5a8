#include "api/callback_route.hpp"

#include "api/answer_types.hpp"
#include "api/answers.hpp"
#include "flow/generator_callback.hpp"

namespace claimcheck {

CallbackRoute::CallbackRoute(Context& context, const Clients& clients,
                             RateLimitOptions unsigned_calls)
    : context_(context), clients_(clients), unsigned_calls_(unsigned_calls) {}

Answer CallbackRoute::receive(HttpRequest request, std::string name) {
  Generator* generator = context_.generators.find(name);
  if (generator == nullptr || !generator->abilities().calls_back) {
    co_return error_response(404, "no generator of that name calls here", "not_found");
  }
  const Result<std::string> handle = co_await generator->read_callback(request);
  if (!handle && handle.error().code == Errc::forbidden) co_return refuse_unsigned(request);
  if (!handle && handle.error().code == Errc::invalid) {
    co_return error_response(400, "the call is about no job", "invalid_event");
  }
  if (!handle) co_return error_response(503, "the call cannot be verified now", "no_answer");
  const Result<std::string> owner = co_await context_.store.jobs->job_owner(file_id(name, *handle));
  // A job that is not known here yet is polled as soon as its submit was answered.
  if (!owner && owner.error().code == Errc::not_found) co_return json_response(200, EventAnswer());
  if (!owner) co_return store_error_response(owner.error());
  const Result<void> noted = co_await note_callback(context_, *owner);
  if (!noted) co_return store_error_response(noted.error());
  context_.metrics.count(Counter::generator_callbacks, "order");
  co_return json_response(200, EventAnswer());
}

// The limit counts only unsigned bodies: a flood must not keep out the provider's calls.
HttpResponse CallbackRoute::refuse_unsigned(const HttpRequest& request) {
  context_.metrics.count(Counter::generator_callbacks, "refused");
  const Duration wait =
      unsigned_calls_.take(clients_.client_of(request), 1, context_.clock.steady());
  if (wait == Duration(0)) return error_response(400, "Invalid signature", "invalid_event");
  return too_often_response("too many calls without a valid signature; wait and try again", wait);
}

}  // namespace claimcheck
