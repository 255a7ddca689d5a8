#include "api/find_routes.hpp"

#include "api/answer_types.hpp"
#include "api/answers.hpp"
#include "base/json.hpp"
#include "domain/email.hpp"
#include "domain/session.hpp"
#include "generator/superduperai.hpp"

namespace claimcheck {

namespace {

HttpResponse invalid_email(std::string_view message) {
  return error_response(400, message, "invalid_email", "email");
}

// The order's page in the language of this address: "/ru/session/cs_x" has one, "/session/cs_x"
// has not.
HttpResponse order_page(const HttpRequest& request, const std::string& session_id) {
  const std::string_view path = request.path;
  const bool has_language = path.size() > 3 && path[3] == '/';
  HttpResponse found{.status = 302, .body = {}};
  found.headers.push_back(
      {"location", (has_language ? std::string(path.substr(0, 3)) : std::string()) +
                       "/payment-success/" + session_id});
  return found;
}

FoundOrderAnswer answer_of(OrderOfAddress order) {
  const SessionData& session = order.session;
  return {.sessionId = std::move(order.session_id),
          .status = session.status,
          .toolTitle = session.toolTitle,
          .videoCount = session.videoCount,
          .createdAt = session.createdAt,
          .paid = session.paid};
}

}  // namespace

Answer FindRoutes::ask(HttpRequest request) {
  if (!mail_.has_mail()) {
    co_return error_response(404, "this shop sends no mail; open the order by its number",
                             "mail_off");
  }
  const Duration wait = asked_.take(clients_.client_of(request), 1, clock_.steady());
  if (wait > Duration(0)) {
    co_return too_often_response("too many questions from this address; wait and try again", wait);
  }
  const Result<boost::json::value> body = json::parse(request.body);
  if (!body || !body->is_object()) {
    co_return error_response(400, "the body must be a JSON object", "invalid_json");
  }
  const std::string_view email = json::text_at(*body, "email");
  if (email.empty()) co_return invalid_email("email must be given");
  if (!is_email(email)) co_return invalid_email("email is not an e-mail address");
  if (!mail_.ask(std::string(email))) {
    co_return error_response(503, "too many questions at this moment; try again", "busy");
  }
  co_return json_response(202, AskedAnswer());
}

Answer FindRoutes::orders(std::string link) {
  Result<std::vector<OrderOfAddress>> found = co_await mail_.open(std::move(link));
  if (!found && found.error().code == Errc::invalid) {
    co_return error_response(404, "this is not one of our links", "unknown_link");
  }
  if (!found && found.error().code == Errc::not_found) {
    co_return error_response(410, "this link has ended; ask for a new one", "link_ended");
  }
  if (!found) co_return store_error_response(found.error());
  FoundOrdersAnswer answer;
  for (OrderOfAddress& order : *found) answer.orders.push_back(answer_of(std::move(order)));
  co_return json_response(200, answer);
}

Answer FindRoutes::session_page(HttpRequest request, std::string session_id) {
  if (!is_session_id(session_id)) co_return co_await pages_.nothing(std::move(request));
  co_return order_page(request, session_id);
}

// The replaced system named the order beside the file. Without that, the owner of the file is
// looked up.
Answer FindRoutes::file_page(HttpRequest request, std::string file_id) {
  const std::string named = form_value(request.query, "session_id").value_or("");
  if (is_session_id(named)) co_return order_page(request, named);
  if (!superduperai::is_job_id(file_id)) co_return co_await pages_.nothing(std::move(request));
  const Result<std::string> owner = co_await jobs_.job_owner(std::move(file_id));
  if (owner) co_return order_page(request, owner->substr(0, owner->find('/')));
  if (owner.error().code == Errc::not_found) co_return co_await pages_.nothing(std::move(request));
  co_return pages_.later(request, store_error_response(owner.error()));
}

}  // namespace claimcheck
