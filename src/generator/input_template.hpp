// A template of a model's inputs: JSON whose texts hold placeholders, such as
//   {"prompt": "{prompt}", "duration": "{duration}s", "seed": "{seed}"}
// Providers name and type the same input differently: 8, "8" or "8s". A text that is nothing but
// one placeholder becomes the value with its own type; inside a longer text it is written out.
// Placeholders: {prompt} {model} {seed} {key} {width} {height} {duration} {aspect_ratio}
// {resolution} ("1280x720") {lines} ("720p") {callback}.
#pragma once

#include "base/error.hpp"
#include "generator/generator.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace claimcheck {

// Of a text: every placeholder is written out as it is, not escaped.
std::string fill_text(std::string_view pattern, const GenerationJob& job);
// Of an address: every value is percent-encoded, so it stays within its part of the path.
std::string fill_path(std::string_view pattern, const GenerationJob& job);
boost::json::value fill_template(const boost::json::value& pattern, const GenerationJob& job);
// Errors: invalid, with the name of an unknown placeholder.
Result<void> check_template(const boost::json::value& pattern);
// Is the placeholder, such as "{prompt}", in a text of the pattern? Names of members are not
// filled.
bool holds(const boost::json::value& pattern, std::string_view placeholder);

// "16:9", "9:16" or "1:1", by which side is longer.
std::string_view aspect_ratio(std::int64_t width, std::int64_t height);

}  // namespace claimcheck
