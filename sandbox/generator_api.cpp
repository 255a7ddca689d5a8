#include "sandbox/generator_api.hpp"

#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>

namespace claimcheck::sandbox {

namespace {

constexpr std::int64_t limit_default = 50;
constexpr std::int64_t limit_max = 100;
constexpr std::size_t token_min = 32;

HttpResponse detail(int status, std::string_view text) {
  return json_answer(status, Object{{"detail", text}});
}

// The answer of Pydantic when it refuses one member.
HttpResponse unprocessable(std::string_view type, Array place, std::string_view message,
                           const Value& input) {
  return json_answer(422, Object{{"detail", Array{Object{{"type", type},
                                                         {"loc", std::move(place)},
                                                         {"msg", message},
                                                         {"input", input}}}}});
}

bool is_token(std::string_view text) {
  return text.size() >= token_min && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  c == '_' || c == '-';
         });
}

bool is_uuid(std::string_view text) {
  return text.size() == 36 && std::ranges::all_of(text, [](char c) {
           return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
                  (c >= 'A' && c <= 'F');
         });
}

std::int64_t query_integer(const std::string& query, std::string_view name,
                           std::int64_t otherwise) {
  const std::string text = form_value(query, name).value_or("");
  std::int64_t number = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return std::max<std::int64_t>(0, number);
}

// {items, total, limit, offset, next}; only the items of the page are made.
HttpResponse page(std::size_t count, const std::string& query, std::string_view path,
                  const std::function<Value(std::size_t)>& item_at) {
  const auto total = static_cast<std::int64_t>(count);
  const std::int64_t limit = std::min(query_integer(query, "limit", limit_default), limit_max);
  const std::int64_t offset = std::min(query_integer(query, "offset", 0), total);
  Array items;
  for (std::int64_t i = offset; i < std::min(offset + limit, total); ++i) {
    items.push_back(item_at(static_cast<std::size_t>(i)));
  }
  Value next;
  if (offset + limit < total) {
    next = fmt::format("{}?limit={}&offset={}", path, limit, offset + limit);
  }
  return json_answer(200, Object{{"items", std::move(items)},
                                 {"total", total},
                                 {"limit", limit},
                                 {"offset", offset},
                                 {"next", std::move(next)}});
}

// The refusal of a wrong `config`, or nothing.
std::optional<HttpResponse> check_config(const Value& body) {
  const Value* config = json::find(body, "config");
  if (config == nullptr) {
    return unprocessable("missing", {"body", "config"}, "Field required", body);
  }
  if (!config->is_object()) {
    return unprocessable("model_attributes_type", {"body", "config"},
                         "Input should be a valid dictionary or object to extract fields from",
                         *config);
  }
  if (!config->get_object().contains("generation_config_name")) {
    return unprocessable("missing", {"body", "config", "generation_config_name"}, "Field required",
                         *config);
  }
  for (const char* name : {"generation_config_name", "prompt", "negative_prompt"}) {
    const Value* member = json::find(*config, name);
    if (member != nullptr && !member->is_string()) {
      return unprocessable("string_type", {"body", "config", name},
                           "Input should be a valid string", *member);
    }
  }
  for (const char* name : {"seed", "width", "height"}) {
    const Value* member = json::find(*config, name);
    if (member != nullptr && !json::integer(*member) && !member->is_null()) {
      return unprocessable("int_type", {"body", "config", name}, "Input should be a valid integer",
                           *member);
    }
  }
  const Value* duration = json::find(*config, "duration");
  if (duration != nullptr && !duration->is_number() && !duration->is_null()) {
    return unprocessable("float_type", {"body", "config", "duration"},
                         "Input should be a valid number", *duration);
  }
  return std::nullopt;
}

}  // namespace

