// Reads single answers of the generator. Private to the client and its tests. A peer can send
// anything here: HTML with status 200, absent members, numbers instead of texts. Nothing of that is
// an error: it is an unclear answer.
#pragma once

#include "generator/superduperai.hpp"

#include <string>
#include <vector>

namespace claimcheck::superduperai {

struct ListPage {
  bool readable = false;
  bool last = false;                 // no file after it can belong to this order
  std::size_t files = 0;             // how many are on it
  std::vector<std::string> matches;  // ids with the job's seed, prompt and model, newest first
};

// `offset`: how many files were read before this page.
ListPage read_list(const Result<HttpResponse>& answer, const GenerationJob& job,
                   std::size_t offset);

}  // namespace claimcheck::superduperai
