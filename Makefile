# make run    the demo on http://127.0.0.1:3000, with what it needs installed
# make test   every test; the last line is "N passed, N failed"
# make check  formatting, lints, documentation, licences
#
# PROFILE=dev make run builds in half the time, and runs slower.

PROFILE ?= release

.PHONY: help run test check

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

run:
	@.ci/need cargo cc database
	@echo "==> Building the $(PROFILE) profile; the first time this takes some minutes"
	@cargo build --locked --profile $(PROFILE)
	@echo "==> Starting the demo; Ctrl-C stops it"
	@exec cargo run --locked --quiet --profile $(PROFILE) -- serve --demo

test:
	@.ci/need cargo cc postgres node clients python
	@.ci/test

check:
	@.ci/need cargo cc rustfmt clippy deny
	@echo "==> Formatting"
	@cargo fmt --check
	@echo "==> Lints, warnings denied"
	@cargo clippy --locked --all-targets --all-features -- -D warnings
	@echo "==> Documentation, warnings denied"
	@RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --all-features
	@echo "==> Licences, banned crates, sources"
	@cargo deny --log-level error check licenses bans sources
	@echo "==> All checks passed"
