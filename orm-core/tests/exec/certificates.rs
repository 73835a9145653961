//! Client certificates and revocation lists: the authority, the server's and the clients' certificates are made here.

use crate::server::{Server, has_tls};
use crate::tls::{Authority, authority, certify};
use orm_core::exec::{Config, Connection};
use orm_core::{Error, ErrorKind};
use rcgen::{
    CertificateParams, CertificateRevocationListParams, DnType, ExtendedKeyUsagePurpose,
    KeyIdMethod, KeyPair, RevokedCertParams, SerialNumber, date_time_ymd,
};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The serial number of the server's certificate.
const SERIAL: u64 = 4711;

/// A server that asks the role `by_certificate` for a certificate, and a folder of certificates for its clients.
struct Checked {
    server: Server,
    /// `root.crt`; `<name>.crt` and `<name>.key` for clients; `revoked.crl` ..
    folder: tempfile::TempDir,
    ours: Authority,
}

impl Checked {
    fn start(version: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let ours = authority("ours");
        let other = authority("another");
        std::fs::write(folder.path().join("root.crt"), ours.pem()).expect("a file");
        client(folder.path(), "by_certificate", "by_certificate", &ours);
        client(folder.path(), "ada", "ada", &ours);
        client(folder.path(), "stranger", "by_certificate", &other);
        let server = Server::start(|data| {
            std::fs::write(data.join("root.crt"), ours.pem()).expect("a file");
            let hba = std::fs::read_to_string(data.join("pg_hba.conf")).expect("pg_hba.conf");
            let first = "hostssl all by_certificate 127.0.0.1/32 cert\nhostnossl all by_certificate all reject\n";
            std::fs::write(data.join("pg_hba.conf"), format!("{first}{hba}")).expect("pg_hba.conf");
            let ssl = certify(data, &ours, |params| params.serial_number = Some(SERIAL.into()));
            format!("{ssl}\nssl_ca_file = 'root.crt'\nssl_max_protocol_version = '{version}'")
        });
        Self { server, folder, ours }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A URL of the role that needs a certificate.
    fn url(&self, parameters: &str) -> String {
        format!("postgres://by_certificate@localhost:{}/postgres?{parameters}", self.server.port)
    }

    /// `sslcert` and `sslkey` of that client.
    fn shows(&self, name: &str) -> String {
        let (certificate, key) =
            (self.file(&format!("{name}.crt")), self.file(&format!("{name}.key")));
        format!("sslcert={}&sslkey={}", certificate.display(), key.display())
    }

    /// `sslmode` and `sslrootcert`.
    fn mode(&self, mode: &str) -> String {
        format!("sslmode={mode}&sslrootcert={}", self.file("root.crt").display())
    }

    async fn role(&self) {
        let url =
            format!("postgres://postgres@localhost:{}/postgres?sslmode=require", self.server.port);
        let admin =
            Connection::connect(&Config::from_url(&url).expect("settings")).await.expect("let in");
        admin
            .batch_execute("DO $$ BEGIN CREATE ROLE by_certificate LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN END $$")
            .await
            .expect("a role");
    }
}

fn checked() -> &'static Checked {
    static CHECKED: OnceLock<Checked> = OnceLock::new();
    CHECKED.get_or_init(|| Checked::start("TLSv1.3"))
}

/// Writes a certificate for the user `name`, and its key.
fn client(folder: &Path, file: &str, name: &str, authority: &Authority) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
    let certificate = params.signed_by(&key, authority).expect("a certificate");
    std::fs::write(folder.join(format!("{file}.crt")), certificate.pem()).expect("a file");
    write_key(&folder.join(format!("{file}.key")), &key.serialize_pem(), 0o600);
}

fn write_key(file: &Path, text: &str, mode: u32) {
    std::fs::write(file, text).expect("a file");
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).expect("permissions");
}

