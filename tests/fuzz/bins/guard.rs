//! cargo-fuzz's way into the target `guard`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| comanda_fuzz::guard::run(bytes));
