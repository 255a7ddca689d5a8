// What a connection writes before a body: the head of an answer, and the few answers that come from
// the connection itself because no handler was asked. Pure; a connection owns the memory and the
// socket.
#pragma once

#include "net/http/http.hpp"

#include <string>

namespace claimcheck {

// The answers that no handler gives, in the form of the API's own errors. Other codes than 408,
// 413, 431 and 500 are told as a malformed request.
HttpResponse plain_error(int status);

// False if a name or a value has a line break. In a value that a client chose, such a break would
// let that client write headers of its own.
bool well_formed(const HttpHeaders& headers);

// Prints status line and headers over what `into` held; its memory is used again. A stream gets no
// length: it ends with the connection.
void print_head(const HttpResponse& response, bool keep_alive, std::string& into);

}  // namespace claimcheck