boost::asio::awaitable<HttpResponse> GeneratorApi::answer(HttpRequest request, Fault fault) {
  if (fault.delay > Duration(0)) co_await clock_.sleep(fault.delay);
  HttpResponse response;
  if (fault.execute) response = route(request, fault);
  // A fault that executes the request leaves the generation; only its answer is replaced.
  if (fault.answer) {
    response = *fault.answer;
    if (response.body.empty()) {
      response.body = response.status >= 500 ? "Internal Server Error" : R"({"detail":"Refused"})";
      response.headers.push_back(
          {"content-type", response.status >= 500 ? "text/plain" : "application/json"});
    }
  }
  if (fault.answer_delay > Duration(0)) co_await clock_.sleep(fault.answer_delay);
  co_return response;
}

HttpResponse GeneratorApi::route(const HttpRequest& request, const Fault& fault) {
  constexpr std::string_view files = "/api/v1/file/";
  const std::string& path = request.path;
  const bool get = request.method == "GET" || request.method == "HEAD";
  if (path == "/api/v1/ping" && get) return json_answer(200, "pong");

  const std::string* header = find_header(request.headers, "authorization");
  if (header == nullptr) return detail(403, "Not authenticated");
  const std::string token = header->starts_with("Bearer ") ? header->substr(7) : "";
  if (token_.empty() ? !is_token(token) : token != token_) return detail(401, "Unauthorized");

  if (path == "/api/v1/file/generate-video" && !get) return generate_video(request, fault);
  if (path == "/api/v1/file" && get) return list_files(request);
  if (path.starts_with(files) && get) return read_file(path.substr(files.size()));
  if (path == "/api/v1/generation-config" && get) return list_configurations(request);
  if (path == "/api/v1/user/me" && get) {
    return json_answer(200, Object{{"sub", "auth0|sandbox"},
                                   {"nickname", "sandbox"},
                                   {"email", "sandbox@example.invalid"},
                                   {"given_name", nullptr},
                                   {"family_name", nullptr},
                                   {"name", nullptr},
                                   {"picture", nullptr},
                                   {"email_verified", true},
                                   {"locale", nullptr},
                                   {"balance", 120000},
                                   {"vip", true},
                                   {"admin", false},
                                   {"id", "11111111-2222-4333-8444-555555555555"}});
  }
  return detail(404, "Not Found");
}

HttpResponse GeneratorApi::generate_video(const HttpRequest& request, const Fault& fault) {
  const Result<Value> body = json::parse(request.body);
  if (!body) {
    return unprocessable("json_invalid", {"body", 0}, "JSON decode error", Object());
  }
  if (const auto refused = check_config(*body)) return *refused;
  const Object& config = body->at("config").get_object();
  if (Generator::configuration(text_of(config, "generation_config_name")) == nullptr) {
    return detail(400, "Invalid payload");
  }
  const Generation& generation = generator_.add(config, fault.task);
  return json_answer(200, generator_.file_of(generation));
}

HttpResponse GeneratorApi::list_files(const HttpRequest& request) const {
  bool videos = true;  // all files are videos; `types` without video gives none
  if (request.query.find("types=") != std::string::npos) {
    videos = request.query.find("types=video") != std::string::npos;
  }
  const bool oldest_first = form_value(request.query, "order").value_or("") == "ascendent";
  const auto& all = generator_.all();
  return page(videos ? all.size() : 0, request.query, "/api/v1/file", [&](std::size_t i) {
    return Value(generator_.file_of(all[oldest_first ? i : all.size() - 1 - i]));
  });
}

HttpResponse GeneratorApi::list_configurations(const HttpRequest& request) const {
  const Array& all = Generator::configurations();
  return page(all.size(), request.query, "/api/v1/generation-config",
              [&all](std::size_t i) { return all[i]; });
}

HttpResponse GeneratorApi::read_file(const std::string& id) const {
  if (!is_uuid(id)) {
    return unprocessable("uuid_parsing", {"path", "id"}, "Input should be a valid UUID", Value(id));
  }
  const Generation* generation = generator_.find(id);
  if (generation == nullptr) return detail(404, "Not Found");
  return json_answer(200, generator_.file_of(*generation));
}

}  // namespace claimcheck::sandbox
