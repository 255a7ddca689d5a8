#include "api/find_routes.hpp"

#include "api/answer_types.hpp"
#include "api/answers.hpp"
#include "base/json.hpp"
#include "domain/email.hpp"
#include "domain/session.hpp"

namespace claimcheck {

namespace {

HttpResponse invalid_email(std::string_view message) {
  return error_response(400, message, "invalid_email", "email");
}

// "/ru" of "/ru/session/cs_x", nothing of "/session/cs_x".
std::string language_of(const HttpRequest& request) {
  const std::string_view path = request.path;
  const bool has_language = path.size() > 3 && path[3] == '/';
  return has_language ? std::string(path.substr(0, 3)) : std::string();
}

HttpResponse found_at(std::string address) {
  HttpResponse found{.status = 302, .body = {}};
  found.headers.push_back({"location", std::move(address)});
  return found;
}

HttpResponse order_page(const HttpRequest& request, const std::string& session_id) {
  return found_at(language_of(request) + "/payment-success/" + session_id);
}

FoundOrderAnswer answer_of(OrderOfAddress order) {
  return {.sessionId = std::move(order.session_id),
          .status = order.status,
          .toolTitle = std::move(order.title),
          .videoCount = order.videos,
          .createdAt = std::move(order.created),
          .paid = std::move(order.paid),
          .priceId = std::move(order.price)};
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

Answer FindRoutes::orders(HttpRequest request, std::string link) {
  // Reads every order of an address, so it is limited more than a status.
  const Duration wait = shown_.take(clients_.client_of(request), 1, clock_.steady());
  if (wait > Duration(0)) {
    co_return too_often_response("too many requests from this address; wait and try again", wait);
  }
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

// The replaced system named the order beside the file. The file alone leads to no order: its id
// stands in the address of the video, which buyers share, and must not show them the order.
Answer FindRoutes::file_page(HttpRequest request) {
  const std::string named = form_value(request.query, "session_id").value_or("");
  if (is_session_id(named)) co_return order_page(request, named);
  co_return found_at(language_of(request) + "/find-file");
}

}  // namespace claimcheck
