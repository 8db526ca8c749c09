// The one place where Boost.JSON's own code is compiled (it is used header-only, so that the static binary needs no
// library).
#include <boost/json/src.hpp>