/// A list of that authority, which revokes the certificates with these serial numbers.
fn list(authority: &Authority, serials: &[u64], next_year: i32) -> String {
    let revoked = |serial: &u64| RevokedCertParams {
        serial_number: SerialNumber::from(*serial),
        revocation_time: date_time_ymd(2001, 1, 1),
        reason_code: None,
        invalidity_date: None,
    };
    let params = CertificateRevocationListParams {
        this_update: date_time_ymd(2001, 1, 1),
        next_update: date_time_ymd(next_year, 1, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: serials.iter().map(revoked).collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    params.signed_by(authority).expect("a list").pem().expect("PEM")
}

/// Connects; the user that the server takes us for.
async fn user(url: &str) -> orm_core::Result<String> {
    let connection = Connection::connect(&Config::from_url(url)?).await?;
    let rows =
        connection.query::<orm_core::exec::DriverRow>("SELECT current_user::text", &[]).await?;
    Ok(rows[0].get(0))
}

#[track_caller]
fn failure(url: String) -> impl Future<Output = Error> {
    let place = std::panic::Location::caller();
    async move {
        let Err(error) = user(&url).await else { panic!("{place}: let in: {url}") };
        assert!(error.hint().is_some(), "{place}: no hint: {error}");
        error
    }
}

#[tokio::test]
async fn a_client_certificate_lets_its_user_in_in_every_mode_with_tls() {
    if !has_tls() {
        return;
    }
    let checked = checked();
    checked.role().await;
    for mode in ["prefer", "require", "verify-ca", "verify-full"] {
        let url =
            checked.url(&format!("{}&{}", checked.mode(mode), checked.shows("by_certificate")));
        assert_eq!(user(&url).await.expect("let in"), "by_certificate", "{mode}");
    }
    let config = Config::builder()
        .url(checked.url("sslmode=verify-full"))
        .ssl_root_cert(checked.file("root.crt"))
        .ssl_client_cert(checked.file("by_certificate.crt"), checked.file("by_certificate.key"))
        .build()
        .expect("settings");
    Connection::connect(&config).await.expect("let in");
}

#[tokio::test]
async fn without_a_client_certificate_the_error_says_so_and_how_to_give_one() {
    if !has_tls() {
        return;
    }
    let checked = checked();
    checked.role().await;
    for mode in ["prefer", "verify-full"] {
        let error = failure(checked.url(&checked.mode(mode))).await;
        assert_eq!(error.kind(), ErrorKind::Authentication, "{error}");
        assert!(
            error.to_string().contains("connection requires a valid client certificate"),
            "{error}"
        );
        assert!(error.hint().is_some_and(|hint| hint.contains("sslcert and sslkey")), "{error:?}");
        assert_eq!(error.sqlstate(), Some("28000"));
    }
}

#[tokio::test]
async fn the_certificate_of_another_user_is_refused_and_the_hint_names_its_common_name() {
    if !has_tls() {
        return;
    }
    let checked = checked();
    checked.role().await;
    let error =
        failure(checked.url(&format!("{}&{}", checked.mode("verify-full"), checked.shows("ada"))))
            .await;
    assert_eq!(error.kind(), ErrorKind::Authentication, "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("common name")), "{error:?}");
}

#[tokio::test]
async fn a_certificate_that_the_server_does_not_trust_is_refused_as_that() {
    if !has_tls() {
        return;
    }
    // In TLS 1.3 the server's answer comes when the client has already gone on, and may be lost.
    let checked = Checked::start("TLSv1.2");
    checked.role().await;
    let url =
        checked.url(&format!("{}&{}", checked.mode("verify-full"), checked.shows("stranger")));
    // In TLS 1.2 it is lost where the server closes the socket while the client still writes.
    let mut errors = Vec::new();
    for _ in 0..10 {
        let error = failure(url.clone()).await;
        assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
        errors.push(error.to_string());
    }
    let is_named = |error: &String| {
        error.contains("the server does not accept the client's certificate (UnknownCA)")
    };
    assert!(errors.iter().any(is_named), "{errors:?}");
    let url = checked.url(&format!(
        "{}&{}",
        checked.mode("verify-full"),
        checked.shows("by_certificate")
    ));
    assert_eq!(user(&url).await.expect("let in"), "by_certificate");
}

#[tokio::test]
async fn a_file_that_does_not_hold_what_it_should_is_named_with_its_parameter() {
    if !has_tls() {
        return;
    }
    let checked = checked();
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let file = folder.path().join(name);
        write_key(&file, text, 0o600);
        file
    };
    let good = |name: &str| std::fs::read_to_string(checked.file(name)).expect("a file");
    let certificate = file("good.crt", &good("by_certificate.crt"));
    let key = file("good.key", &good("by_certificate.key"));
    let other_key = file("ada.key", &good("ada.key"));
    let one_line = file("line.pem", &good("by_certificate.key").replace('\n', ""));
    let secret = good("by_certificate.key");
    let secret = secret.lines().nth(1).expect("a line of the key");
    let encrypted = file(
        "encrypted.key",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
    );
    let old = file(
        "old.key",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
    );
    let missing = folder.path().join("missing");
    for (certificate, key, message, parameter) in [
        (&missing, &key, "could not read the client certificate in ", "`sslcert`"),
        (&certificate, &missing, "could not read the private key in ", "`sslkey`"),
        (&key, &key, "there is no certificate in ", "`sslcert`"),
        (&certificate, &certificate, "there is no private key in ", "`sslkey`"),
        (&one_line, &key, "could not read the client certificate in ", "`sslcert`"),
        (&certificate, &one_line, "could not read the private key in ", "`sslkey`"),
        (&certificate, &other_key, "the private key in ", "`sslkey`"),
        (&certificate, &encrypted, "the private key in ", "`sslkey`"),
        (&certificate, &old, "the private key in ", "`sslkey`"),
    ] {
        let parameters =
            format!("sslmode=require&sslcert={}&sslkey={}", certificate.display(), key.display());
        let error = failure(checked.url(&parameters)).await;
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
        let text = error.to_string();
        assert!(text.starts_with(message), "{text}");
        let named =
            [certificate, key].into_iter().any(|file| text.contains(&file.display().to_string()));
        assert!(named && error.hint().is_some_and(|hint| hint.contains(parameter)), "{error:?}");
        let mut shown = format!("{error:?}");
        let mut cause = std::error::Error::source(&error);
        while let Some(deeper) = cause {
            shown += &format!("{deeper}{deeper:?}");
            cause = deeper.source();
        }
        assert!(!shown.contains(secret), "a private key is shown: {shown}");
    }
    let error = failure(checked.url(&format!(
        "sslmode=require&sslcert={}&sslkey={}",
        certificate.display(),
        encrypted.display()
    )))
    .await;
    assert!(error.to_string().ends_with("encrypted.key is encrypted"), "{error}");
    let error = failure(checked.url(&format!(
        "{}&sslcrl={}",
        checked.mode("verify-ca"),
        missing.display()
    )))
    .await;
    assert!(
        error.to_string().starts_with("could not read the certificate revocation lists in "),
        "{error}"
    );
    assert!(error.hint().is_some_and(|hint| hint.contains("`sslcrl`")), "{error:?}");
}

#[tokio::test]
async fn a_private_key_that_others_can_use_is_refused_as_by_libpq() {
    if !has_tls() {
        return;
    }
    let checked = checked();
    checked.role().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("client.key");
    std::fs::copy(checked.file("by_certificate.key"), &file).expect("a copy");
    let is_roots =
        std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(&file).expect("a file")) == 0;
    let certificate = checked.file("by_certificate.crt");
    let url = checked.url(&format!(
        "sslmode=require&sslcert={}&sslkey={}",
        certificate.display(),
        file.display()
    ));
    for (mode, accepted) in [
        (0o600, true),
        (0o400, true),
        (0o640, is_roots),
        (0o660, false),
        (0o604, false),
        (0o644, false),
        (0o610, false),
    ] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode))
            .expect("permissions");
        if accepted {
            user(&url).await.expect("let in");
            continue;
        }
        let error = failure(url.clone()).await;
        let expected = format!(
            "the private key in {} can be used by others: its permissions are {mode:04o}",
            file.display()
        );
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn a_revoked_server_certificate_is_refused_by_both_verifying_modes() {
    if !has_tls() {
        return;
    }
    let checked = checked();
    let file = checked.file("revoked.crl");
    // The list that counts need not be the only one, nor the first.
    let lists = list(&authority("another"), &[1], 2900) + &list(&checked.ours, &[1, SERIAL], 2900);
    std::fs::write(&file, lists).expect("a file");
    for (mode, host) in
        [("verify-full", "localhost"), ("verify-ca", "localhost"), ("verify-ca", "127.0.0.1")]
    {
        let port = checked.server.port;
        let parameters = format!("{}&sslcrl={}", checked.mode(mode), file.display());
        let error =
            failure(format!("postgres://postgres@{host}:{port}/postgres?{parameters}")).await;
        assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
        assert!(error.to_string().contains("has been revoked"), "{error}");
    }
}

