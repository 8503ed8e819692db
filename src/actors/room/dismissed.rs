//! Who was dismissed a moment ago: a token that was verified just before may bring a join that arrives just after.

use super::Whom;
use crate::{
    code::ErrorCode,
    domain::ids::{LoginId, UserId},
};
use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

/// How long who is gone for good stays known: far longer than a join is under way.
const FOR_GOOD: Duration = Duration::from_secs(60);
/// How long who may come back with another token does: as short as a join's way is, so that it does not meet those who
/// have come back already.
const FOR_NOW: Duration = Duration::from_secs(1);
/// How many are known; past them the oldest are forgotten first.
const MOST: usize = 4_096;

/// The dismissals of the last while, of all rooms. Pure.
#[derive(Debug, Default)]
pub(in crate::actors) struct Dismissed {
    codes: HashMap<Whom, (ErrorCode, Instant)>,
    /// In the order they were told.
    told: VecDeque<(Whom, Instant)>,
}

impl Dismissed {
    pub fn tell(&mut self, whom: Whom, code: ErrorCode, now: Instant) {
        let until = now + if code.face().retry { FOR_NOW } else { FOR_GOOD };
        let known = self.codes.entry(whom).or_insert((code, until));
        // Who is gone for good stays so.
        if known.1 <= until {
            *known = (code, until);
        }
        self.told.push_back((whom, until));
        while let Some(&(whom, until)) = self.told.front()
            && (until <= now || self.told.len() > MOST)
        {
            self.told.pop_front();
            // It may have been told again since.
            if self.codes.get(&whom).is_some_and(|(_, last)| *last <= until) {
                self.codes.remove(&whom);
            }
        }
    }

    /// Why this one may not join now.
    pub fn refusal(&self, user: UserId, login: Option<LoginId>, now: Instant) -> Option<ErrorCode> {
        let refusal = |whom| self.codes.get(&whom).filter(|(_, until)| now < *until).map(|(code, _)| *code);
        refusal(Whom::User(user)).or_else(|| refusal(Whom::Login(login?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_dismissed_is_known_for_a_while_and_no_more_than_so_many() {
        let now = Instant::now();
        let (user, login) = (UserId::generate(), LoginId::generate());
        let mut dismissed = Dismissed::default();
        assert_eq!(dismissed.refusal(user, Some(login), now), None);
        dismissed.tell(Whom::User(user), ErrorCode::TokenExpired, now);
        dismissed.tell(Whom::Login(login), ErrorCode::Removed, now);
        assert_eq!(dismissed.refusal(user, None, now), Some(ErrorCode::TokenExpired));
        assert_eq!(dismissed.refusal(user, None, now + FOR_NOW), None);
        assert_eq!(dismissed.refusal(user, Some(login), now + FOR_NOW), Some(ErrorCode::Removed));
        assert_eq!(dismissed.refusal(user, Some(login), now + FOR_GOOD), None);
        assert_eq!(dismissed.refusal(UserId::generate(), Some(LoginId::generate()), now), None);

        for _ in 0..MOST {
            dismissed.tell(Whom::User(UserId::generate()), ErrorCode::Removed, now);
        }
        assert_eq!((dismissed.codes.len(), dismissed.told.len()), (MOST, MOST));
        assert_eq!(dismissed.refusal(user, Some(login), now), None, "the oldest");
        // Told twice, forgotten once: by its later time.
        let later = now + FOR_GOOD / 2;
        dismissed.tell(Whom::User(user), ErrorCode::Removed, now);
        dismissed.tell(Whom::User(user), ErrorCode::Removed, later);
        dismissed.tell(Whom::User(user), ErrorCode::TokenExpired, later);
        dismissed.tell(Whom::Login(login), ErrorCode::Removed, now + FOR_GOOD);
        assert_eq!(dismissed.refusal(user, None, now + FOR_GOOD), Some(ErrorCode::Removed));
        assert_eq!(dismissed.codes.len(), 2);
    }
}
