//! The certificate and its key: read once before anything starts, so that a wrong file is a mistake in the settings.

use crate::config::{Mistake, sections::Tls};
use rustls::{
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject},
    sign::CertifiedKey,
};
use std::{fmt, path::Path};

/// Both or neither, each of them PEM, and the key of a kind we can sign with and that certificate's own.
pub fn check(tls: &Tls) -> Result<(), Mistake> {
    let (cert, key) = match (&tls.cert, &tls.key) {
        (None, None) => return Ok(()),
        (Some(_), None) => return Err(Mistake::about("tls.key", "it is not set, and tls.cert is", None)),
        (None, Some(_)) => return Err(Mistake::about("tls.cert", "it is not set, and tls.key is", None)),
        (Some(cert), Some(key)) => (cert, key),
    };
    let chain = CertificateDer::pem_file_iter(cert).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|error| unreadable("tls.cert", cert, "certificate", &error))?;
    if chain.is_empty() {
        return Err(unusable("tls.cert", cert, &"there is no certificate in it"));
    }
    let private = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| unreadable("tls.key", key, "private key", &error))?;
    CertifiedKey::from_der(chain, private, &ring::default_provider()).map(drop).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => unusable(
            "tls.key",
            key,
            &format_args!("it is not the key of the certificate in {}", cert.display()),
        ),
        rustls::Error::InvalidCertificate(_) => unusable("tls.cert", cert, &error),
        error => unusable("tls.key", key, &error),
    })
}

/// The error says which byte of a line is wrong; what the file should have been says more.
fn unreadable(setting: &str, path: &Path, wanted: &str, error: &pem::Error) -> Mistake {
    match error {
        pem::Error::Io(error) => unusable(setting, path, error),
        _ => unusable(setting, path, &format_args!("it is no PEM file with a {wanted}")),
    }
}

fn unusable(setting: &str, path: &Path, what: &dyn fmt::Display) -> Mistake {
    Mistake::about(setting, format_args!("{} cannot be used: {what}", path.display()), None)
}
