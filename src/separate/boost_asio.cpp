// Compiles Asio, without TLS once, so that no other file does.
#include <boost/asio/impl/src.hpp>
