use crate::server::{Server, has_tls};
use orm_core::ErrorKind;
use orm_core::exec::{Config, Connection, Profile};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A server with TLS whose certificate names `localhost` and not 127.0.0.1, and the authority that signed it.
struct Secured {
    server: Server,
    /// The authority's certificate.
    root: PathBuf,
    /// The certificate of an authority that has nothing to do with it.
    stranger: PathBuf,
    _folder: tempfile::TempDir,
}

pub(crate) type Authority = CertifiedIssuer<'static, KeyPair>;

pub(crate) fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

/// Puts a key and a certificate for `localhost` into the data folder; gives the lines of configuration.
pub(crate) fn certify(
    data: &Path,
    authority: &Authority,
    change: impl FnOnce(&mut CertificateParams),
) -> String {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new(["localhost".to_owned()]).expect("a name");
    change(&mut params);
    let certificate = params.signed_by(&key, authority).expect("a certificate");
    std::fs::write(data.join("server.crt"), certificate.pem()).expect("a file");
    std::fs::write(data.join("server.key"), key.serialize_pem()).expect("a file");
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(data.join("server.key"), private).expect("a private key");
    "ssl = on".to_owned()
}

fn secured() -> &'static Secured {
    static SECURED: OnceLock<Secured> = OnceLock::new();
    SECURED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let (ours, other) = (authority("ours"), authority("another"));
        let [root, stranger] = ["root.crt", "stranger.crt"].map(|name| folder.path().join(name));
        std::fs::write(&root, ours.pem()).expect("a file");
        std::fs::write(&stranger, other.pem()).expect("a file");
        let server = Server::start(|data| certify(data, &ours, |_| {}));
        Secured { server, root, stranger, _folder: folder }
    })
}

/// Connects by that host name; says whether the session is encrypted.
async fn encrypted(server: &Server, host: &str, parameters: &str) -> orm_core::Result<bool> {
    let url = format!("postgres://postgres@{host}:{}/postgres?{parameters}", server.port);
    let connection = Connection::connect(&Config::from_url(&url)?).await?;
    let rows = connection
        .query::<orm_core::exec::DriverRow>(
            "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
            &[],
        )
        .await?;
    Ok(rows[0].get(0))
}

#[track_caller]
fn refused(
    server: &'static Server,
    host: &'static str,
    parameters: String,
    message: &'static str,
) -> impl Future<Output = ()> {
    let place = std::panic::Location::caller();
    async move {
        let error = encrypted(server, host, &parameters).await.expect_err("not let in");
        assert_eq!(error.kind(), ErrorKind::Tls, "{place}: {error}");
        let expected = format!("could not connect to {host}:{}: {message}", server.port);
        assert!(error.to_string().starts_with(&expected), "{place}: {error}");
        assert!(error.hint().is_some(), "{place}: no hint");
    }
}

#[tokio::test]
async fn verify_full_accepts_the_right_certificate_and_name() {
    if !has_tls() {
        return;
    }
    let Secured { server, root, .. } = secured();
    let parameters = format!("sslmode=verify-full&sslrootcert={}", root.display());
    assert!(encrypted(server, "localhost", &parameters).await.expect("let in"));
}

#[tokio::test]
async fn verify_full_refuses_another_name() {
    if !has_tls() {
        return;
    }
    let Secured { server, root, .. } = secured();
    let parameters = format!("sslmode=verify-full&sslrootcert={}", root.display());
    refused(server, "127.0.0.1", parameters, "the server's certificate is for another host").await;
}

#[tokio::test]
async fn an_unknown_authority_is_refused_by_both_verifying_modes() {
    if !has_tls() {
        return;
    }
    let Secured { server, stranger, .. } = secured();
    let message = "the server's certificate comes from an authority that is not trusted";
    for mode in ["verify-full", "verify-ca"] {
        let parameters = format!("sslmode={mode}&sslrootcert={}", stranger.display());
        refused(server, "localhost", parameters, message).await;
    }
}

#[tokio::test]
async fn verify_ca_accepts_another_name() {
    if !has_tls() {
        return;
    }
    let Secured { server, root, .. } = secured();
    let parameters = format!("sslmode=verify-ca&sslrootcert={}", root.display());
    assert!(encrypted(server, "127.0.0.1", &parameters).await.expect("let in"));
}

