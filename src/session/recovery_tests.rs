//! A `pid` is read back as it was sealed, or not at all.

use super::*;
use crate::domain::principal::Role;
use proptest::prelude::*;

const SECRET: &[u8] = b"a secret that only these tests know";

fn recovery(secret: &[u8]) -> Recovery {
    Recovery::new(secret, vec!["/".into()]).unwrap()
}

fn at(epoch: &str, seq: Seq) -> Position {
    Position { epoch: Epoch(epoch.into()), seq }
}

fn some() -> Pid {
    Pid {
        sid: SocketId::generate(),
        user: UserId::generate(),
        restaurant: RestaurantId::generate(),
        namespace: "/".into(),
        began: at("e2c7a75d999f444c", 41),
    }
}

prop_compose! {
    fn any_pid()(
        ids in any::<[u128; 3]>(), namespace in "/[a-z0-9ñ]{0,20}", epoch in "[!-9;-~]{1,64}", seq in any::<u64>(),
    ) -> Pid {
        let [sid, user, restaurant] = ids.map(Uuid::from_u128);
        let (sid, user, restaurant) = (SocketId(sid), UserId(user), RestaurantId(restaurant));
        Pid { sid, user, restaurant, namespace, began: at(&epoch, seq) }
    }
}

proptest! {
    #[test]
    fn what_was_sealed_is_read_back(pid in any_pid()) {
        let recovery = recovery(SECRET);
        let text = recovery.seal(&pid).unwrap();
        prop_assert!(text.len() <= MAX_TEXT);
        prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{text}");
        prop_assert_eq!(recovery.open(&text), Some(pid.clone()));
        // Two of the same socket cannot be told from two of two.
        prop_assert_ne!(recovery.seal(&pid).unwrap(), text);
    }

    #[test]
    fn what_was_touched_is_refused(pid in any_pid(), place in any::<prop::sample::Index>(), bit in 0..7_u32) {
        let recovery = recovery(SECRET);
        let text = recovery.seal(&pid).unwrap();
        prop_assert_eq!(recovery.open(&text[..place.index(text.len())]), None, "cut");
        let mut flipped = text.clone().into_bytes();
        flipped[place.index(text.len())] ^= 1 << bit;
        prop_assert_eq!(recovery.open(str::from_utf8(&flipped).unwrap()), None, "a bit of the text");
        let mut bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
        bytes[place.index(text.len() * 3 / 4)] ^= 1 << bit;
        prop_assert_eq!(recovery.open(&URL_SAFE_NO_PAD.encode(bytes)), None, "a bit of the contents");
    }

    #[test]
    fn what_others_wrote_is_refused(text in "[A-Za-z0-9_-]{0,400}", wild in ".{0,100}") {
        let recovery = recovery(SECRET);
        prop_assert_eq!(recovery.open(&text), None);
        prop_assert_eq!(recovery.open(&wild), None);
    }

    #[test]
    fn any_contents_are_decoded_or_refused(bytes in prop::collection::vec(0..130_u8, 0..200)) {
        if let Some(pid) = decode(&bytes) {
            prop_assert_eq!(encode(&pid), Some(bytes));
        }
    }
}

#[test]
fn every_bit_counts() {
    let recovery = recovery(SECRET);
    let bytes = URL_SAFE_NO_PAD.decode(recovery.seal(&some()).unwrap()).unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(recovery.open(&URL_SAFE_NO_PAD.encode(flipped)), None, "bit {bit}");
    }
}

#[test]
fn another_key_another_version_and_padding_are_refused() {
    let ours = recovery(SECRET);
    let text = ours.seal(&some()).unwrap();
    assert!(recovery(SECRET).open(&text).is_some(), "a restarted server, another node");
    assert_eq!(recovery(b"a secret that only these tests knew").open(&text), None);
    assert_eq!(ours.open(&format!("{text}=")), None);
    assert_eq!(ours.open(&format!("{text}A")), None);
    assert_eq!(ours.open(""), None);

    // The same contents, honestly sealed, but under another version.
    let (nonce, mut sealed) = ([7; NONCE_LEN], encode(&some()).unwrap());
    let key = &ours.key;
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from([2]), &mut sealed).unwrap();
    for version in [1, 2] {
        let parts: [&[u8]; 3] = [&[version], &nonce, &sealed];
        assert_eq!(ours.open(&URL_SAFE_NO_PAD.encode(parts.concat())), None, "{version}");
    }
}

#[test]
fn the_longest_fits_and_a_longer_one_is_never_made() {
    let recovery = recovery(SECRET);
    let longest = Pid { namespace: "/".repeat(MAX_NAME), began: at(&"e".repeat(MAX_NAME), 1), ..some() };
    let text = recovery.seal(&longest).unwrap();
    assert_eq!(recovery.open(&text), Some(longest.clone()));
    assert_eq!(text.len().div_ceil(4) * 4, MAX_TEXT);
    assert_eq!(recovery.seal(&Pid { namespace: "/".repeat(MAX_NAME + 1), ..some() }), None);
    assert_eq!(recovery.seal(&Pid { began: at(&"e".repeat(MAX_NAME + 1), 1), ..some() }), None);
    assert_eq!(recovery.open(&"A".repeat(1 << 20)), None);
}

#[test]
fn the_position_is_the_offset_where_that_says_more() {
    let pid = some();
    let e = |seq| at("e2c7a75d999f444c", seq);
    let rows = [
        (None, e(41)),
        (Some(e(42)), e(42)),
        (Some(e(41)), e(41)),
        (Some(e(40)), e(41)),
        (Some(e(u64::MAX)), e(u64::MAX)),
        // From before a restore of the log: its numbers mean other events.
        (Some(at("old", 99)), e(41)),
    ];
    for (offset, expected) in rows {
        assert_eq!(pid.position(offset.as_ref()), expected, "{offset:?}");
    }
}

#[test]
fn a_socket_is_its_users_alone() {
    let pid = some();
    let owner = Principal { user: pid.user, role: Role::Kitchen, restaurant: pid.restaurant, login: None };
    assert!(pid.is_of(&owner, "/"));
    assert!(pid.is_of(&Principal { role: Role::Owner, ..owner.clone() }, "/"), "in another role");
    assert!(!pid.is_of(&owner, "/admin"));
    assert!(!pid.is_of(&Principal { user: UserId::generate(), ..owner.clone() }, "/"));
    assert!(!pid.is_of(&Principal { restaurant: RestaurantId::generate(), ..owner }, "/"));
}
