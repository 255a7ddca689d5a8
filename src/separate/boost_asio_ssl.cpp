// Compiles the TLS streams of Asio once, so that no other file does.
#include <boost/asio/ssl/impl/src.hpp>
