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

/// How long: far longer than a join is under way.
const KNOWN_FOR: Duration = Duration::from_secs(60);
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
    /// Only who is gone for good is remembered: whoever may come back (in another role) comes at once, and a room says
    /// the same to every role.
    pub fn tell(&mut self, whom: Whom, code: ErrorCode, now: Instant) {
        if code.face().retry {
            return;
        }
        let until = now + KNOWN_FOR;
        self.codes.insert(whom, (code, until));
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
        assert_eq!(dismissed.refusal(user, Some(login), now), None, "welcome in another role");
        dismissed.tell(Whom::Login(login), ErrorCode::Removed, now);
        assert_eq!(dismissed.refusal(user, None, now), None);
        assert_eq!(dismissed.refusal(user, Some(login), now), Some(ErrorCode::Removed));
        assert_eq!(dismissed.refusal(user, Some(login), now + KNOWN_FOR), None);
        assert_eq!(dismissed.refusal(UserId::generate(), Some(LoginId::generate()), now), None);

        for _ in 0..MOST {
            dismissed.tell(Whom::User(UserId::generate()), ErrorCode::Removed, now);
        }
        assert_eq!((dismissed.codes.len(), dismissed.told.len()), (MOST, MOST));
        assert_eq!(dismissed.refusal(user, Some(login), now), None, "the oldest");
        // Told twice, forgotten once: by its later time.
        let later = now + KNOWN_FOR / 2;
        dismissed.tell(Whom::User(user), ErrorCode::Removed, now);
        dismissed.tell(Whom::User(user), ErrorCode::Removed, later);
        dismissed.tell(Whom::Login(login), ErrorCode::Removed, now + KNOWN_FOR);
        assert_eq!(dismissed.refusal(user, None, now + KNOWN_FOR), Some(ErrorCode::Removed));
        assert_eq!(dismissed.codes.len(), 2);
    }
}
