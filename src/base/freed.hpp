// Gives back what a C library handed out: std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>.
#pragma once

namespace rekeyer {

template <auto release>
struct Freed {
  void operator()(auto* what) const { release(what); }
};

}  // namespace rekeyer
