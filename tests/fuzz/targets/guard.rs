//! The frame guard against a decoder that has the whole stream before it (RFC 6455 §5.2).

use comanda::wire::guard::{Guard, Limits, Refusal};

/// Two bytes choose the limits, one the size of the chunks; what follows is what a peer sends.
pub fn run(bytes: &[u8]) {
    let [frame, message, chunk, stream @ ..] = bytes else { return };
    let limits = Limits {
        max_frame: u64::from(*frame) * 8,
        max_message: u64::from(*message) * 16,
        max_fragments: usize::from(frame ^ message) % 5 + 1,
    };
    let whole = guarded(stream, stream.len().max(1), limits);
    for size in [1, usize::from(*chunk).max(1)] {
        assert_eq!(guarded(stream, size, limits), whole, "in chunks of {size}");
    }
    let expected = reference(stream, limits);
    assert_eq!(whole.map_err(|(good, refusal)| (good, kind(refusal))), expected);
}

/// How far the guard lets the stream pass, and why no further.
fn guarded(stream: &[u8], size: usize, limits: Limits) -> Result<(), (usize, Refusal)> {
    let mut guard = Guard::new(limits);
    for (index, chunk) in stream.chunks(size).enumerate() {
        guard.check(chunk).map_err(|(good, refusal)| (index * size + good, refusal))?;
    }
    Ok(())
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Protocol,
    TooLarge,
}

fn kind(refusal: Refusal) -> Kind {
    match refusal {
        Refusal::Protocol(_) => Kind::Protocol,
        Refusal::TooLarge => Kind::TooLarge,
    }
}

/// Frame by frame: the byte at which a header turns out to be bad.
fn reference(stream: &[u8], limits: Limits) -> Result<(), (usize, Kind)> {
    let (mut at, mut open, mut frames, mut total) = (0_usize, false, 0, 0_u128);
    loop {
        let header = stream.get(at..).unwrap_or_default();
        let Some(&first) = header.first() else { return Ok(()) };
        let (fin, reserved, opcode) = (first & 0x80 != 0, first & 0x70, first & 0x0F);
        let legal = match opcode {
            0 => open,
            1 | 2 => !open,
            8..=10 => fin,
            _ => false,
        };
        if reserved != 0 || !legal {
            return Err((at, Kind::Protocol));
        }
        let Some(&second) = header.get(1) else { return Ok(()) };
        let (control, short) = (opcode >= 8, second & 0x7F);
        if second & 0x80 == 0 || control && short > 125 {
            return Err((at + 1, Kind::Protocol));
        }
        let wide = match short {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        if wide == 8 && header.get(2).is_some_and(|top| top & 0x80 != 0) {
            return Err((at + 2, Kind::Protocol));
        }
        let Some(digits) = header.get(2..2 + wide) else { return Ok(()) };
        let length = match wide {
            0 => u128::from(short),
            _ => digits.iter().fold(0, |length, &digit| length << 8 | u128::from(digit)),
        };
        if !control {
            (frames, total) = (frames + 1, total + length);
            let within = length <= limits.max_frame.into() && total <= limits.max_message.into();
            if !within || frames > limits.max_fragments {
                return Err((at + 1 + wide, Kind::TooLarge));
            }
            open = !fin;
            if fin {
                (frames, total) = (0, 0);
            }
        }
        let Ok(length) = usize::try_from(length) else { return Ok(()) };
        at = at.saturating_add(2 + wide + 4).saturating_add(length);
    }
}
