# make run    the demo on http://127.0.0.1:3000, with what it needs installed
# make test   every test; the last line is "N passed, N failed"
# make chaos  everything broken on purpose, SCALE (0.1) of the table of guarantees; ONLY=R1,R3 some of it, SEED=7 a run again
# make check  formatting, lints, documentation, licences
# make audit  what is known against the crates we link, from RustSec's database: needs the internet
# make pictures  the README's screenshots anew, out of a lunch hour in the demo
# make fuzz   each fuzz target for FUZZ_SECONDS (60), or FUZZ_TARGETS="guard engine" alone
#
# PROFILE=dev make run builds in half the time, and runs slower.

PROFILE ?= release
SCALE ?= 0.1
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= payload packet guard engine plain
# New finds go to a folder of their own; those worth keeping are copied to tests/fuzz/corpus by hand.
FUZZ_TARGET_DIR ?= target/fuzz
# Where their package is only checked: what it shares with the server is checked once.
CHECK_TARGET_DIR ?= $(or $(CARGO_TARGET_DIR),target)

.PHONY: help run test chaos check audit pictures fuzz

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

run:
	@.ci/need cargo cc database
	@echo "==> Building the $(PROFILE) profile; the first time this takes some minutes"
	@cargo build --locked --profile $(PROFILE)
	@echo "==> Starting the demo; Ctrl-C stops it"
	@exec cargo run --locked --quiet --profile $(PROFILE) -- serve --demo

test:
	@.ci/need cargo cc postgres node clients python chromium tour faketime
	@.ci/test

# The faults are planted by a feature that what is shipped does not have. An interrupted run goes on where it was; what
# it keeps, and the report, are in tmp/chaos of the target folder.
chaos:
	@.ci/need cargo cc postgres node clients faketime
	@echo "==> Building the $(PROFILE) profile for faults; the first time this takes some minutes"
	@cargo test --locked --profile $(PROFILE) --features faults --test chaos -- --scale $(SCALE) \
		$(if $(ONLY),--only $(ONLY)) $(if $(SEED),--seed $(SEED))

check:
	@.ci/need cargo cc rustfmt clippy deny
	@echo "==> Formatting"
	@cargo fmt --check
	@echo "==> Lints, warnings denied"
	@cargo clippy --locked --all-targets --all-features -- -D warnings
	@echo "==> Fuzz targets, without the library they are run by"
	@CUSTOM_LIBFUZZER_PATH=none/libfuzzer.a cargo clippy --locked --manifest-path tests/fuzz/Cargo.toml \
		--target-dir $(CHECK_TARGET_DIR) --bins -- -D warnings
	@echo "==> Documentation, warnings denied"
	@RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --all-features
	@echo "==> Licences, banned crates, sources"
	@cargo deny --log-level error check licenses bans sources
	@echo "==> All checks passed"

# Not part of check: what was sound yesterday may not be today, and the database comes from GitHub.
audit:
	@.ci/need cargo cc deny
	@echo "==> Known vulnerabilities, unmaintained crates"
	@cargo deny --log-level error check advisories
	@echo "==> Nothing known"

pictures:
	@.ci/need cargo cc postgres node clients chromium
	@cargo test --locked --test screens the_pictures_of_the_readme
	@mkdir -p tests/screens/pictures
	@for name in kitchen waiter admin; do \
		cp $(CHECK_TARGET_DIR)/tmp/screens/picture-$$name.png tests/screens/pictures/$$name.png; \
	done

# Safe Rust needs no sanitizer, and so no nightly toolchain either.
fuzz:
	@.ci/need cargo cc fuzz
	@echo "==> Building the fuzz targets; the first time this takes some minutes"
	@cargo fuzz build --fuzz-dir tests/fuzz --sanitizer none --target-dir $(FUZZ_TARGET_DIR)
	@set -e; for target in $(FUZZ_TARGETS); do \
		mkdir -p $(FUZZ_TARGET_DIR)/found/$$target; \
		echo "==> $$target, $(FUZZ_SECONDS) s"; \
		cargo fuzz run --fuzz-dir tests/fuzz --sanitizer none --target-dir $(FUZZ_TARGET_DIR) $$target \
			$(FUZZ_TARGET_DIR)/found/$$target tests/fuzz/corpus/$$target \
			-- -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=5 -rss_limit_mb=1024 -print_final_stats=1; \
	done