#[tokio::test]
async fn a_list_that_does_not_revoke_the_certificate_lets_the_server_be_used() {
    if !has_tls() {
        return;
    }
    let checked = checked();
    let port = checked.server.port;
    let lists = [
        ("others.crl", list(&checked.ours, &[1, 2], 2900)),
        ("empty.crl", list(&checked.ours, &[], 2900)),
        // The same serial number, of another authority; expired, which is nothing to this certificate.
        ("stranger.crl", list(&authority("another"), &[SERIAL], 2900)),
        ("expired_stranger.crl", list(&authority("another"), &[SERIAL], 2002)),
    ];
    for (name, text) in lists {
        std::fs::write(checked.file(name), text).expect("a file");
        for (mode, host) in [("verify-full", "localhost"), ("verify-ca", "127.0.0.1")] {
            let parameters =
                format!("{}&sslcrl={}", checked.mode(mode), checked.file(name).display());
            let url = format!("postgres://postgres@{host}:{port}/postgres?{parameters}");
            assert_eq!(user(&url).await.expect(name), "postgres");
        }
    }
}

#[tokio::test]
async fn an_expired_list_of_the_servers_authority_is_refused() {
    if !has_tls() {
        return;
    }
    let checked = checked();
    let file = checked.file("expired.crl");
    std::fs::write(&file, list(&checked.ours, &[], 2002)).expect("a file");
    let port = checked.server.port;
    let parameters = format!("{}&sslcrl={}", checked.mode("verify-full"), file.display());
    let error =
        failure(format!("postgres://postgres@localhost:{port}/postgres?{parameters}")).await;
    assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
    assert!(error.to_string().contains("the certificate revocation list has expired"), "{error}");
}

#[tokio::test]
async fn a_broken_list_is_refused_with_its_file() {
    if !has_tls() {
        return;
    }
    let checked = checked();
    let file = checked.file("broken.crl");
    std::fs::write(&file, "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")
        .expect("a file");
    let parameters = format!("{}&sslcrl={}", checked.mode("verify-full"), file.display());
    let error = failure(checked.url(&parameters)).await;
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    let message = format!("a certificate revocation list in {} cannot be used", file.display());
    assert!(error.to_string().starts_with(&message), "{error}");
}
