#include "api/result_route.hpp"

#include "api/answers.hpp"
#include "base/text.hpp"
#include "domain/names.hpp"
#include "flow/link_look.hpp"
#include "flow/result_link.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace claimcheck {

namespace {

bool is_shown(const Unit& unit) {
  const bool there = unit.state == UnitState::delivered ||
                     (unit.state == UnitState::ready && unit.shown_before_register);
  return there && has_video(unit);
}

HttpResponse no_such_result() {
  return error_response(404, "there is no such result", "not_found");
}

HttpResponse redirect_to(std::string url) {
  HttpResponse response;
  response.status = 302;
  // The link ends: it must not be kept.
  response.headers = {{"location", std::move(url)}, {"cache-control", "private, no-store"}};
  return response;
}

std::string file_name(const Claim& claim, std::size_t unit) {
  return fmt::format("{}-{}{}", name_of(claim.media), video_number(unit),
                     file_ending(claim.media, claim.units[unit].content_type));
}

// A page or a drawing with a script would run under this server's name.
std::string harmless_type(const Claim& claim, const HttpHeaders& headers) {
  const std::string* type = find_header(headers, "content-type");
  const bool harmless = type != nullptr && !type->empty() && fits(claim.media, *type) &&
                        !lowercase(*type).starts_with("image/svg");
  return harmless ? *type : "application/octet-stream";
}

HttpHeaders asked_range(const HttpRequest& request) {
  HttpHeaders asked;
  for (const std::string_view name : {"range", "if-range"}) {
    const std::string* value = find_header(request.headers, name);
    if (value != nullptr) asked.push_back({std::string(name), *value});
  }
  return asked;
}

HttpHeaders told_headers(const Claim& claim, std::size_t unit, bool to_save,
                         const HttpHeaders& source) {
  HttpHeaders told = {
      {"content-type", harmless_type(claim, source)},
      {"content-disposition", fmt::format("{}; filename=\"{}\"", to_save ? "attachment" : "inline",
                                          file_name(claim, unit))},
      {"cache-control", "private, max-age=3600"},
      {"content-security-policy", "sandbox"}};
  for (const std::string_view name :
       {"content-length", "content-range", "accept-ranges", "etag", "last-modified"}) {
    const std::string* value = find_header(source, name);
    if (value != nullptr) told.push_back({std::string(name), *value});
  }
  return told;
}

boost::asio::awaitable<std::shared_ptr<const std::string>> next_piece(
    std::function<boost::asio::awaitable<Result<std::string>>()> read) {
  Result<std::string> piece = co_await read();
  if (!piece || piece->empty()) co_return nullptr;
  co_return std::make_shared<const std::string>(std::move(*piece));
}

}  // namespace

Answer ResultRoute::result(HttpRequest request, std::string name) {
  const std::optional<NamedResult> named = named_result(name);
  if (!named) co_return no_such_result();
  Result<Claim> claim = co_await context_.store.orders->load(named->session_id);
  if (!claim && claim.error().code == Errc::not_found) co_return no_such_result();
  if (!claim) co_return store_error_response(claim.error());
  if (named->unit >= claim->units.size()) co_return no_such_result();
  const Unit& unit = claim->units[named->unit];
  if (!is_shown(unit)) co_return no_such_result();
  if (!unit.object.empty()) {
    if (context_.storage == nullptr) {
      co_return error_response(503, "the storage of results is not configured", "no_storage");
    }
    const bool to_save = form_value(request.query, "download").has_value();
    const std::string saved_as = to_save ? file_name(*claim, named->unit) : "";
    co_return redirect_to(context_.storage->link(unit.object, saved_as));
  }
  // A person may have given this very address as that of a video made by hand.
  const bool to_itself = unit.url.starts_with(context_.public_url + "/api/result/");
  if (unit.source_url.empty() && to_itself) co_return no_such_result();
  if (unit.source_url.empty()) co_return redirect_to(unit.url);
  co_return co_await read_through(std::move(request), named->session_id, std::move(*claim),
                                  named->unit);
}

Answer ResultRoute::read_through(HttpRequest request, std::string session_id, Claim claim,
                                 std::size_t index) {
  if (*under_way_ >= read_through_max) {
    HttpResponse busy = error_response(503, "too many results are being read; try again", "busy");
    busy.headers.push_back({"retry-after", "5"});
    co_return busy;
  }
  const Unit& unit = claim.units[index];
  // Held by the stream as well: the place is free when the last byte is written.
  const std::shared_ptr<void> place(nullptr, [count = under_way_](void*) { --*count; });
  ++*under_way_;
  // An order of an older release names no generator.
  const std::string& name =
      unit.generator.empty() ? context_.catalog.default_generator.generator : unit.generator;
  Result<HttpDownload> source =
      co_await context_.generators.open_result(name, unit.source_url, asked_range(request));
  if (!source) co_return error_response(502, "the generator does not answer", "no_answer");
  const int status = source->status;
  const bool beyond = status == 416 && find_header(request.headers, "range") != nullptr;
  if (!beyond && is_no_result(status, source->headers)) {
    co_await doubt_link(context_, std::move(session_id), index);
    co_return error_response(410, "the address of this result is dead; another one is sought",
                             "result_gone");
  }
  constexpr std::array passed = {200, 206, 304, 416};
  if (std::ranges::find(passed, status) == passed.end()) {
    co_return error_response(502, "the generator has no file now", "no_answer");
  }
  const bool to_save = form_value(request.query, "download").has_value();
  HttpResponse response;
  response.status = status;
  response.headers = told_headers(claim, index, to_save, source->headers);
  // A body that breaks off ends the connection before its length: the reader sees that.
  response.stream = [place, read = std::move(source->read)] { return next_piece(read); };
  co_return response;
}

}  // namespace claimcheck
