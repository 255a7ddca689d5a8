#include "sandbox/generator.hpp"

#include "base/assert.hpp"
#include "base/crypto.hpp"
#include "sandbox/ids.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace claimcheck::sandbox {

namespace {

constexpr std::int64_t own_seed_max = 100'000'000'000'000;

constexpr std::string_view configurations_text = R"json({"items": [
  {"name": "google-cloud/veo3-text2video", "label": "Google VEO3 (Text-to-Video)",
   "type": "text_to_video", "source": "google_cloud",
   "params": {"vip_required": true, "price_per_second": 3, "available_durations": [5, 6, 7, 8]}},
  {"name": "google-cloud/veo3", "label": "Google VEO3 (Image-to-Video)",
   "type": "image_to_video", "source": "google_cloud",
   "params": {"vip_required": true, "price_per_second": 3, "available_durations": [5, 6, 7, 8]}},
  {"name": "google-cloud/veo2-text2video", "label": "Google VEO2 (Text-to-Video)",
   "type": "text_to_video", "source": "google_cloud",
   "params": {"vip_required": true, "price_per_second": 2, "available_durations": [5, 6, 7, 8]}},
  {"name": "google-cloud/veo2", "label": "Google VEO2 (Image-to-Video)",
   "type": "image_to_video", "source": "google_cloud",
   "params": {"vip_required": true, "price_per_second": 2, "available_durations": [5, 6, 7, 8]}},
  {"name": "azure-openai/sora", "label": "OpenAI Sora", "type": "text_to_video",
   "source": "azure_openai_sora",
   "params": {"vip_required": true, "price_per_second": 10,
              "available_durations": [5, 10, 15, 20]}},
  {"name": "comfyui/ltx", "label": "LTX", "type": "image_to_video", "source": "local",
   "params": {"workflow_path": "ltx/default.json", "price_per_second": 0.4,
              "available_durations": [5]}},
  {"name": "comfyui/lip-sync", "label": "LipSync", "type": "video_to_video", "source": "local",
   "params": {"price_per_second": 0.4, "available_durations": [5]}},
  {"name": "fal-ai/kling-video/v2.1/standard/image-to-video", "label": "KLING 2.1 Standard",
   "type": "image_to_video", "source": "fal_ai",
   "params": {"vip_required": true, "price_per_second": 1, "available_durations": [5, 10]}}
]})json";

std::int64_t own_seed() {
  static std::mt19937_64 random{std::random_device{}()};
  return std::uniform_int_distribution<std::int64_t>(0, own_seed_max)(random);
}

// The generator's directories: year, month, day, hour without leading zeros.
std::string media_place(Time at) {
  const std::tm utc = fmt::gmtime(to_unix_s(at));
  return fmt::format("{}/{}/{}/{}/{}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
                     random_text(22));
}

Value member_or_null(const Object& object, std::string_view name) {
  const Value* member = object.if_contains(name);
  return member == nullptr ? Value() : *member;
}

bool can_work(const Object& config) {
  const Object* known = Generator::configuration(text_of(config, "generation_config_name"));
  const Value* references = config.if_contains("references");
  const bool has_references =
      references != nullptr && references->is_array() && !references->get_array().empty();
  return known != nullptr && (text_of(*known, "type") == "text_to_video" || has_references);
}

}  // namespace

const Array& Generator::configurations() {
  static const Array all = parse_constant(configurations_text).at("items").get_array();
  return all;
}

const Object* Generator::configuration(std::string_view name) {
  const auto found = std::ranges::find_if(configurations(), [name](const Value& known) {
    return text_of(known.get_object(), "name") == name;
  });
  return found == configurations().end() ? nullptr : &found->get_object();
}

const Generation& Generator::add(Object config, const std::string& task) {
  Generation generation;
  generation.id = random_uuid();
  generation.video_id = random_uuid();
  generation.task_id = random_uuid();
  generation.seed = config.contains("seed") ? integer_of(config, "seed") : own_seed();
  generation.at = clock_.now();
  generation.media = media_place(generation.at);
  // It gives no reasons: refused content is an error like any other.
  const bool fails = task == "refused" || (task.empty() && !can_work(config));
  const std::string end = fails ? "error" : task;
  generation.config = std::move(config);
  places_[generation.id] = generations_.size();
  media_places_[generation.media] = generations_.size();
  generations_.push_back(std::move(generation));
  const std::string id = generations_.back().id;
  if (end != "never") {
    agenda_.after(length_, [this, id, end] { finish(id, end.empty() ? "completed" : end); });
  }
  return generations_.back();
}

const Generation* Generator::find(const std::string& id) const {
  const auto place = places_.find(id);
  return place == places_.end() ? nullptr : &generations_[place->second];
}

bool Generator::finish(const std::string& id, const std::string& state) {
  const auto place = places_.find(id);
  if (place == places_.end()) return false;
  Generation& generation = generations_[place->second];
  // A generation ends once: a test may have ended it before its time.
  if (generation.state == "in_progress") generation.state = state;
  return true;
}

bool Generator::has_media(const std::string& media) const {
  const auto place = media_places_.find(media);
  return place != media_places_.end() && generations_[place->second].state == "completed";
}

Object Generator::file_of(const Generation& generation) const {
  const Object& config = generation.config;
  const std::string name = text_of(config, "generation_config_name");
  const bool done = generation.state == "completed";
  const Object* known = configuration(name);
  Array references;
  if (const Value* given = config.if_contains("references"); given && given->is_array()) {
    references = given->get_array();
  }
  Value duration = member_or_null(config, "duration");
  if (duration.is_number()) duration = duration.to_number<double>();

  Object video{{"prompt", member_or_null(config, "prompt")},
               {"negative_prompt", text_of(config, "negative_prompt")},
               {"seed", generation.seed},
               {"duration", duration},
               {"width", member_or_null(config, "width")},
               {"height", member_or_null(config, "height")},
               {"aspect_ratio", member_or_null(config, "aspect_ratio")},
               {"id", generation.video_id},
               {"generation_config_name", name},
               {"generation_config", known == nullptr ? Value() : Value(*known)},
               {"references", std::move(references)}};
  Object task{{"type", "video-generation-flow"},
              {"status", generation.state},
              {"id", generation.task_id},
              {"file_id", generation.id},
              {"project_id", nullptr}};
  const std::string url = base_url_ + "/media/generated/video/" + generation.media + ".mp4";
  const std::string thumbnail = base_url_ + "/media/uploaded/image/" + generation.media + ".webp";
  return {{"id", generation.id},
          {"url", done ? Value(url) : Value()},
          {"thumbnail_url", done ? Value(thumbnail) : Value()},
          {"type", "video"},
          {"image_generation_id", nullptr},
          {"image_generation", nullptr},
          {"video_generation_id", generation.video_id},
          {"video_generation", std::move(video)},
          {"audio_generation_id", nullptr},
          {"audio_generation", nullptr},
          {"duration", done ? duration : Value()},
          {"tasks", Array{std::move(task)}}};
}

}  // namespace claimcheck::sandbox
