//! cargo-fuzz's way into the target `engine`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| comanda_fuzz::engine::run(bytes));
