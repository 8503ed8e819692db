//! What other systems' hashes cost everybody: until their users have logged in, or their passwords are forgotten, a failed
//! login, whoever's, does the work of each of their kinds.

use crate::auth::HashKind;
use std::{fmt, time::Duration};

/// As many as failed logins take into account.
const MOST_KINDS: usize = 8;
/// Together: two failures at once, over and over, still leave every second login waiting less than a second.
const MOST: Duration = Duration::from_millis(300);

const SECONDS_A_DAY: u64 = 86_400;

/// Kinds that some user of whichever restaurant has.
#[derive(Debug, Default)]
pub struct Hashes {
    kinds: Vec<HashKind>,
    /// However long it takes.
    slow: bool,
    /// From now on; then they are forgotten.
    kept: Duration,
    /// Some of them moved in now.
    arrived: bool,
}

impl Hashes {
    /// `known` as hashes begin; `slow` where whoever moves in bears the price; `kept` before they are forgotten.
    pub fn new(known: &[String], slow: bool, kept: Duration) -> Self {
        let mut hashes = Self { slow, kept, ..Self::default() };
        for kind in known.iter().filter_map(|text| HashKind::parse(text).ok()) {
            if !hashes.kinds.contains(&kind) {
                hashes.kinds.push(kind);
            }
        }
        hashes
    }

    /// Adds the kind of a user's hash. Errors: why it is one too many.
    pub fn add(&mut self, hash: &str) -> Result<(), String> {
        let kind = HashKind::parse(hash).map_err(|error| error.to_string())?;
        if kind.is_ours() {
            return Ok(());
        }
        if !self.kinds.contains(&kind) {
            if self.kinds.len() == MOST_KINDS {
                return Err(format!(
                    "passwordHash is of one kind too many: people here have {MOST_KINDS} others"
                ));
            }
            let (price, most) = ((self.price() + kind.price()).as_millis(), MOST.as_millis());
            if !self.slow && price > most {
                return Err(format!(
                    "passwordHash is too costly: with it every failed login would take about {price} ms longer, \
                     where {most} ms is the most without --slow-hashes"
                ));
            }
            self.kinds.push(kind);
        }
        self.arrived = true;
        Ok(())
    }

    fn price(&self) -> Duration {
        self.kinds.iter().map(HashKind::price).sum()
    }
}

/// A line, where something is to be said.
impl fmt::Display for Hashes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.arrived {
            return Ok(());
        }
        let (price, kinds) = (self.price().as_millis(), self.kinds.len());
        let hashes = if kinds == 1 { "kind of hash is" } else { "kinds of hashes are" };
        writeln!(
            f,
            "passwords: {kinds} {hashes} other systems'; a failed login takes about {price} ms longer until all who have \
             such have logged in, or {} days are over and theirs are forgotten",
            self.kept.as_secs().div_ceil(SECONDS_A_DAY)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: Duration = Duration::from_secs(90 * SECONDS_A_DAY);

    fn bcrypt(cost: u32) -> String {
        format!("$2b${cost:02}$N9qo8uLOickgx2ZMRZoMyeaHnMhe/aJj1nu3JY56ufWbytgebWIS6")
    }

    fn argon2(memory: u32, passes: u32) -> String {
        format!("$argon2id$v=19$m={memory},t={passes},p=1$c29tZXNhbHQ$MTIzNDU2Nzg5MDEyMzQ1Ng")
    }

    #[test]
    fn ours_costs_nothing_and_one_kind_costs_once() {
        let mut hashes = Hashes::new(&[], false, KEPT);
        assert_eq!((hashes.add(&argon2(19456, 2)), hashes.to_string()), (Ok(()), String::new()));
        for hash in [bcrypt(12), bcrypt(12), bcrypt(12).replace("$2b$", "$2a$")] {
            assert_eq!(hashes.add(&hash), Ok(()));
        }
        let told = "passwords: 1 kind of hash is other systems'; a failed login takes about 204 ms longer";
        assert!(hashes.to_string().starts_with(told), "{hashes}");
        let until = "until all who have such have logged in, or 90 days are over and theirs are forgotten\n";
        assert!(hashes.to_string().ends_with(until), "{hashes}");
    }

    #[test]
    fn the_sum_is_bounded_unless_its_price_is_borne() {
        let known = [bcrypt(11), "$nonsense$".to_owned()];
        let mut hashes = Hashes::new(&known, false, KEPT);
        assert_eq!(hashes.add(&bcrypt(11)), Ok(()));
        let why = hashes.add(&bcrypt(12)).unwrap_err();
        assert!(why.contains("about 307 ms longer, where 300 ms is the most without --slow-hashes"), "{why}");
        assert!(hashes.add(&bcrypt(14)).is_err());
        assert_eq!(hashes.add(&bcrypt(10)), Ok(()), "what was refused is not in the sum");
        assert_eq!(Hashes::new(&known, true, KEPT).add(&bcrypt(14)), Ok(()));
    }

    #[test]
    fn a_ninth_kind_is_refused_whatever_it_costs() {
        for slow in [false, true] {
            let mut hashes = Hashes::new(&[bcrypt(4)], slow, KEPT);
            for passes in 1..=7 {
                assert_eq!(hashes.add(&argon2(64, passes)), Ok(()));
            }
            let why = hashes.add(&argon2(64, 8)).unwrap_err();
            assert!(why.contains("one kind too many: people here have 8 others"), "{why}");
            assert_eq!((hashes.add(&bcrypt(4)), hashes.add(&argon2(19456, 2))), (Ok(()), Ok(())));
        }
    }
}
