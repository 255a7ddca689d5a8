// Compiles Beast once, so that no other file does.
#include <boost/beast/src.hpp>
