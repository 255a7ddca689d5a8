// Descriptor: owns one file descriptor and closes it. It is never 0, 1 or 2: in a process that was
// started with a closed standard stream, output would otherwise go into a lock or socket. For the
// plain system calls of the embedded Redis; all other network code uses Asio or libcurl.
#pragma once

#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace claimcheck {

class Descriptor {
 public:
  Descriptor() = default;
  // Takes the result of open(), socket() or pipe(); a negative value means none.
  explicit Descriptor(int fd) : fd_(fd) {
    if (fd_ < 0 || fd_ > STDERR_FILENO) return;
    fd_ = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    ::close(fd);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }

  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

}  // namespace claimcheck
