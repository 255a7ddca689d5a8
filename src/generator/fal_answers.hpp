// Reads single answers of fal's queue. Private to the adapter and its tests. fal tells two kinds of
// errors apart: those of a model, a list `detail` with a `type` in each, and those of its
// infrastructure, with `error_type`. Both decide by that word, never by their texts, which may
// also repeat the prompt and are not kept.
#pragma once

#include "generator/fal_places.hpp"
#include "generator/generator.hpp"
#include "generator/options.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace claimcheck::fal {

boost::json::value submit_body(const GenerationJob& job, const GeneratorOptions& options);
SubmitAnswer read_submit(const Result<HttpResponse>& answer, std::string_view configured_url);

struct JobStatus {
  bool completed = false;
  PollAnswer answer;       // unless it is completed
  std::string result;      // the path of the result
  bool failed = false;     // it says that the job ended in an error
  std::string error_type;  // which one; may be empty all the same
};
JobStatus read_status(const Result<HttpResponse>& answer, const JobPlaces& places,
                      std::string_view configured_url);
// Of a completed job.
PollAnswer read_result(const Result<HttpResponse>& answer, const JobStatus& status);

}  // namespace claimcheck::fal
