//! Conversations of those that log in on a socket, by table: who may ask for what, one login at a time, deadlines, shares.

use super::*;
use crate::{
    domain::principal::{Membership, PublicAccess},
    session::{Private, places::Places},
};

const WITHIN: u64 = 120;
/// As the house answers a login.
const TOKENS: &str = r#"{"user":{},"accessToken":"new","refreshToken":"r","expiresIn":60}"#;

fn accounts(places: &Arc<Places>) -> Accounts {
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let namespaces = Namespaces { answered: names(&["/", "/admin"]), anonymous: names(&["/", "/donations"]) };
    Accounts {
        namespaces: Arc::new(namespaces),
        address: "10.0.0.1".parse().ok(),
        places: Arc::clone(places),
        anonymous_within: Duration::from_secs(WITHIN),
    }
}

fn visitor(token: Option<&str>) -> Talk {
    let (places, token) = (Places::new(2, 10), token.map(SecretString::from));
    Talk::of(|restaurant| Orders {
        token,
        accounts: accounts(&places),
        public: Some(PublicAccess { restaurant, read: true }),
        ..Orders::default()
    })
}

/// Somebody who has not logged in.
fn nobody() -> Talk {
    let mut talk = visitor(None);
    let answer = talk.says("0");
    assert!(answer.len() == 1 && answer[0].starts_with(r#"40{"sid":"#), "{answer:?}");
    talk
}

fn member() -> Talk {
    let mut talk = visitor(Some("good"));
    talk.says("0");
    let good = talk.good(60);
    talk.verified(Ok(good));
    talk.joined(7, Missed::NotAsked);
    talk
}

impl Talk {
    fn account(&mut self, event: &str, ack: u64, result: Result<&str, ErrorCode>) -> Vec<String> {
        let result = result.map(|data| Private(data.into())).map_err(|code| Rejection::new(code, "no"));
        let (socket, event) = (self.socket, event.into());
        self.on(Input::Account { socket, event, ack: Some(ack), result })
    }

    fn logs_in(&mut self) -> Vec<String> {
        assert_eq!(self.says(r#"21["auth-login",{}]"#).len(), 1);
        assert_eq!(self.account("auth-login", 1, Ok(TOKENS)), ["verify new"]);
        let good = self.good(60);
        self.verified(Ok(good))
    }
}

fn refused(answer: &[String], code: &str) {
    assert!(answer.iter().any(|line| line.contains(&format!(r#""code":"{code}""#))), "{code}: {answer:?}");
}

#[test]
fn who_may_ask_for_what() {
    let own = ["auth-get-account", "auth-update-account", "auth-logout"];
    let public =
        ["auth-login", "auth-register", "auth-reset-password", "auth-change-password", "auth-refresh-token"];
    for event in own.into_iter().chain(public) {
        let asks = format!(r#"21["{event}",{{}}]"#);
        let is_own = own.contains(&event);
        // Nobody has an account, nor has the public that orders over the counter.
        let mut guest = visitor(None);
        guest.says("0/admin,");
        guest.joined(7, Missed::NotAsked);
        for (mut talk, asks) in [(nobody(), asks.clone()), (guest, asks.replacen("21", "2/admin,1", 1))] {
            let answer = talk.says(&asks);
            if is_own {
                refused(&answer, "INVALID_TOKEN");
            } else {
                assert_eq!(answer, [format!("{event} as nobody")]);
            }
        }
        assert_eq!(member().says(&asks), [format!("{event} as KITCHEN")]);
    }
    // All else is nobody's, also what the house does not know.
    for event in ["auth-refresh", "seen", "joinRoom", "new_order", "auth-loginn", ""] {
        refused(&nobody().says(&format!(r#"21["{event}",{{}}]"#)), "INVALID_TOKEN");
    }
    // Where the events are not answered nobody is let in, whatever else the settings say.
    assert_eq!(visitor(None).says("0/donations,").len(), 1);
    refused(&visitor(None).says("0/donations,"), "INVALID_TOKEN");
}

#[test]
fn logging_in_makes_a_member_before_it_is_answered() {
    let mut talk = nobody();
    let told = format!(r#"431[{{"event":"auth-login","data":{TOKENS}}}]"#);
    assert_eq!(talk.logs_in(), ["join"]);
    // What the client reads now and what is told from here on have no gap between them; its CONNECT is not answered again.
    assert_eq!(talk.joined(7, Missed::NotAsked), [told]);
    assert_eq!(talk.delivered(Delivery::Events(batch(8, 8))), [order(8)]);
    // One login at a time until then; and who gets no place is told so.
    let mut talk = nobody();
    talk.logs_in();
    refused(&talk.says(r#"22["auth-login",{}]"#), "TOO_MANY_REQUESTS");
    let (socket, result) = (talk.socket, Err(ErrorCode::Removed));
    refused(&talk.on(Input::Joined { socket, result }), "REMOVED");
}

/// The tokens are good and the old ones are used up: what kept ours from being verified must not cost the client its login.
#[test]
fn tokens_are_not_kept_back_where_the_fault_is_ours() {
    let told = format!(r#"431[{{"event":"auth-refresh-token","data":{TOKENS}}}]"#);
    let mut talk = member();
    talk.says(r#"21["auth-refresh-token",{}]"#);
    talk.account("auth-refresh-token", 1, Ok(TOKENS));
    assert_eq!(talk.verified(Err(ErrorCode::DatabaseUnavailable)), std::slice::from_ref(&told));
    assert_eq!(talk.delivered(Delivery::Events(batch(8, 8))), [order(8)]);
    // Nobody is still nobody: it comes back, with its token.
    let mut talk = nobody();
    talk.says(r#"21["auth-refresh-token",{}]"#);
    talk.account("auth-refresh-token", 1, Ok(TOKENS));
    assert_eq!(
        talk.verified(Err(ErrorCode::DatabaseUnavailable)),
        [told, "close DATABASE_UNAVAILABLE".into()]
    );
}

#[test]
fn a_socket_stays_on_the_board_that_its_client_named() {
    let mut talk = visitor(Some("good"));
    talk.says(r#"0{"board":"second"}"#);
    let boards = ["first", "second"].map(|name| Membership { board: BoardId::generate(), name: name.into() });
    let good = Verified { boards: boards.into(), ..talk.good(60) };
    talk.verified(Ok(good.clone()));
    talk.joined(7, Missed::NotAsked);
    talk.says(r#"21["auth-refresh-token",{}]"#);
    talk.account("auth-refresh-token", 1, Ok(TOKENS));
    assert_eq!(
        talk.verified(Ok(good)),
        [format!(r#"431[{{"event":"auth-refresh-token","data":{TOKENS}}}]"#)]
    );
}

#[test]
fn null_is_nothing() {
    let (mut talk, mut out) = (member(), Vec::new());
    let now = talk.start;
    talk.session.handle(now, Input::Text(r#"21["auth-logout",null]"#.into()), &mut out);
    let asked =
        out.iter().any(|action| matches!(action, Action::Account { asked, .. } if asked.data.0.is_empty()));
    assert!(asked, "{out:?}");
}

#[test]
fn a_token_that_is_not_good_leaves_nobody_nobody() {
    for code in [ErrorCode::InvalidToken, ErrorCode::TokenExpired] {
        let mut talk = nobody();
        talk.says(r#"21["auth-login",{}]"#);
        talk.account("auth-login", 1, Ok(TOKENS));
        refused(&talk.verified(Err(code)), code.name());
        refused(&talk.says(r#"22["auth-get-account",{}]"#), "INVALID_TOKEN");
        talk.logs_in();
    }
    let mut talk = nobody();
    talk.says(r#"21["auth-login",{}]"#);
    refused(&talk.account("auth-login", 1, Ok("{}")), "INTERNAL");
    // An NGO has nothing to hear in a restaurant's namespace.
    talk.principal.role = Role::Ngo;
    talk.says(r#"21["auth-login",{}]"#);
    talk.account("auth-login", 1, Ok(TOKENS));
    let ngo = talk.good(60);
    refused(&talk.verified(Ok(ngo)), "FORBIDDEN");
}

#[test]
fn one_login_at_a_time() {
    for second in ["auth-login", "auth-register", "auth-refresh-token"] {
        let asks = format!(r#"22["{second}",{{}}]"#);
        let mut talk = nobody();
        talk.says(r#"21["auth-login",{}]"#);
        refused(&talk.says(&asks), "TOO_MANY_REQUESTS");
        talk.account("auth-login", 1, Ok(TOKENS));
        refused(&talk.says(&asks), "TOO_MANY_REQUESTS");
        let mut talk = nobody();
        talk.says(r#"21["auth-login",{}]"#);
        refused(&talk.account("auth-login", 1, Err(ErrorCode::InvalidCredentials)), "INVALID_CREDENTIALS");
        assert_eq!(talk.says(&asks), [format!("{second} as nobody")]);
        // Nor while a member's token is being verified, nor the other way round.
        let mut talk = member();
        talk.says(r#"21["auth-refresh",{"token":"newer"}]"#);
        refused(&talk.says(&asks), "TOO_MANY_REQUESTS");
        let mut talk = member();
        talk.says(&asks);
        refused(&talk.says(r#"23["auth-refresh",{"token":"newer"}]"#), "TOO_MANY_REQUESTS");
    }
}

#[test]
fn a_member_stays_who_it_is() {
    // The same user's newer token is taken.
    let mut talk = member();
    assert!(talk.logs_in().iter().any(|line| line.contains(r#""accessToken":"new""#)));
    // Another's is not.
    let mut talk = member();
    talk.principal.user = UserId::generate();
    refused(&talk.logs_in(), "FORBIDDEN");
    // A manager who registers somebody, where registration is protected, is told and goes on.
    let mut talk = member();
    talk.says(r#"21["auth-register",{}]"#);
    let told = format!(r#"431[{{"event":"auth-register","data":{TOKENS}}}]"#);
    assert_eq!(talk.account("auth-register", 1, Ok(TOKENS)), [told]);
    assert_eq!(talk.delivered(Delivery::Events(batch(8, 8))), [order(8)]);
}

#[test]
fn logging_out_ends_the_socket() {
    let mut talk = member();
    talk.says(r#"21["auth-logout",{}]"#);
    let told = r#"431[{"event":"auth-logout","data":{"loggedOut":true}}]"#;
    assert_eq!(talk.account("auth-logout", 1, Ok(r#"{"loggedOut":true}"#)), [told, "leave", "41"]);
}

#[test]
fn nobody_stays_nobody_for_two_minutes() {
    let mut talk = nobody();
    let due = |talk: &Talk| talk.session.deadline().map(|due| (due - talk.start.mono).as_secs());
    assert_eq!(due(&talk), Some(WITHIN));
    talk.seconds = WITHIN - 1;
    assert!(talk.on(Input::Tick).is_empty());
    // Whoever is just logging in is waited for, and not for ever.
    talk.says(r#"21["auth-login",{}]"#);
    talk.seconds = WITHIN;
    assert!(talk.on(Input::Tick).is_empty());
    assert_eq!(due(&talk), Some(WITHIN + 9));
    talk.account("auth-login", 1, Err(ErrorCode::InvalidCredentials));
    talk.seconds = WITHIN + 10;
    assert_eq!(talk.on(Input::Tick), ["close AUTH_TIMEOUT"]);
    // Also not who logs in again and again, and never does.
    let mut talk = nobody();
    for second in 0..WITHIN * 2 {
        talk.seconds = second;
        if second % 9 == 0 {
            talk.says(r#"21["auth-login",{}]"#);
            talk.account("auth-login", 1, Err(ErrorCode::ValidationFailed));
        }
    }
    assert_eq!(due(&talk), Some(WITHIN + 60));
    // A member's token counts, and nothing else.
    let mut talk = nobody();
    talk.logs_in();
    talk.joined(7, Missed::NotAsked);
    assert_eq!(due(&talk), Some(60));
}

#[test]
fn beside_another_namespace_nobody_goes_alone() {
    let mut talk = nobody();
    talk.says("0/admin,");
    talk.joined(7, Missed::NotAsked);
    talk.seconds = WITHIN;
    assert_eq!(talk.on(Input::Tick), ["41"]);
    talk.seconds += 3_600;
    assert!(talk.on(Input::Tick).is_empty(), "the other stays");
}

#[test]
fn an_address_has_so_many_places_for_nobody() {
    let places = Places::new(2, 10);
    let visit = || {
        let mut talk = Talk::of(|_| Orders { accounts: accounts(&places), ..Orders::default() });
        let answer = talk.says("0");
        (talk, answer)
    };
    let (mut first, second) = (visit().0, visit().0);
    assert_eq!(visit().1, ["close TOO_MANY_SOCKETS"]);
    // Who logs in needs none any more, nor who leaves.
    first.logs_in();
    let third = visit();
    assert!(third.1[0].starts_with("40"), "{:?}", third.1);
    assert_eq!(visit().1, ["close TOO_MANY_SOCKETS"]);
    drop(second);
    assert!(visit().1[0].starts_with("40"));
}
