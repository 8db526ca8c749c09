namespace rekeyer {}
