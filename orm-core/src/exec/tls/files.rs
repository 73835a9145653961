//! Reads the PEM files that TLS is set up with.
//!
//! Errors name the file and its parameter. They show nothing that a file holds: the wrong file may be a private key.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::config::ClientCertificate;
use rustls::RootCertStore;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::Path;

/// What a file is for.
struct Purpose {
    /// What it holds, for messages.
    what: &'static str,
    /// One of them.
    one: &'static str,
    /// What its parameter takes.
    hint: &'static str,
}

const ROOTS: Purpose = Purpose {
    what: "root certificates",
    one: "certificate",
    hint: "`sslrootcert` is a file of certificates in PEM form (-----BEGIN CERTIFICATE-----), or `system`",
};
const CLIENT: Purpose = Purpose {
    what: "client certificate",
    one: "certificate",
    hint: "`sslcert` is a file with the client's certificate in PEM form: -----BEGIN CERTIFICATE-----",
};
const KEY: Purpose = Purpose {
    what: "private key",
    one: "private key",
    hint: "`sslkey` is a file with the private key of `sslcert` in PEM form: -----BEGIN PRIVATE KEY-----",
};
const LISTS: Purpose = Purpose {
    what: "certificate revocation lists",
    one: "certificate revocation list",
    hint: "`sslcrl` is a file of certificate revocation lists in PEM form: -----BEGIN X509 CRL-----",
};

impl Purpose {
    fn error(&self, message: String) -> Error {
        Error::new(ErrorKind::Config, message).with_hint(self.hint)
    }

    fn unread(&self, file: &Path, error: io::Error) -> Error {
        let message = format!("could not read the {} in {}: {error}", self.what, file.display());
        self.error(message).with_source(error)
    }

    fn malformed(&self, file: &Path, error: pem::Error) -> Error {
        match error {
            pem::Error::Io(error) => self.unread(file, error),
            pem::Error::NoItemsFound => self.missing(file),
            // The others quote the line.
            _ => self.error(format!(
                "could not read the {} in {}: it is not well-formed PEM",
                self.what,
                file.display()
            )),
        }
    }

    fn missing(&self, file: &Path) -> Error {
        self.error(format!("there is no {} in {}", self.one, file.display()))
    }

    /// What the file holds of that type; at least one.
    fn all<T: PemObject>(&self, file: &Path) -> Result<Vec<T>> {
        let found = T::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let found = found.map_err(|error| self.malformed(file, error))?;
        if found.is_empty() { Err(self.missing(file)) } else { Ok(found) }
    }
}

/// The authorities in that file.
pub(super) fn roots(file: &Path) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in ROOTS.all::<CertificateDer<'_>>(file)? {
        roots.add(certificate).map_err(|error| {
            ROOTS
                .error(format!("a certificate in {} cannot be used: {error}", file.display()))
                .with_source(error)
        })?;
    }
    Ok(roots)
}

/// The revocation lists in that file.
pub(super) fn revocation_lists(file: &Path) -> Result<Vec<CertificateRevocationListDer<'static>>> {
    LISTS.all(file)
}

/// The client's certificates and key.
pub(super) fn client(
    files: &ClientCertificate,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    Ok((CLIENT.all(&files.certificate)?, key(&files.key)?))
}

/// Why rustls does not take that certificate and key.
pub(super) fn unusable(files: &ClientCertificate, error: rustls::Error) -> Error {
    let (certificate, key) = (files.certificate.display(), files.key.display());
    let (message, hint) = match &error {
        rustls::Error::InconsistentKeys(_) => (
            format!("the private key in {key} is not the key of the certificate in {certificate}"),
            "`sslkey` names the key that the certificate of `sslcert` was made for; the client's own certificate is the \
             first in its file",
        ),
        _ => (
            format!(
                "the certificate in {certificate} and the private key in {key} cannot be used: {error}"
            ),
            "`sslcert` takes a certificate of version 3, `sslkey` an RSA, ECDSA (P-256, P-384) or Ed25519 key",
        ),
    };
    Error::new(ErrorKind::Config, message).with_hint(hint).with_source(error)
}

fn key(file: &Path) -> Result<PrivateKeyDer<'static>> {
    let unread = |error| KEY.unread(file, error);
    let mut opened = File::open(file).map_err(unread)?;
    is_private(file, &opened.metadata().map_err(unread)?)?;
    let mut text = Vec::new();
    opened.read_to_end(&mut text).map_err(unread)?;
    // By a section of its own, and as OpenSSL wrote keys before 1.0.
    let shown = String::from_utf8_lossy(&text);
    if shown.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
        || shown.contains("Proc-Type: 4,ENCRYPTED")
    {
        let message = format!("the private key in {} is encrypted", file.display());
        return Err(Error::new(ErrorKind::Config, message).with_hint(
            "encrypted keys are not supported: decrypt it (openssl pkey -in client.key -out plain.key), protect the file \
             by its permissions (chmod 600), and name it with `sslkey`",
        ));
    }
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| KEY.malformed(file, error))
}

/// As libpq (manual, section 34.19.2): only the owner has access, or root owns the file and a group may read it.
#[cfg(unix)]
fn is_private(file: &Path, metadata: &Metadata) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    if !metadata.is_file() {
        return Err(KEY.error(format!("the private key {} is not a regular file", file.display())));
    }
    let mode = metadata.mode() & 0o777;
    let too_open = if metadata.uid() == 0 { 0o037 } else { 0o077 };
    if mode & too_open == 0 {
        return Ok(());
    }
    let message = format!(
        "the private key in {} can be used by others: its permissions are {mode:04o}",
        file.display()
    );
    Err(Error::new(ErrorKind::Config, message).with_hint(
        "chmod 600 the file that `sslkey` names; a file of root's may be readable for its group too (0640)",
    ))
}

#[cfg(not(unix))]
fn is_private(_file: &Path, _metadata: &Metadata) -> Result<()> {
    Ok(())
}