#[tokio::test]
async fn require_and_prefer_encrypt_whoever_answers() {
    if !has_tls() {
        return;
    }
    let Secured { server, .. } = secured();
    for mode in ["require", "prefer"] {
        assert!(encrypted(server, "127.0.0.1", &format!("sslmode={mode}")).await.expect("let in"));
    }
    assert!(!encrypted(server, "127.0.0.1", "sslmode=disable").await.expect("let in"));
}

#[tokio::test]
async fn without_tls_on_the_server_prefer_goes_on_and_require_does_not() {
    if !has_tls() {
        return;
    }
    let server = Server::plain();
    assert!(!encrypted(server, "127.0.0.1", "sslmode=prefer").await.expect("let in"));
    for mode in ["require", "verify-full"] {
        let parameters = format!("sslmode={mode}&sslrootcert={}", secured().root.display());
        refused(
            server,
            "127.0.0.1",
            parameters,
            "the server does not offer TLS, and sslmode is verify-",
        )
        .await;
    }
}

#[tokio::test]
async fn in_production_a_server_that_cannot_be_verified_is_refused_by_default() {
    if !has_tls() {
        return;
    }
    // One has no TLS, the other a certificate that no authority of the system has signed.
    for server in [Server::plain(), &secured().server] {
        let config = server.config("postgres").host("localhost").profile(Profile::Production);
        let error = config.connect().await.expect_err("not verified");
        assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
        assert!(error.hint().is_some(), "no hint: {error}");
    }
}

#[tokio::test]
async fn prefer_goes_on_in_plain_text_where_only_that_is_let_in() {
    if !has_tls() {
        return;
    }
    let Secured { server, .. } = secured();
    let url = format!("postgres://plain_only@127.0.0.1:{}/postgres", server.port);
    let error = Connection::connect(&Config::from_url(&url).expect("settings"))
        .await
        .expect_err("no such role");
    assert!(error.to_string().contains("role \"plain_only\" does not exist"), "{error}");
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    if !has_tls() {
        return;
    }
    static EXPIRED: OnceLock<(Server, PathBuf, tempfile::TempDir)> = OnceLock::new();
    let (server, root, _) = EXPIRED.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let ours = authority("ours");
        let root = folder.path().join("root.crt");
        std::fs::write(&root, ours.pem()).expect("a file");
        let server = Server::start(|data| {
            certify(data, &ours, |params| params.not_after = rcgen::date_time_ymd(2001, 1, 1))
        });
        (server, root, folder)
    });
    let parameters = format!("sslmode=verify-full&sslrootcert={}", root.display());
    refused(server, "localhost", parameters, "the server's certificate has expired").await;
}

#[tokio::test]
async fn a_root_certificate_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("root.crt");
    let open = async || {
        let parameters = format!("sslmode=verify-full&sslrootcert={}", file.display());
        encrypted(Server::plain(), "localhost", &parameters).await.expect_err("no certificate")
    };
    let error = open().await;
    assert!(error.to_string().starts_with("could not read the root certificates in "), "{error}");
    std::fs::write(&file, "not a certificate").expect("a file");
    let error = open().await;
    assert_eq!(error.to_string(), format!("there is no certificate in {}", file.display()));
    assert_eq!(error.kind(), ErrorKind::Config);
}

#[tokio::test]
async fn a_password_is_bound_to_the_encrypted_channel() {
    if !has_tls() {
        return;
    }
    let Secured { server, root, .. } = secured();
    let url = format!("postgres://postgres@localhost:{}/postgres", server.port);
    let admin =
        Connection::connect(&Config::from_url(&url).expect("settings")).await.expect("let in");
    admin.batch_execute("CREATE ROLE needs_password LOGIN PASSWORD 'right'").await.expect("a role");
    let url = format!(
        "postgres://needs_password:right@localhost:{}/postgres?channel_binding=require&sslmode=verify-full&sslrootcert={}",
        server.port,
        root.display()
    );
    Connection::connect(&Config::from_url(&url).expect("settings"))
        .await
        .expect("SCRAM-SHA-256-PLUS");
}
