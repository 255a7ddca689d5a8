#include "sandbox/provider_jobs.hpp"

#include "sandbox/ids.hpp"
#include "sandbox/media.hpp"
#include "sandbox/web_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace claimcheck::sandbox {

namespace {

constexpr std::string_view media_prefix = "/media/jobs/";

std::string_view file_ending(JobKind kind) {
  constexpr std::array<std::string_view, 3> endings = {".mp4", ".webp", ".wav"};
  return endings.at(static_cast<std::size_t>(kind));
}

JobState end_of(const std::string& task) {
  if (task == "error") return JobState::failed;
  return task == "refused" ? JobState::refused : JobState::done;
}

}  // namespace

std::string_view word_of(JobState state) {
  constexpr std::array<std::string_view, 6> words = {"queued", "running", "done",
                                                     "failed", "refused", "cancelled"};
  return words.at(static_cast<std::size_t>(state));
}

bool has_ended(JobState state) { return state != JobState::queued && state != JobState::running; }

const ProviderJob& ProviderJobs::add(JobOrder order, const std::string& task) {
  const std::string id = order.id;
  const std::string media = random_text(22) + std::string(file_ending(order.kind));
  places_[id] = jobs_.size();
  jobs_.push_back({.order = std::move(order), .at = clock_.now(), .ended = {}, .media = media});
  agenda_.after(length_ / 2, [this, id] {
    ProviderJob* job = at(id);
    if (job->state == JobState::queued) job->state = JobState::running;
  });
  if (task != "never") {
    agenda_.after(length_, [this, id, state = end_of(task)] { finish(id, state); });
  }
  return jobs_.back();
}

ProviderJob* ProviderJobs::at(const std::string& id) {
  const auto place = places_.find(id);
  return place == places_.end() ? nullptr : &jobs_[place->second];
}

const ProviderJob* ProviderJobs::find(std::string_view provider, const std::string& id) const {
  const auto place = places_.find(id);
  if (place == places_.end()) return nullptr;
  const ProviderJob& job = jobs_[place->second];
  return job.order.provider == provider ? &job : nullptr;
}

bool ProviderJobs::finish(const std::string& id, JobState state) {
  ProviderJob* job = at(id);
  if (job == nullptr) return false;
  if (has_ended(job->state)) return true;
  job->state = state;
  job->ended = clock_.now();
  if (const auto told = told_.find(job->order.provider); told != told_.end()) told->second(*job);
  return true;
}

std::string ProviderJobs::media_url(const ProviderJob& job) const {
  return fmt::format("{}{}{}", base_url_, media_prefix, job.media);
}

std::string_view ProviderJobs::media_type(JobKind kind) {
  constexpr std::array<std::string_view, 3> types = {"video/mp4", "image/webp", "audio/wav"};
  return types.at(static_cast<std::size_t>(kind));
}

std::string_view ProviderJobs::media_bytes(JobKind kind) const {
  constexpr std::array<std::string_view, 3> samples = {"sample.mp4", "picture.webp", "sample.wav"};
  if (kind == JobKind::video && !video_.empty()) return video_;
  return web_file(samples.at(static_cast<std::size_t>(kind)));
}

HttpResponse ProviderJobs::media_answer(const HttpRequest& request) const {
  const std::string_view path = request.path;
  const std::string_view name =
      path.starts_with(media_prefix) ? path.substr(media_prefix.size()) : "";
  const auto job = std::ranges::find(jobs_, name, &ProviderJob::media);
  if (job == jobs_.end() || job->state != JobState::done) {
    return {404, {}, "There is no such file.\n"};
  }
  const JobOrder& order = job->order;
  const std::string* key = find_header(request.headers, "authorization");
  if (!order.media_key.empty() && (key == nullptr || *key != order.media_key)) {
    return {401, {}, "This file needs a key.\n"};
  }
  if (order.media_lasts > Duration(0) && clock_.now() >= *job->ended + order.media_lasts) {
    return {404, {}, "This file does not exist any more.\n"};
  }
  return file_answer(request, media_bytes(order.kind), media_type(order.kind));
}

}  // namespace claimcheck::sandbox
