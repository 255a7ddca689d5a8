// Where a job of fal's is followed. fal says not to build these addresses, so the handle keeps what
// the submit named: the paths below the configured address, without the host. When they have the
// documented form, <model>/requests/<id> with /status and /cancel after it, the handle is that
// path alone: a callback tells no more, and must lead to the same handle. Private to the adapter.
#pragma once

#include "generator/generator.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace claimcheck::fal {

struct JobPlaces {
  std::string id;
  // Paths with a slash in front; empty = there is none.
  std::string status;
  std::string result;
  std::string cancel;
};

// The parameter of our callback address that carries the model.
inline constexpr std::string_view callback_model = "model";

// A path of letters, digits and "-._~", without empty or dotted segments.
bool is_plain_path(std::string_view path);

// "/fal-ai/veo3/fast?fal_webhook=…"
std::string submit_place(const GenerationJob& job);
// The path of an address at the configured one, or at fal's own hosts; else empty. Its host is
// never called.
std::string path_of(std::string_view address, std::string_view configured_url);

// Of the answer to a submit. Empty = it names no job that can be followed.
std::string handle_of(const boost::json::value& answer, std::string_view configured_url);
// Empty places = it is no handle of ours.
JobPlaces places_of(std::string_view handle);
// The handle of the documented form; empty = these are no model and no id.
std::string documented_handle(std::string_view model, std::string_view id);

}  // namespace claimcheck::fal
