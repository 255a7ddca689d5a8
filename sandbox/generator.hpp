// Generator: the imitation of the SuperDuperAI account: its video configurations and the ordered
// generations. A generation takes a fixed time, then it is completed or has failed. It gives no
// reason, as the real one. An image_to_video configuration without references fails.
#pragma once

#include "sandbox/agenda.hpp"
#include "sandbox/json_text.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace claimcheck::sandbox {

struct Generation {
  std::string id;
  std::string video_id;
  std::string task_id;
  std::string state = "in_progress";  // in_progress | completed | error
  Object config;                      // as it was sent
  std::int64_t seed = 0;
  Time at;
  std::string media;  // "2026/11/23/9/AbCd…": its path without extension
};

class Generator {
 public:
  Generator(MovableClock& clock, Agenda& agenda, Duration length)
      : clock_(clock), agenda_(agenda), length_(length) {}

  // Where media is served: <base>/media/generated/video/….mp4.
  void set_base_url(std::string base) { base_url_ = std::move(base); }

  // All configurations.
  static const Array& configurations();
  static const Object* configuration(std::string_view name);

  // `task` says how it ends: "" = by its inputs, "error" or "never".
  const Generation& add(Object config, const std::string& task);
  const Generation* find(const std::string& id) const;
  // False = there is no such generation. A generation that has ended keeps its state.
  bool finish(const std::string& id, const std::string& state);
  const std::deque<Generation>& all() const { return generations_; }
  bool has_media(const std::string& media) const;

  // The generator's IFileRead, with all members.
  Object file_of(const Generation& generation) const;

 private:
  MovableClock& clock_;
  Agenda& agenda_;
  Duration length_;
  std::string base_url_;
  std::deque<Generation> generations_;
  std::unordered_map<std::string, std::size_t> places_;        // by id
  std::unordered_map<std::string, std::size_t> media_places_;  // by media
};

}  // namespace claimcheck::sandbox
