// Files, prices, pages and the routes that machines ask.
#include "api/api.hpp"
#include "api/web_files.hpp"
#include "base/json.hpp"
#include "domain/session.hpp"
#include "store/sessions.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

constexpr std::size_t cached_files_max = 10'000;
constexpr Duration running_fresh = std::chrono::seconds(2);
constexpr Duration ready_fresh = std::chrono::minutes(5);

// Is the video of this unit ("<session id>/<unit>") the buyer's? The view has it then.
bool shows(const Result<SessionData>& session, std::string_view unit) {
  if (!session || !session->files) return false;
  for (std::size_t i = 0; i < session->files->size(); ++i) {
    if (unit == fmt::to_string(i)) return session->files->at(i).url.has_value();
  }
  return false;
}

std::string without_address(std::string_view body) {
  Result<boost::json::value> file = json::parse(body);
  if (!file || !file->is_object()) return "{}";
  file->get_object()["url"] = nullptr;
  file->get_object()["thumbnail_url"] = nullptr;
  return json::print(*file);
}

// The original's names for one and for three videos; any other by its id.
std::string price_name(const Price& price) {
  if (price.units == 1) return "single";
  if (price.units == 3) return "triple";
  return price.id;
}

}  // namespace

Api::Answer Api::file(HttpRequest request, std::string file_id) {
  if (auto refused = refuse_hasty(request)) co_return *refused;
  if (!superduperai::is_job_id(file_id)) co_return error_response(404, "no such file", "not_found");
  const Duration now = context_.clock.steady();
  const auto cached = files_.find(file_id);
  if (cached != files_.end() && now < cached->second.fresh_until) {
    co_return json_response(200, cached->second.body);
  }
  const Result<std::string> owner = co_await context_.store.job_owner(file_id);
  if (!owner) co_return store_error_response(owner.error());
  Result<std::string> body = co_await context_.generator.file(file_id);
  if (!body && body.error().code == Errc::not_found) {
    co_return error_response(404, "no such file", "not_found");
  }
  if (!body) co_return error_response(502, "the generator does not answer", "no_answer");
  // The generator may have what is not registered yet, or was refunded.
  const std::size_t slash = owner->rfind('/');
  const Result<SessionData> view = co_await get_session(context_.store, owner->substr(0, slash));
  const bool told = view || view.error().code == Errc::not_found;
  if (!told) co_return store_error_response(view.error());
  if (!shows(view, std::string_view(*owner).substr(slash + 1))) body = without_address(*body);
  const bool running = body->find(R"("url":null)") != std::string::npos;
  keep_file(std::move(file_id),
            {.body = *body, .fresh_until = now + (running ? running_fresh : ready_fresh)});
  co_return json_response(200, std::move(*body));
}

void Api::keep_file(std::string file_id, CachedFile file) {
  if (files_.size() >= cached_files_max || files_sweep_.due(files_.size())) {
    const Duration now = context_.clock.steady();
    std::erase_if(files_, [now](const auto& kept) { return kept.second.fresh_until <= now; });
    if (files_.size() >= cached_files_max) files_.clear();
    files_sweep_.swept(files_.size());
  }
  files_[std::move(file_id)] = std::move(file);
}

Api::Answer Api::stripe_prices(HttpRequest, std::string) {
  std::string named;
  std::vector<std::string> seen;
  for (const Price& price : context_.catalog.prices) {
    std::string name = price_name(price);
    if (std::ranges::find(seen, name) != seen.end()) name = price.id;
    named +=
        fmt::format("{}{}:{}", named.empty() ? "" : ",", json::print(name), json::print(price.id));
    seen.push_back(std::move(name));
  }
  co_return json_response(200, fmt::format(R"({{"success":true,"prices":{{{}}},"mode":"{}"}})",
                                           named, options_.live_mode ? "live" : "test"));
}

Api::Answer Api::payment_success(HttpRequest, std::string session_id) {
  HttpResponse page = page_response("payment-success.html", options_.shop_url);
  if (!is_session_id(session_id)) page.status = 404;
  co_return page;
}

Api::Answer Api::ops_page(HttpRequest request, std::string) {
  if (sign_in_.off()) co_return *refuse_operator(request);
  co_return operator_page_response();
}

Api::Answer Api::home(HttpRequest, std::string) {
  co_return page_response("index.html", options_.shop_url);
}

Api::Answer Api::component(HttpRequest, std::string) { co_return asset_response("claimcheck.js"); }

Api::Answer Api::asset(HttpRequest, std::string name) { co_return asset_response(name); }

Api::Answer Api::healthz(HttpRequest, std::string) {
  co_return json_response(200, R"({"status":"ok"})");
}

Api::Answer Api::readyz(HttpRequest, std::string) {
  if (auto refused = refuse_new()) co_return *refused;
  const Result<void> ready = co_await context_.store.ready();
  if (ready) co_return json_response(200, R"({"status":"ready"})");
  co_return error_response(503, "Redis cannot be read and written", "store_unavailable");
}

Api::Answer Api::metrics(HttpRequest request, std::string) {
  if (auto refused = refuse_operator(request)) co_return *refused;
  HttpResponse response{.status = 200, .body = context_.metrics.text()};
  response.headers.push_back({"content-type", "text/plain; version=0.0.4; charset=utf-8"});
  co_return response;
}

}  // namespace claimcheck
