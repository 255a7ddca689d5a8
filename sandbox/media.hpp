// The videos of the generator: one small MP4 for all of them, with ranges, as players request them,
// and its thumbnail. Only the addresses of completed generations exist; all others are 404, as at
// the real generator.
#pragma once

#include "net/http/http.hpp"
#include "sandbox/generator.hpp"

namespace claimcheck::sandbox {

HttpResponse media_answer(const HttpRequest& request, const Generator& generator,
                          std::string_view video_bytes);

// One file or the part of it that a Range header names (only the first range counts).
HttpResponse file_answer(const HttpRequest& request, std::string_view bytes,
                         std::string_view content_type);

}  // namespace claimcheck::sandbox
