// Reads single answers of a provider that only the configuration describes. Private to the adapter
// and its tests. A peer can send anything here; what cannot be read is an unclear answer. Words and
// statuses mean what HttpGeneratorOptions says, and nothing is guessed from a free text.
#pragma once

#include "generator/generator.hpp"
#include "generator/options.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace claimcheck::http_generator {

// Visible characters of ASCII, at most handle_bytes_max, and no part of a path that leads upwards.
bool is_handle(std::string_view text);
// Is it the pattern, in which a `*` at the beginning or end stands for any text?
bool matches(std::string_view pattern, std::string_view text);
// The text, whole number or boolean at a pointer, as a text; empty = there is none.
std::string text_in(const boost::json::value& from, std::string_view pointer);
// The address of a result: an absolute one, or a path on the host of `url`. Empty = it is none.
std::string result_address(std::string_view text, std::string_view url);

SubmitAnswer read_submit(const Result<HttpResponse>& answer, const HttpGeneratorOptions& options);
// Does a word of the answer say that these inputs are never made? A bare status does not: 422 is
// also the answer to a key that was used before.
bool tells_refusal(const Result<HttpResponse>& answer, const HttpGeneratorOptions& options);
// Of `look_up_path`. Only jobs that tell the key or the seed of this submit are believed.
LookUpAnswer read_look_up(const Result<HttpResponse>& answer, const HttpGeneratorOptions& options,
                          const GenerationJob& job);

struct PollReading {
  PollAnswer answer;          // without `needs_key` and `expires`
  std::string unknown_state;  // the word, if the configuration does not know it
};
// `url`: of the generator. An answer about another job is unclear, and is logged.
PollReading read_poll(const Result<HttpResponse>& answer, const HttpGeneratorOptions& options,
                      std::string_view job, std::string_view url);

}  // namespace claimcheck::http_generator
