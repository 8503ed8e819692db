//! The throttle against the words of S11, minute by minute.

use super::*;
use std::net::Ipv4Addr;

const WINDOW: Duration = Duration::from_secs(15 * 60);
const LIMITS: Limits = Limits { per_account: 5, per_address: 50, window: WINDOW };

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn fail(throttle: &mut Throttle, account: &str, from: &str, now: Instant) -> Verdict {
    let attempt = throttle.attempt(account, address(from));
    let verdict = throttle.begin(attempt, now);
    if verdict == Verdict::Go {
        throttle.failed(attempt, now);
    }
    verdict
}

#[test]
fn the_sixth_failure_of_an_account_is_refused_until_the_first_is_15_minutes_old() {
    let mut throttle = Throttle::new(LIMITS);
    let start = Instant::now();
    for second in 0..5 {
        let now = start + Duration::from_secs(second);
        assert_eq!(fail(&mut throttle, "ana", "10.0.0.1", now), Verdict::Go, "{second}");
    }
    let now = start + Duration::from_millis(60_500);
    assert_eq!(fail(&mut throttle, "ana", "10.0.0.1", now), Verdict::Refused(Duration::from_secs(840)));
    assert_eq!(fail(&mut throttle, "bea", "10.0.0.1", now), Verdict::Go, "another account");
    assert_eq!(fail(&mut throttle, "ana", "10.0.0.2", now), Verdict::Go, "another address");
    assert_eq!(fail(&mut throttle, "ana", "10.0.0.1", start + WINDOW), Verdict::Go, "the first has left");
    let refused = fail(&mut throttle, "ana", "10.0.0.1", start + WINDOW);
    assert_eq!(refused, Verdict::Refused(Duration::from_secs(1)));
}

#[test]
fn the_fifty_first_failure_of_an_address_is_refused_whichever_the_account() {
    let mut throttle = Throttle::new(LIMITS);
    let now = Instant::now();
    for n in 0..50 {
        assert_eq!(fail(&mut throttle, &format!("user{n}"), "10.0.0.1", now), Verdict::Go);
    }
    assert_eq!(fail(&mut throttle, "fresh", "10.0.0.1", now), Verdict::Refused(WINDOW));
    assert_eq!(fail(&mut throttle, "fresh", "10.0.0.2", now), Verdict::Go);
}

#[test]
fn success_forgives_the_account_not_the_address() {
    let mut throttle = Throttle::new(Limits { per_address: 6, ..LIMITS });
    let now = Instant::now();
    for _ in 0..4 {
        fail(&mut throttle, "ana", "10.0.0.1", now);
    }
    let attempt = throttle.attempt("ana", address("10.0.0.1"));
    assert_eq!(throttle.begin(attempt, now), Verdict::Go);
    throttle.succeeded(attempt);
    assert_eq!(fail(&mut throttle, "ana", "10.0.0.1", now), Verdict::Go);
    assert_eq!(fail(&mut throttle, "ana", "10.0.0.1", now), Verdict::Go);
    assert_eq!(fail(&mut throttle, "ana", "10.0.0.1", now), Verdict::Refused(WINDOW));
}

/// A hundred guesses sent at once must not all be checked before the first is counted; and fifty tablets that log in
/// at once with the right password must all come in.
#[test]
fn attempts_at_once_wait_for_the_outcome_of_those_before() {
    let mut throttle = Throttle::new(LIMITS);
    let now = Instant::now();
    let attempt = throttle.attempt("ana", address("10.0.0.1"));
    for _ in 0..5 {
        assert_eq!(throttle.begin(attempt, now), Verdict::Go);
    }
    assert_eq!(throttle.begin(attempt, now), Verdict::Wait);
    throttle.withdrawn(attempt);
    assert_eq!(throttle.begin(attempt, now), Verdict::Go);
    throttle.succeeded(attempt);
    assert_eq!(throttle.begin(attempt, now), Verdict::Go);
    for _ in 0..5 {
        throttle.failed(attempt, now);
    }
    assert_eq!(throttle.begin(attempt, now), Verdict::Refused(WINDOW));
}

#[test]
fn an_ipv6_network_is_one_address_and_a_mapped_ipv4_its_own() {
    let throttle = Throttle::new(LIMITS);
    let of = |text| throttle.attempt("ana", address(text));
    assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
    assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
    assert_ne!(of("10.0.0.2"), of("10.0.0.1"));
}

#[test]
fn memory_is_bounded_and_empties_itself() {
    let mut throttle = Throttle::new(LIMITS);
    let start = Instant::now();
    for n in 0..MAX_REMEMBERED as u32 {
        fail(&mut throttle, "ana", &Ipv4Addr::from(n).to_string(), start + Duration::from_millis(n.into()));
    }
    assert_eq!(throttle.log.len(), MAX_REMEMBERED);
    assert!(throttle.counts.len() <= MAX_REMEMBERED);
    let later = start + WINDOW + Duration::from_secs(3600);
    let attempt = throttle.attempt("ana", address("10.0.0.1"));
    assert_eq!(throttle.begin(attempt, later), Verdict::Go);
    throttle.succeeded(attempt);
    assert_eq!((throttle.log.len(), throttle.counts.len()), (0, 0));
}
