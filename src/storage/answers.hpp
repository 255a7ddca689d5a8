// What the answers of an S3 storage mean. Each function takes a whole answer; an error says what
// the storage said, in its own words where it has some, and never a key. Pure.
#pragma once

#include "net/http/http.hpp"
#include "storage/storage.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck::storage_answers {

// Of an answer that is no success, or that says so in its body. The codes are Storage's.
Error error_of(const HttpResponse& answer);

// The id of the upload that was begun. An answer that names another object than `object` counts as
// none (ambiguous) and is logged; the same holds for read_completed.
Result<std::string> read_begun(const HttpResponse& answer, std::string_view object);
Result<UploadedPart> read_part(const HttpResponse& answer, int number, std::int64_t bytes);
// A storage may say 200 first, and in the body that it failed.
Result<void> read_completed(const HttpResponse& answer, std::string_view object);
Result<ObjectInfo> read_found(const HttpResponse& answer);
Result<ObjectPage> read_list(const HttpResponse& answer);

// Of a deletion: what is not there has been deleted.
Result<void> read_removed(const HttpResponse& answer);

}  // namespace claimcheck::storage_answers
