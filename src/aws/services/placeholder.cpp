namespace rekeyer::aws {}
