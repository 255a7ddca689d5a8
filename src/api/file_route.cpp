#include "api/file_route.hpp"

#include "api/answers.hpp"
#include "base/json.hpp"
#include "domain/names.hpp"
#include "generator/superduperai.hpp"
#include "store/sessions.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

constexpr std::size_t cached_files_max = 10'000;
// As long as a page waits between two questions.
constexpr Duration running_fresh = std::chrono::seconds(2);
constexpr Duration ready_fresh = std::chrono::minutes(5);

// May the buyer see the video of this unit ("<session id>/<unit>")? Then its address is in the
// view.
bool shows(const Result<SessionData>& session, std::string_view unit) {
  if (!session || !session->files) return false;
  for (std::size_t i = 0; i < session->files->size(); ++i) {
    if (unit == fmt::to_string(i)) return session->files->at(i).url.has_value();
  }
  return false;
}

// In the words of the built-in generator's files.
std::string file_text(const Claim& claim, const Unit& unit) {
  const auto or_null = [](const std::string& text) {
    return text.empty() ? boost::json::value() : boost::json::value(text);
  };
  const bool ended = unit.state == UnitState::failed || unit.state == UnitState::refunding ||
                     unit.state == UnitState::refunded;
  const std::string_view status = has_video(unit) ? "completed" : (ended ? "error" : "in_progress");
  const std::string kind(name_of(claim.media));
  return json::print(boost::json::object{
      {"id", unit.job},
      {"url", or_null(unit.url)},
      {"thumbnail_url", or_null(unit.thumbnail_url)},
      {"type", kind},
      {"tasks", boost::json::array{boost::json::object{
                    {"type", kind + "-generation-flow"}, {"status", status}, {"id", unit.job}}}}});
}

std::string without_address(std::string_view body) {
  Result<boost::json::value> file = json::parse(body);
  if (!file || !file->is_object()) return "{}";
  file->get_object()["url"] = nullptr;
  file->get_object()["thumbnail_url"] = nullptr;
  return json::print(*file);
}

}  // namespace

Answer FileRoute::file(std::string file_id) {
  if (!superduperai::is_job_id(file_id)) co_return error_response(404, "no such file", "not_found");
  const Duration now = clock_.steady();
  const auto cached = files_.find(file_id);
  if (cached != files_.end() && now < cached->second.fresh_until) {
    co_return json_response(200, cached->second.body);
  }
  // The generator knows the files of all its customers. Ours are those that a unit owns.
  const Result<std::string> owner = co_await store_.jobs->job_owner(file_id);
  if (!owner) co_return store_error_response(owner.error());
  Result<std::string> body = co_await body_of(file_id, *owner);
  if (!body && body.error().code == Errc::not_found) {
    co_return error_response(404, "no such file", "not_found");
  }
  if (!body) co_return error_response(502, "the generator does not answer", "no_answer");
  // The generator may have a video that is not registered yet, or that was refunded.
  const std::size_t slash = owner->rfind('/');
  const Result<SessionData> view = co_await get_session(*store_.sessions, owner->substr(0, slash));
  const bool told = view || view.error().code == Errc::not_found;
  if (!told) co_return store_error_response(view.error());
  if (!shows(view, std::string_view(*owner).substr(slash + 1))) body = without_address(*body);
  // A file without an address changes soon, so its answer is cached for a shorter time.
  const bool running = body->find(R"("url":null)") != std::string::npos;
  keep(std::move(file_id),
       {.body = *body, .fresh_until = now + (running ? running_fresh : ready_fresh)});
  co_return json_response(200, std::move(*body));
}

// The built-in generator's own answer, in the form that the replaced system had. What is made by
// others is told in that form from our own record, without a call.
boost::asio::awaitable<Result<std::string>> FileRoute::body_of(std::string file_id,
                                                               std::string owner) {
  if (generators_.named_in(file_id).empty()) {
    auto* built_in = dynamic_cast<superduperai::Client*>(generators_.find(built_in_generator));
    if (built_in == nullptr) co_return fail(Errc::not_found, "no such file");
    co_return co_await built_in->file(std::move(file_id));
  }
  const std::size_t slash = owner.rfind('/');
  const Result<Claim> claim = co_await store_.orders->load(owner.substr(0, slash));
  if (!claim) co_return fail(claim);
  const auto found = std::ranges::find(claim->units, file_id, &Unit::job);
  if (found == claim->units.end()) co_return fail(Errc::not_found, "no such file");
  co_return file_text(*claim, *found);
}

void FileRoute::keep(std::string file_id, CachedFile file) {
  if (files_.size() >= cached_files_max || files_sweep_.due(files_.size())) {
    const Duration now = clock_.steady();
    std::erase_if(files_, [now](const auto& kept) { return kept.second.fresh_until <= now; });
    // Still too many, and all fresh. They are dropped: each costs one call to get again.
    if (files_.size() >= cached_files_max) files_.clear();
    files_sweep_.swept(files_.size());
  }
  files_[std::move(file_id)] = std::move(file);
}

}  // namespace claimcheck
