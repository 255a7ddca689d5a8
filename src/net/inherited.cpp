#include "net/inherited.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace claimcheck {

namespace {

constexpr int first_fd = 3;

std::string_view variable(const char* name) {
  const char* text = std::getenv(name);
  return text != nullptr ? text : "";
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

Inherited inherited() {
  Inherited found;
  // Of another process, if it was passed on by a shell or a container's first process.
  if (number(variable("LISTEN_PID")) != getpid()) return found;
  std::string_view names = variable("LISTEN_FDNAMES");
  const int end = first_fd + number(variable("LISTEN_FDS"));
  for (int fd = first_fd; fd < end; ++fd) {
    const std::size_t colon = std::min(names.find(':'), names.size());
    const bool is_worker = names.substr(0, colon) == inherited_worker_name;
    names.remove_prefix(std::min(colon + 1, names.size()));
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    // systemd names a socket after its unit, so any other name is a port's.
    if (is_worker) {
      found.worker = fd;
    } else {
      found.ports.push_back(fd);
    }
  }
  return found;
}

}  // namespace claimcheck
