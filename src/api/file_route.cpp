#include "api/file_route.hpp"

#include "api/answers.hpp"
#include "base/json.hpp"
#include "generator/superduperai.hpp"
#include "store/sessions.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

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
  auto* generator = dynamic_cast<superduperai::Client*>(generators_.find("superduperai"));
  if (generator == nullptr) co_return error_response(404, "no such file", "not_found");
  Result<std::string> body = co_await generator->file(file_id);
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
