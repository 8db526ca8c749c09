namespace rekeyer::policy {}
