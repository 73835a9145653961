//! What encrypts a connection and judges the server's certificate, by `sslmode`; rustls does the work.
//!
//! The provider is `ring`, named here and never installed for the whole process: the program may use another one.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::config::{Config, Roots, SslMode};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{
    WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::Path;
use std::sync::Arc;
use tokio_postgres::config::SslNegotiation;
use tokio_postgres_rustls::MakeRustlsConnect;

/// What secures connections with that `sslmode`. The authorities are read here, once for each pool.
///
/// # Errors
/// The authorities cannot be read, or there are none.
pub(crate) fn connector(config: &Config, mode: SslMode) -> Result<MakeRustlsConnect> {
    let provider = Arc::new(ring::default_provider());
    let algorithms = provider.signature_verification_algorithms;
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::new(ErrorKind::Tls, "could not set up TLS").because(error))?;
    let mut settings = match mode {
        SslMode::VerifyFull => builder.with_root_certificates(roots(config)?).with_no_client_auth(),
        SslMode::VerifyCa | SslMode::Require | SslMode::Prefer | SslMode::Disable => {
            let roots = if mode == SslMode::VerifyCa { Some(roots(config)?) } else { None };
            builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(AnyName { roots, algorithms }))
                .with_no_client_auth()
        }
    };
    if config.inner.get_ssl_negotiation() == SslNegotiation::Direct {
        // The server insists on it there (manual, section 54.2.11); elsewhere it says nothing.
        settings.alpn_protocols = vec![b"postgresql".to_vec()];
    }
    Ok(MakeRustlsConnect::new(settings))
}

fn roots(config: &Config) -> Result<RootCertStore> {
    match &config.ssl_roots {
        Some(Roots::File(file)) => roots_in(file),
        Some(Roots::System) | None => system_roots(),
    }
}

fn roots_in(file: &Path) -> Result<RootCertStore> {
    let place = file.display();
    let mut roots = RootCertStore::empty();
    let unread = |error: rustls::pki_types::pem::Error| {
        Error::new(
            ErrorKind::Config,
            format!("could not read the root certificates in {place}: {error}"),
        )
        .hint("`sslrootcert` is a file of certificates in PEM form, or `system`")
        .because(error)
    };
    for certificate in CertificateDer::pem_file_iter(file).map_err(unread)? {
        roots.add(certificate.map_err(unread)?).map_err(|error| {
            Error::new(
                ErrorKind::Config,
                format!("a certificate in {place} cannot be used: {error}"),
            )
            .because(error)
        })?;
    }
    if roots.is_empty() {
        return Err(Error::new(ErrorKind::Config, format!("there is no certificate in {place}"))
            .hint(
                "`sslrootcert` is a file of certificates in PEM form: -----BEGIN CERTIFICATE-----",
            ));
    }
    Ok(roots)
}

fn system_roots() -> Result<RootCertStore> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    // Certificates of the system that webpki cannot read are common and harmless: they vouch for nothing.
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let error =
            Error::new(ErrorKind::Tls, "no trusted root certificates were found on this system")
                .hint(
                    "install the package `ca-certificates`, or name a PEM file with `sslrootcert`",
                );
        return Err(match found.errors.into_iter().next() {
            Some(cause) => error.because(cause),
            None => error,
        });
    }
    Ok(roots)
}

/// Accepts a certificate for any host name: from these authorities, or from anybody where there are none.
/// In either case the server proves that it has the certificate's key.
#[derive(Debug)]
struct AnyName {
    roots: Option<RootCertStore>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if let Some(roots) = &self.roots {
            let certificate = ParsedCertificate::try_from(end_entity)?;
            verify_server_cert_signed_by_trust_anchor(
                &certificate,
                roots,
                intermediates,
                now,
                self.algorithms.all,
            )?;
        }
        Ok(ServerCertVerified::assertion())
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
    use rustls::CertificateError as Bad;
    let error = cause.downcast_ref::<rustls::Error>().or_else(|| {
        cause.downcast_ref::<std::io::Error>()?.get_ref()?.downcast_ref::<rustls::Error>()
    })?;
    let rustls::Error::InvalidCertificate(bad) = error else {
        return Some((
            format!("the TLS handshake failed: {error}"),
            "see the server's log for its side of it; PostgreSQL needs TLS 1.2 or newer to talk to this client",
        ));
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
        other => (
            format!("the server's certificate is not acceptable: {other}"),
            "a certificate that signs itself cannot be the server's and the authority's at once: make an \
             authority and sign a version 3 certificate with it",
        ),
    })
}
