// ProviderJobs: the jobs of all imitated providers but the first (generator.hpp), and the media
// that they made. A job waits for half of the sandbox's `generate` time, runs for the other half,
// and ends once. What a provider calls its states, ids and addresses is its own side's to say.
// Media exist only of jobs that are done; they may need a key, or exist for a limited time.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/agenda.hpp"
#include "sandbox/json_text.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace claimcheck::sandbox {

enum class JobKind { video, image, audio };
enum class JobState { queued, running, done, failed, refused, cancelled };

std::string_view word_of(JobState state);
bool has_ended(JobState state);

// What a provider's side says of a new job.
struct JobOrder {
  std::string provider;  // the first part of its path: "fal"
  std::string id;        // as the provider writes it; unique among all
  std::string model;
  Object input;  // as it was sent; a prompt is in `prompt`
  JobKind kind = JobKind::video;
  std::string callback;     // where the provider tells of the end; empty = nowhere
  std::string media_key;    // the Authorization header that its media need; empty = none
  Duration media_lasts{0};  // from the end of the job on; 0 = without end
};

struct ProviderJob {
  JobOrder order;
  JobState state = JobState::queued;
  Time at;
  std::optional<Time> ended;
  std::string media;  // the file's name: "AbCd….mp4"
};

class ProviderJobs {
 public:
  using Ended = std::function<void(const ProviderJob&)>;

  ProviderJobs(MovableClock& clock, Agenda& agenda, Duration length)
      : clock_(clock), agenda_(agenda), length_(length) {}

  // What jobs of video make instead of the built-in clip; empty = that.
  void set_video(std::string bytes) { video_ = std::move(bytes); }
  // Where media is served: <base>/media/jobs/….mp4.
  void set_base_url(std::string base) { base_url_ = std::move(base); }
  const std::string& base_url() const { return base_url_; }
  // `told` hears of each job of that provider when it ends.
  void on_end(const std::string& provider, Ended told) { told_[provider] = std::move(told); }

  // `task` says how it ends: "" = done, "error", "refused" or "never" (it runs without end).
  const ProviderJob& add(JobOrder order, const std::string& task);
  // Null if that provider has no such job.
  const ProviderJob* find(std::string_view provider, const std::string& id) const;
  // False = there is no such job. A job that has ended keeps its state.
  bool finish(const std::string& id, JobState state);
  const std::deque<ProviderJob>& all() const { return jobs_; }

  std::string media_url(const ProviderJob& job) const;
  static std::string_view media_type(JobKind kind);
  std::string_view media_bytes(JobKind kind) const;
  // Of a request below /media/jobs/: 401 without its key, 404 when it does not exist any more.
  HttpResponse media_answer(const HttpRequest& request) const;

 private:
  ProviderJob* at(const std::string& id);

  MovableClock& clock_;
  Agenda& agenda_;
  Duration length_;
  std::string base_url_;
  std::string video_;
  std::deque<ProviderJob> jobs_;
  std::unordered_map<std::string, std::size_t> places_;
  std::unordered_map<std::string, Ended> told_;  // by provider
};

}  // namespace claimcheck::sandbox
