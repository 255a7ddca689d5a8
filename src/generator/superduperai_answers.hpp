// How single answers of the generator are read. Private to the client and its tests. Everything a
// peer can send is possible here: HTML with status 200, members missing, numbers for texts.
#pragma once

#include "generator/superduperai.hpp"

#include <string>
#include <vector>

namespace claimcheck::superduperai {

struct ListPage {
  bool readable = false;
  bool last = false;                 // none that follows can be of this order
  std::size_t files = 0;             // how many stand on it
  std::vector<std::string> matches;  // ids with the job's seed, prompt and model, newest first
};

// `offset`: how many files were read before it.
ListPage read_list(const Result<HttpResponse>& answer, const Job& job, std::size_t offset);

}  // namespace claimcheck::superduperai
