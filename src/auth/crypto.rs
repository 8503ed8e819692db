//! The cryptography behind `jsonwebtoken`: HS256 on `ring`, every other algorithm refused.

use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result, new_error},
    signature::{Error as SignatureError, Signer, Verifier},
};
use ring::hmac;

/// `jsonwebtoken` takes its cryptography from one place per process.
static PROVIDER: CryptoProvider =
    CryptoProvider { signer_factory: signer, verifier_factory: verifier, key_utils: NO_KEY_UTILS };

/// Keys in JWK form are not used here; the crate's own placeholder panics, this one refuses.
const NO_KEY_UTILS: KeyUtils = KeyUtils {
    rsa_pub_components_from_private_key: |_| Err(new_error(ErrorKind::UnsupportedAlgorithm)),
    rsa_pub_components_from_public_key: |_| Err(new_error(ErrorKind::UnsupportedAlgorithm)),
    ec_pub_components_from_private_key: |_, _| Err(new_error(ErrorKind::UnsupportedAlgorithm)),
    ed_pub_components_from_private_key: |_, _| Err(new_error(ErrorKind::UnsupportedAlgorithm)),
    compute_digest: |_, _| Err(new_error(ErrorKind::UnsupportedAlgorithm)),
};

/// Makes this provider the process's; harmless when called again.
pub(super) fn install() {
    // The error says that one is installed already; nothing else in this program installs another.
    let _ = PROVIDER.install_default();
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    match (algorithm, key.family()) {
        (Algorithm::HS256, AlgorithmFamily::Hmac) => {
            Ok(Box::new(Hs256(hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()))))
        }
        (Algorithm::HS256, _) => Err(new_error(ErrorKind::InvalidKeyFormat)),
        _ => Err(new_error(ErrorKind::UnsupportedAlgorithm)),
    }
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    match (algorithm, key.family()) {
        (Algorithm::HS256, AlgorithmFamily::Hmac) => {
            Ok(Box::new(Hs256(hmac::Key::new(hmac::HMAC_SHA256, key.try_get_as_bytes()?))))
        }
        (Algorithm::HS256, _) => Err(new_error(ErrorKind::InvalidKeyFormat)),
        _ => Err(new_error(ErrorKind::UnsupportedAlgorithm)),
    }
}

/// HMAC with SHA-256 (RFC 7518 §3.2); `ring` compares in constant time.
struct Hs256(hmac::Key);

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, SignatureError> {
        Ok(hmac::sign(&self.0, message).as_ref().to_vec())
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), SignatureError> {
        hmac::verify(&self.0, message, signature).map_err(|_| SignatureError::new())
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::crypto::{sign, verify};
    use ring::{
        rand::SystemRandom,
        signature::{Ed25519KeyPair, KeyPair},
    };

    /// RFC 7515 appendix A.1: the standard's own HS256 example.
    #[test]
    fn hs256_agrees_with_the_standards_example() {
        install();
        let secret =
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow==";
        let message = b"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
            eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let expected = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let key = EncodingKey::from_urlsafe_base64_secret(secret).unwrap();
        assert_eq!(sign(message, &key, Algorithm::HS256).unwrap(), expected);
        let key = DecodingKey::from_secret(key.as_bytes());
        assert!(verify(expected, message, &key, Algorithm::HS256).unwrap());
        assert!(!verify(expected, &message[1..], &key, Algorithm::HS256).unwrap());
    }

    /// Algorithm confusion: a public key as an HMAC secret, another algorithm with our secret.
    #[test]
    fn no_key_serves_another_algorithm() {
        install();
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let public = Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap().public_key().as_ref().to_vec();
        let secret = DecodingKey::from_secret(&public);
        let ours = EncodingKey::from_secret(&public);
        let signature = sign(b"message", &ours, Algorithm::HS256).unwrap();
        assert!(verify(&signature, b"message", &secret, Algorithm::HS256).unwrap());

        assert!(
            verify(&signature, b"message", &DecodingKey::from_ed_der(&public), Algorithm::HS256).is_err()
        );
        assert!(
            sign(b"message", &EncodingKey::from_ed_der(document.as_ref()), Algorithm::HS256).is_err(),
            "a private key is no secret"
        );
        let others =
            [Algorithm::HS384, Algorithm::HS512, Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
        for other in others {
            assert!(verify(&signature, b"message", &secret, other).is_err(), "{other:?}");
            assert!(sign(b"message", &ours, other).is_err(), "{other:?}");
        }
    }
}
