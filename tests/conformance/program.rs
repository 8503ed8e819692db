//! The example as a program: what it says of a bad port, of a taken one, of itself.

use crate::example::{Example, program};
use std::{
    net::TcpListener,
    process::{Command, Output},
};

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let program = program();
    let Output { status, stdout, stderr } = Command::new(&program)
        .args(arguments)
        .env_clear()
        .current_dir(program.parent().unwrap())
        .output()
        .expect("the example starts");
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_bad_port_is_a_clear_error() {
    for port in ["x", "65536", "-1", "", "3000x"] {
        let (code, _, says) = run(&[&format!("--port={port}")]);
        assert_eq!(code, Some(2), "{says}");
        assert!(says.contains("--port"), "{says}");
    }
    let (code, _, says) = run(&["--prot", "3000"]);
    assert_eq!(code, Some(2), "{says}");
    assert!(says.contains("--prot"), "{says}");
}

#[test]
fn a_taken_port_is_a_clear_error() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let (code, _, says) = run(&["--port", &address.port().to_string()]);
    assert_eq!(code, Some(1), "{says}");
    assert!(says.starts_with(&format!("error: cannot listen on {address}: ")), "{says}");
    assert_eq!(says.lines().count(), 1, "{says}");
}

#[test]
fn it_says_what_it_is() {
    let (code, says, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    assert!(says.contains("conformance") && says.contains("--port"), "{says}");
}

/// Nothing is stored and no other site's page is kept out: any origin may come, on every path.
#[tokio::test]
async fn any_origin_may_come() {
    let example = Example::shared();
    for path in ["/engine.io/", "/socket.io/"] {
        let url = example.url(path, "EIO=4&transport=polling");
        let request = reqwest::Client::new().get(url).header("origin", "http://anywhere.example");
        assert_eq!(request.send().await.unwrap().status().as_u16(), 200, "{path}");
    }
}
