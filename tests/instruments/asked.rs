//! What is asked for on the command line, and the line that asks for it again.

use crate::options::{Options, Size};

fn parse(line: &str) -> Result<Options, String> {
    Options::parse(line.split_whitespace().map(str::to_owned))
}

#[test]
fn nothing_asked_is_the_quick_run_of_everything() {
    let quick = Options { size: Size::Quick, seed: None, only: Vec::new(), list: false };
    for line in ["", "--quick", "--nocapture --test-threads 1 --color always"] {
        assert_eq!(parse(line), Ok(quick.clone()), "{line}");
    }
    assert!(quick.chooses("R1"));
}

#[test]
fn scenarios_are_chosen_by_their_ids() {
    for line in ["--only R1,R3", "r1 R3", "--only R1 R3"] {
        let options = parse(line).unwrap();
        assert_eq!(["R1", "R2", "R3"].map(|id| options.chooses(id)), [true, false, true], "{line}");
    }
}

#[test]
fn what_is_no_number_is_said() {
    for line in ["--scale", "--scale many", "--scale 0", "--scale 1.1", "--seed x", "--only"] {
        assert!(parse(line).is_err(), "{line}");
    }
}

#[test]
fn a_failing_bout_is_had_again_by_what_it_prints() {
    let quick = parse("").unwrap().replay("R1", 42);
    let again = parse(quick.split_once(" -- ").unwrap().1).unwrap();
    assert_eq!((again.size, again.seed, again.only), (Size::Quick, Some(42), vec!["R1".to_owned()]));
    let scaled = parse("--scale 0.1").unwrap().replay("R1", 42);
    assert_eq!(scaled, "make chaos SCALE=0.1 ONLY=R1 SEED=42");
}
