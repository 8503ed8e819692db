//! The guard's verdicts, and that no chunking changes them.

use super::*;
use proptest::prelude::*;

const LIMITS: Limits = Limits { max_frame: 1_000, max_message: 1_500, max_fragments: 3 };

/// A masked frame with a payload of zeros.
fn frame(first: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![first];
    match length {
        0..=125 => bytes.push(0x80 | length as u8),
        126..=0xFFFF => {
            bytes.push(0x80 | 126);
            bytes.extend((length as u16).to_be_bytes());
        }
        _ => {
            bytes.push(0x80 | 127);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend(vec![0; 4 + length]);
    bytes
}

fn verdict(chunks: &[&[u8]]) -> Result<(), (usize, Refusal)> {
    let mut guard = Guard::new(LIMITS);
    let mut before = 0;
    for chunk in chunks {
        guard.check(chunk).map_err(|(at, refusal)| (before + at, refusal))?;
        before += chunk.len();
    }
    Ok(())
}

#[test]
fn good_traffic_passes() {
    let frames = [
        frame(0x81, 5),
        frame(0x82, 1_000),
        frame(0x01, 500),
        frame(0x89, 125),
        frame(0x00, 500),
        frame(0x80, 500),
        frame(0x8A, 0),
        frame(0x81, 0),
        frame(0x88, 2),
    ];
    assert_eq!(verdict(&[&frames.concat()]), Ok(()));
}

#[test]
fn each_offence_is_refused_where_it_is_seen() {
    let protocol = |at| (at, "protocol");
    let large = |at| (at, "large");
    let cases: [(&str, Vec<u8>, (usize, &str)); 17] = [
        ("rsv1", vec![0xC1], protocol(0)),
        ("rsv3", vec![0x91], protocol(0)),
        ("reserved data opcode", vec![0x83], protocol(0)),
        ("reserved control opcode", vec![0x8B], protocol(0)),
        ("unmasked", vec![0x81, 0x05], protocol(1)),
        ("fragmented ping", vec![0x09], protocol(0)),
        ("long ping", vec![0x89, 0xFE], protocol(1)),
        ("longer ping", vec![0x89, 0xFF], protocol(1)),
        ("continuation of nothing", vec![0x80], protocol(0)),
        ("message within a message", [frame(0x01, 1), frame(0x81, 1)].concat(), protocol(7)),
        ("over the frame limit", frame(0x82, 1_001), large(3)),
        ("2^40", [vec![0x82, 0xFF], (1_u64 << 40).to_be_bytes().to_vec()].concat(), large(9)),
        ("2^63 - 1", [vec![0x82, 0xFF], (u64::MAX >> 1).to_be_bytes().to_vec()].concat(), large(9)),
        ("2^63", [vec![0x82, 0xFF], (1_u64 << 63).to_be_bytes().to_vec()].concat(), protocol(2)),
        ("over the message limit", [frame(0x01, 1_000), frame(0x80, 501)].concat(), large(1_008 + 3)),
        ("too many fragments", [frame(0x01, 0), frame(0, 0), frame(0, 0), frame(0, 0)].concat(), large(19)),
        ("after good frames", [frame(0x81, 5), vec![0xF1]].concat(), protocol(11)),
    ];
    for (name, bytes, (at, kind)) in cases {
        let (where_, refusal) = verdict(&[&bytes]).expect_err(name);
        let seen = if refusal == Refusal::TooLarge { "large" } else { "protocol" };
        assert_eq!((where_, seen), (at, kind), "{name}");
    }
}

fn traffic() -> impl Strategy<Value = Vec<u8>> {
    let opcode =
        prop_oneof![8 => Just(0x81_u8), 3 => Just(0x01), 4 => Just(0x80), 2 => Just(0x89), 1 => any::<u8>()];
    let length = prop_oneof![8 => 0..130_usize, 1 => 900..1_100_usize, 1 => 65_530..65_540_usize];
    let good = (opcode, length).prop_map(|(first, length)| frame(first, length));
    let noise = proptest::collection::vec(any::<u8>(), 0..20);
    proptest::collection::vec(prop_oneof![9 => good, 1 => noise], 0..8).prop_map(|frames| frames.concat())
}

proptest! {
    #[test]
    fn chunks_do_not_change_the_verdict(bytes in traffic(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..10)) {
        let whole = verdict(&[&bytes]);
        prop_assert_eq!(verdict(&bytes.chunks(1).collect::<Vec<_>>()), whole);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let chunks: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
        prop_assert_eq!(verdict(&chunks), whole);
    }

    #[test]
    fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Err((at, _)) = verdict(&[&bytes]) {
            prop_assert!(at < bytes.len());
        }
    }
}
