#include "api/sign_in_routes.hpp"

#include "api/answers.hpp"
#include "base/json.hpp"
#include "base/log.hpp"

namespace claimcheck {

namespace {

// Null = nobody is signed in.
SignInAnswer answer_of(const Operator* who, Mode mode) {
  SignInAnswer answer{.signedIn = who != nullptr, .mode = mode};
  if (who == nullptr) return answer;
  answer.name = who->name;
  answer.role = who->role;
  return answer;
}

}  // namespace

Answer SignInRoutes::signed_in(HttpRequest request) {
  const Operator* who = admission_.sign_in().of_cookie(request, context_.clock.now());
  co_return json_response(200, answer_of(who, mode_));
}

Answer SignInRoutes::login(HttpRequest request) {
  // A page of another site can make a browser send any type but JSON without asking, and so use up
  // the guesses of that browser's address.
  if (!SignIn::is_json(request)) {
    co_return error_response(400, "send {\"token\": …} as application/json", "invalid_body");
  }
  Result<boost::json::object> members = json::parse_body(request.body);
  if (!members) co_return error_response(400, members.error().message, "invalid_body");
  const boost::json::value body(std::move(*members));
  const std::string_view token = json::text_at(body, "token");
  if (token.empty()) {
    co_return error_response(400, "send {\"token\": …} as JSON", "invalid_body", "token");
  }
  const std::string client = clients_.client_of(request);
  // Admission has checked that guesses are left. Only a wrong one takes from them.
  const Operator* who = admission_.sign_in().of_token(token);
  if (who == nullptr) {
    admission_.count_wrong_token(request);
    // Anybody can cause this line at any rate, so equal lines are counted together.
    context_.repeated.warn("operator_refused", "wrong_token", {"client", client},
                           context_.clock.steady());
    co_return error_response(401, "this is no operator's token", "unauthorized");
  }
  log_info("operator_signed_in", {{"client", client}, {"by", who->name}});
  HttpResponse response = json_response(200, answer_of(who, mode_));
  response.headers.push_back(
      {"set-cookie", admission_.sign_in().cookie(*who, context_.clock.now())});
  co_return response;
}

Answer SignInRoutes::logout() {
  HttpResponse response = json_response(200, answer_of(nullptr, mode_));
  // Only this browser forgets it. A stolen cookie ends by its time, or with another token.
  response.headers.push_back({"set-cookie", admission_.sign_in().no_cookie()});
  co_return response;
}

}  // namespace claimcheck
