//! What encrypts a connection and judges the server's certificate, by `sslmode`; rustls does the work.
//!
//! The provider is `ring`, named here and never installed for the whole process: the program may use another one.

mod files;

use crate::error::{Error, ErrorKind, Result};
use crate::exec::config::{Config, Roots, SslMode};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore,
    SignatureScheme,
};
use std::sync::Arc;
use tokio_postgres::config::SslNegotiation;
use tokio_postgres_rustls::MakeRustlsConnect;

/// What secures connections with that `sslmode`. The files are read here, once for each pool.
///
/// # Errors
/// A file cannot be read or does not hold what it should, or there are no authorities.
pub(crate) fn connector(config: &Config, mode: SslMode) -> Result<MakeRustlsConnect> {
    let provider = Arc::new(ring::default_provider());
    let algorithms = provider.signature_verification_algorithms;
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(ErrorKind::Tls, "could not set up TLS").with_source(error))?;
    let builder = match mode {
        SslMode::VerifyFull => builder.with_webpki_verifier(verifier(config, provider)?),
        SslMode::VerifyCa | SslMode::Require | SslMode::Prefer | SslMode::Disable => {
            let chain = match mode {
                SslMode::VerifyCa => Some(verifier(config, provider)?),
                _ => None,
            };
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AnyName { chain, algorithms }))
        }
    };
    let mut settings = match &config.ssl_client {
        Some(client) => {
            let (chain, key) = files::client(client)?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| files::unusable(client, error))?
        }
        None => builder.with_no_client_auth(),
    };
    if config.inner.get_ssl_negotiation() == SslNegotiation::Direct {
        // The server insists on it there (manual, section 54.2.11); elsewhere it says nothing.
        settings.alpn_protocols = vec![b"postgresql".to_vec()];
    }
    Ok(MakeRustlsConnect::new(settings))
}

/// What judges a certificate by the authorities and revocation lists of the settings.
fn verifier(config: &Config, provider: Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>> {
    let roots = Arc::new(roots(config)?);
    let mut builder = WebPkiServerVerifier::builder_with_provider(roots, provider);
    if let Some(file) = &config.ssl_crl {
        // An authority without a list has revoked nothing; OpenSSL accepts no expired list either.
        builder = builder
            .with_crls(files::revocation_lists(file)?)
            .allow_unknown_revocation_status()
            .enforce_revocation_expiration();
    }
    builder.build().map_err(|error| {
        let place = config.ssl_crl.iter().map(|file| format!(" in {}", file.display()));
        let place = place.collect::<String>();
        Error::new(
            ErrorKind::Config,
            format!("a certificate revocation list{place} cannot be used: {error}"),
        )
        .with_hint("`sslcrl` is a file of revocation lists (version 2) in PEM form")
        .with_source(error)
    })
}

fn roots(config: &Config) -> Result<RootCertStore> {
    match &config.ssl_roots {
        Some(Roots::File(file)) => files::roots(file),
        Some(Roots::System) | None => system_roots(),
    }
}

fn system_roots() -> Result<RootCertStore> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    // Certificates of the system that webpki cannot read are common and harmless: they vouch for nothing.
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let error =
            Error::new(ErrorKind::Tls, "no trusted root certificates were found on this system")
                .with_hint(
                    "install the package `ca-certificates`, or name a PEM file with `sslrootcert`",
                );
        return Err(match found.errors.into_iter().next() {
            Some(cause) => error.with_source(cause),
            None => error,
        });
    }
    Ok(roots)
}

/// Accepts a certificate for any host name: from these authorities, or from anybody where there are none.
/// In either case the server proves that it has the certificate's key.
#[derive(Debug)]
struct AnyName {
    chain: Option<Arc<WebPkiServerVerifier>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        use CertificateError::{NotValidForName, NotValidForNameContext};
        let Some(chain) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        match chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            // The name is compared last: all else is as it should be.
            Err(rustls::Error::InvalidCertificate(
                NotValidForName | NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            answer => answer,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// What the handshake failed on, and what to do, out of the driver's error; none when it was not about TLS.
pub(crate) fn explained(
    cause: &(dyn std::error::Error + 'static),
) -> Option<(String, &'static str)> {
    use CertificateError as Bad;
    let error = cause.downcast_ref::<rustls::Error>().or_else(|| {
        cause.downcast_ref::<std::io::Error>()?.get_ref()?.downcast_ref::<rustls::Error>()
    })?;
    let bad = match error {
        rustls::Error::InvalidCertificate(bad) => bad,
        rustls::Error::AlertReceived(alert) if is_about_certificate(*alert) => {
            return Some((
                format!("the server does not accept the client's certificate ({alert:?})"),
                "`sslcert` names a certificate for clients that an authority in the server's `ssl_ca_file` has signed, \
                 and that has neither expired nor been revoked; see the server's log",
            ));
        }
        rustls::Error::InvalidCertRevocationList(list) => {
            return Some((
                format!("a certificate revocation list cannot be used ({list:?})"),
                "write the lists of the server's authorities, as they publish them, into the file that `sslcrl` names",
            ));
        }
        _ => {
            return Some((
                format!("the TLS handshake failed: {error}"),
                "see the server's log for its side of it; PostgreSQL needs TLS 1.2 or newer to talk to this client",
            ));
        }
    };
    Some(match bad {
        Bad::UnknownIssuer => (
            "the server's certificate comes from an authority that is not trusted".to_owned(),
            "name the authority's certificate: sslrootcert=/path/to/root.crt",
        ),
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => (
            format!("the server's certificate is for another host ({bad})"),
            "connect by the name in the certificate's subject alternative names; sslmode=verify-ca leaves the name \
             unchecked",
        ),
        Bad::Expired | Bad::ExpiredContext { .. } => (
            format!("the server's certificate has expired ({bad})"),
            "renew the server's certificate, and look at this machine's clock",
        ),
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => (
            format!("the server's certificate is not valid yet ({bad})"),
            "look at this machine's clock and the server's certificate",
        ),
        Bad::Revoked => (
            "the server's certificate, or that of an authority between it and the trusted one, has been revoked"
                .to_owned(),
            "give the server a new certificate: others may have the key of this one. The list that revokes it is in the \
             file that `sslcrl` names",
        ),
        Bad::ExpiredRevocationList | Bad::ExpiredRevocationListContext { .. } => (
            format!("the certificate revocation list has expired ({bad})"),
            "write the authority's current list into the file that `sslcrl` names",
        ),
        other => (
            format!("the server's certificate is not acceptable: {other}"),
            "a certificate that signs itself cannot be the server's and the authority's at once: make an \
             authority and sign a version 3 certificate with it",
        ),
    })
}

/// Whether the other side ends the handshake because of our certificate.
fn is_about_certificate(alert: AlertDescription) -> bool {
    use AlertDescription as Alert;
    matches!(
        alert,
        Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::CertificateRequired
            | Alert::UnknownCA
    )
}
