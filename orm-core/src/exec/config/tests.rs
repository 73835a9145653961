use super::{Config, ConfigBuilder, Profile, profile_from_env, url_from_env};
use crate::ErrorKind;
use proptest::prelude::*;

/// What is in the place of a password everywhere here.
const SECRET: &str = "s3cr3tw0rd";

fn parse(text: &str) -> crate::Result<Config> {
    // Not `from_url`: the environment of whoever runs the tests must not matter.
    ConfigBuilder::new().build_from("connection URL", Some(text), Some(Profile::Development))
}

/// Everything that is ever printed of a URL.
fn shown(text: &str) -> String {
    match parse(text) {
        Ok(config) => format!("{config:?}"),
        Err(error) => format!("{error} {error:#} {error:?}"),
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    match parse(text) {
        Ok(config) => {
            let said = [
                Some(config.places()),
                config.user().map(|user| format!("user {user}")),
                config
                    .inner
                    .get_password()
                    .map(|bytes| format!("password {}", String::from_utf8_lossy(bytes))),
                config.database().map(|name| format!("database {name}")),
                Some(config.ssl_mode().as_str().to_owned()),
            ];
            assert_eq!(said.into_iter().flatten().collect::<Vec<_>>().join(", "), expected);
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.hint().is_some(), "no hint: {error}");
            assert_eq!(format!("{error}"), expected);
        }
    }
}

#[test]
fn a_url_gives_its_parts() {
    check(
        "postgres://ada:pw@db:5433/shop",
        "db:5433, user ada, password pw, database shop, prefer",
    );
    check("postgresql://db", "db:5432, prefer");
    check(" postgres://db/shop\n", "db:5432, database shop, prefer");
    check(
        "POSTGRES://a%40b:p%2F%40%3A%20%25@db/a%20b",
        "db:5432, user a@b, password p/@: %, database a b, prefer",
    );
    check("postgres://ada:a:b#c@db", "db:5432, user ada, password a:b#c, prefer");
    check(
        "postgres://db?user=ada&password=pw&dbname=shop&port=99",
        "db:99, user ada, password pw, database shop, prefer",
    );
}

#[test]
fn a_url_may_name_several_servers_or_a_socket_or_an_address() {
    check("postgres://a,b:5433,[::1]:99/x", "a:5432, b:5433, [::1]:99, database x, prefer");
    check(
        "postgres://u@/x?host=/run/pg&port=5433",
        "/run/pg/.s.PGSQL.5433, user u, database x, disable",
    );
    check("postgres://%2Frun%2Fpg/x", "/run/pg/.s.PGSQL.5432, database x, disable");
    check("postgres://db/x?hostaddr=10.0.0.1", "db:5432, database x, prefer");
    check(
        "host=a,b port=1 dbname='a \\'b\\\\' password = 'p w'",
        "a:1, b:1, password p w, database a 'b\\, prefer",
    );
}

#[test]
fn parameters_are_honoured() {
    let config = parse(
        "postgres://db?application_name=shop&connect_timeout=3&options=-c%20a=b&channel_binding=require\
         &target_session_attrs=read-write&keepalives_count=3&gssencmode=disable&pgbouncer=true",
    )
    .expect("all known");
    assert_eq!(config.inner.get_application_name(), Some("shop"));
    assert_eq!(config.connect_timeout, Some(std::time::Duration::from_secs(3)));
    assert_eq!(config.inner.get_options(), Some("-c a=b"));
    assert_eq!(config.inner.get_channel_binding(), tokio_postgres::config::ChannelBinding::Require);
    assert_eq!(config.inner.get_keepalives_retries(), Some(3));
    assert_eq!(config.statement_count_max, 0);
}

#[test]
fn a_wrong_url_says_what_is_wrong_in_it() {
    check("", "connection URL: it is empty");
    check(
        "localhost",
        "connection URL: it is neither a URL with a scheme nor `key=value` settings",
    );
    check(
        "mysql://a:s3cr3tw0rd@b/c",
        "connection URL: the scheme is `mysql`, expected `postgres` or `postgresql`",
    );
    check(
        "postgres://u:s3cr3tw0rd@h:port/x",
        "connection URL: the port `port` is not a number from 1 to 65535",
    );
    check(
        "postgres://u@h:99999",
        "connection URL: the port `99999` is not a number from 1 to 65535",
    );
    check("postgres://u@h:0", "connection URL: the port `0` is not a number from 1 to 65535");
    check(
        "postgres://[::1/x",
        "connection URL: the host opens a `[` for an IPv6 address that is not closed by `]` or `]:port`",
    );
    check("postgres://%ff/x", "connection URL: the host is not UTF-8 after percent-decoding");
    check(
        "postgres://a b/x",
        "connection URL: the host holds a space, a comma or a control character",
    );
    check(
        "postgres://h/x?sslmode=full",
        "connection URL: the parameter `sslmode` has a value `full` that is not allowed",
    );
    check(
        "postgres://h/x?connect_timeout=soon",
        "connection URL: the parameter `connect_timeout` has a value `soon` that is not allowed",
    );
    check(
        "postgres://h/x?channel_binding=x",
        "connection URL: the parameter `channel_binding` has a value `x` that is not allowed",
    );
    check(
        "postgres://h/x?keepalives_idle=99999999999",
        "connection URL: the parameter `keepalives_idle` has a value `99999999999` that is not allowed",
    );
    check("postgres://h/x?pool=3", "connection URL: unknown parameter `pool`");
    check("postgres://h/x?sslpassword=k", "connection URL: `sslpassword` is not supported");
    check("postgres://h/x?sslcrldir=k", "connection URL: `sslcrldir` is not supported");
    check("postgres://h/x?sslkey=k", "connection URL: `sslkey` is given without `sslcert`");
    check("postgres://h/x?sslcert=k", "connection URL: `sslcert` is given without `sslkey`");
    check(
        "postgres://h/x?sslcrl=k&sslmode=require",
        "connection URL: `sslcrl` and the weaker `sslmode=require` contradict each other",
    );
    check(
        "postgres://a,b/x?port=1,2,3",
        "connection URL: it has 3 ports for 2 hosts: one port for all, or one for each",
    );
    check("host=a dbname", "connection URL: a setting has no `=value`");
    check("host=a dbname='x", "connection URL: a single quote is not closed, or text follows it");
}

#[test]
fn an_unknown_parameter_gets_the_list_of_the_known() {
    let error = parse("postgres://h/x?pool=3").expect_err("unknown");
    let hint = error.hint().expect("a hint");
    assert!(hint.starts_with("known are application_name, channel_binding,"), "{hint}");
    assert!(hint.contains("sslmode, sslnegotiation, sslrootcert"), "{hint}");
}

#[test]
fn no_message_shows_a_password_however_it_is_mangled() {
    for text in [
        "postgres://ada:s3cr3tw0rd",
        "postgres://ada:s3cr3tw0rd/x",
        "postgres://:s3cr3tw0rd@",
        "postgres://ada:a@s3cr3tw0rd@db/x",
        "postgres://ada:a/s3cr3tw0rd@db/x",
        "postgres://ada:a?s3cr3tw0rd=1@db/x",
        "postgres://ada:a#s3cr3tw0rd@db:x/x",
        "postgres://ada:s3cr3tw0rd@db:x/x",
        "postgres://ada:s3cr3tw0rd%ff@db/x",
        "postgres://ada:s3cr3tw0rd%00@db/x",
        "postgres://ada:s3cr3tw0rd@[::1/x",
        "postgres://db/x?password=a&s3cr3tw0rd=b",
        "postgres://db/x?password=a&sslmode=s3cr3tw0rd",
        "postgres://db/x?password=a&user=b&sslmode=s3cr3tw0rd",
        "postgres://db/x?password=a&user=b&s3cr3tw0rd=c",
        "postgres://db/x?password=a&application_name=b&port=s3cr3tw0rd",
        "postgres://ada:123?s3cr3tw0rd=x@db/x",
        "postgres://ada:123?s3cr3tw0rd=x",
        "postgres://ada:123?s3cr3tw0rd=x%40db/x",
        "postgres://ada:123/s3cr3tw0rd%40db/x",
        "postgres://ada:123/1?s3cr3tw0rd=x%40db/x",
        "postgres://ada:123?sslmode=s3cr3tw0rd",
        "postgres://ada%3As3cr3tw0rd%40db/x",
        "postgres://db/x?host=ada:s3cr3tw0rd@db",
        "postgres://db/x?host=ada:s3cr3tw0rd%40db",
        "s3cr3tw0rd=x",
        "host=ada:s3cr3tw0rd@db",
        "host=postgres://ada:s3cr3tw0rd@db/x",
        "dbname=postgres://ada:s3cr3tw0rd@db/x",
        "host=db passwords3cr3tw0rd=1",
        "host=db password=a user=b s3cr3tw0rd=c",
        "host=db password=a sslmode=s3cr3tw0rd",
        "host=db password=a keepalives=s3cr3tw0rd",
        "postgres://db/x?password=a&s3cr3tw0rd",
        "postgres://db/x?sslmode=require;password=s3cr3tw0rd",
        "ada:s3cr3tw0rd@db/x",
        "ada:s3cr3tw0rd@db/x?sslmode=require",
        "http://ada:s3cr3tw0rd@db/x",
        "host=db password=a s3cr3tw0rd",
        "host=db password=a s3cr3tw0rd=b",
        "host=db password='s3cr3tw0rd",
        "host=db password='a's3cr3tw0rd",
        "host=db password:s3cr3tw0rd=1",
        "postgres:/ada:s3cr3tw0rd@db/x?a=b",
    ] {
        let shown = shown(text);
        assert!(!shown.contains(SECRET), "{text} shows it: {shown}");
    }
}

#[test]
fn debug_shows_no_password() {
    let builder = Config::builder().host("db").password(SECRET).options(SECRET);
    assert!(!format!("{builder:?}").contains(SECRET));
    let config = builder.build_from("connection settings", None, None).expect("complete");
    let shown = format!("{config:?}");
    assert!(shown.contains("\"***\"") && !shown.contains(SECRET), "{shown}");
}

#[test]
fn the_variables_are_asked_in_order_and_named_when_missing() {
    let both = |name: &str| Some(format!("postgres://{}", name.to_lowercase()));
    assert_eq!(url_from_env(both).expect("set").0, "POSTGRES_URL");
    let second = |name: &str| (name == "DATABASE_URL").then(|| "postgres://b".to_owned());
    assert_eq!(url_from_env(second).expect("set").0, "DATABASE_URL");
    let blank =
        |name: &str| Some(if name == "POSTGRES_URL" { " " } else { "postgres://b" }.to_owned());
    assert_eq!(url_from_env(blank).expect("set").0, "DATABASE_URL");
    let error = url_from_env(|_| None).expect_err("neither");
    assert_eq!(error.to_string(), "neither POSTGRES_URL nor DATABASE_URL is set");
    let builder = ConfigBuilder::new();
    let error = builder.build_from("DATABASE_URL", Some("mysql://a"), None).expect_err("wrong");
    assert!(error.to_string().starts_with("DATABASE_URL: the scheme is `mysql`"), "{error}");
}

#[test]
fn production_verifies_the_server_in_full_unless_the_url_says_otherwise() {
    let mode = |text: &str, profile| {
        let config = ConfigBuilder::new().build_from("connection URL", Some(text), profile);
        config.map(|config| config.ssl_mode().as_str()).map_err(|error| error.to_string())
    };
    let full = if cfg!(feature = "tls") {
        Ok("verify-full")
    } else {
        Err("connection URL: `sslmode=verify-full` holds for localhost:5432, but this program was built without TLS"
            .to_owned())
    };
    assert_eq!(mode("postgres://localhost", Some(Profile::Production)), full);
    assert_eq!(mode("postgres://localhost", None), Ok("prefer"));
    assert_eq!(mode("postgres://localhost", Some(Profile::Development)), Ok("prefer"));
    assert_eq!(
        mode("postgres://localhost?sslmode=disable", Some(Profile::Production)),
        Ok("disable")
    );
    assert_eq!(mode("postgres:///x?host=/tmp", Some(Profile::Production)), Ok("disable"));
}

#[cfg(feature = "tls")]
#[test]
fn a_root_certificate_makes_the_mode_stricter_as_in_libpq() {
    check("postgres://h?sslrootcert=system", "h:5432, verify-full");
    check("postgres://h?sslmode=require&sslrootcert=/root.crt", "h:5432, verify-ca");
    check("postgres://h?sslmode=allow", "h:5432, prefer");
    check("postgres://h?ssl=true", "h:5432, require");
    check("postgres://h?sslcrl=/crl&sslmode=verify-ca", "h:5432, verify-ca");
    check("postgres://h?sslcrl=/crl&sslmode=require&sslrootcert=/root.crt", "h:5432, verify-ca");
    check("postgres://h?sslcert=/crt&sslkey=/key&sslmode=require", "h:5432, require");
    check("postgres://h?sslcert=&sslkey=&sslcrl=&sslpassword=&sslcrldir=", "h:5432, prefer");
    check(
        "postgres://h?sslmode=require&sslrootcert=system",
        "connection URL: `sslrootcert=system` and the weaker `sslmode=require` contradict each other",
    );
}

#[test]
fn the_profile_comes_from_its_own_variable_first() {
    let said = |orm: Option<&'static str>, app: Option<&'static str>| {
        profile_from_env(move |name| {
            if name == "ORM_PROFILE" { orm } else { app }.map(str::to_owned)
        })
    };
    assert_eq!(said(Some("production"), Some("development")).ok(), Some(Some(Profile::Production)));
    assert_eq!(said(None, Some("Prod")).ok(), Some(Some(Profile::Production)));
    assert_eq!(said(None, Some("staging")).ok(), Some(None));
    assert_eq!(said(None, None).ok(), Some(None));
    let error = said(Some("prodution"), None).expect_err("misspelt");
    assert_eq!(error.to_string(), "ORM_PROFILE: unknown profile `prodution`");
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let error =
        Config::builder().host("h").max_connections(0).build_from("", None, None).expect_err("0");
    assert_eq!(error.to_string(), "`max_connections` is 0: no connection could ever be made");
    let error =
        Config::builder().host("h").user("a\0b").build_from("", None, None).expect_err("NUL");
    assert_eq!(
        error.to_string(),
        "connection settings: the parameter `user` holds a NUL character"
    );
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}", tail in "[a-z0-9:/@?&=%,'\\\\\\[\\] ]{0,60}") {
        let _ = parse(&text);
        let _ = parse(&tail);
        let _ = parse(&format!("postgres://{tail}"));
        let _ = parse(&format!("host={tail}"));
    }

    #[test]
    fn a_password_with_odd_neighbours_is_never_shown(
        before in "[a-z0-9:/@?&=%#, ]{0,6}",
        after in "[a-z0-9:/@?&=%#, ]{0,6}",
        rest in "[a-z0-9:/@?&=%,\\[]{0,12}",
    ) {
        // Everything up to the last `@` is the author's idea of user and password.
        let text = format!("postgres://ada:{before}{SECRET}{after}@db{rest}");
        let shown = shown(&text);
        prop_assert!(!shown.contains(SECRET), "{} shows it: {}", text, shown);
    }
}

/// How a password gets into a URL or a `key=value` string, by hand or right.
fn written(password: &str, form: usize, rest: &str) -> String {
    let encoded: String = password.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let quoted = password.replace('\\', "\\\\").replace('\'', "\\'");
    match form {
        0 => format!("postgres://ada:{password}@db:54/shop?{rest}"),
        1 => format!("postgres://ada:{encoded}@db:54/shop?{rest}"),
        2 => format!("postgres://db:54/shop?user=ada&password={password}&{rest}"),
        3 => format!("postgres://db/shop?password={encoded}&user=ada&{rest}"),
        4 => format!("host=db password='{quoted}' user=ada {rest}"),
        5 => format!("host=db password='{password}' user=ada {rest}"),
        6 => format!("host=db password={password} user=ada {rest}"),
        // Without the scheme; with one of another program; in the wrong setting.
        7 => format!("ada:{password}@db/shop?{rest}"),
        8 => format!("http://ada:{password}@db/shop?{rest}"),
        9 => format!("host=ada:{encoded}@db {rest}"),
        10 => format!("dbname='postgres://ada:{quoted}@db/shop' {rest}"),
        // All of it encoded, and all of it but one letter.
        11 => format!("postgres://ada%3A{encoded}%40db/shop?{rest}"),
        12 => format!("postgres://ada:{}%40db/shop?{rest}", password.replace('@', "%40")),
        _ => format!("postgres://ada:{}@db/shop?{rest}", password.replace('@', "%40")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_piece_of_a_password_is_ever_shown(
        password in "[QXZJWK0-9!-/:-@\\[-`{-~ ]{3,16}",
        form in 0..14_usize,
        rest in "(sslmode=(require|nonsense)|pool=3|port=(99|x)|connect_timeout=soon|)",
    ) {
        let text = written(&password, form, &rest);
        let shown = shown(&text);
        let elsewhere = written("", form, &rest);
        let letters: Vec<char> = password.chars().collect();
        for piece in letters.windows(3).filter(|piece| piece.iter().any(|letter| "QXZJWK".contains(*letter))) {
            let piece: String = piece.iter().collect();
            let is_shown = shown.contains(&piece) && !elsewhere.contains(&piece);
            prop_assert!(!is_shown, "{} shows {:?}: {}", text, piece, shown);
        }
    }
}

#[test]
fn a_lost_network_is_noticed_in_a_minute_unless_the_settings_say_otherwise() {
    let seconds = std::time::Duration::from_secs;
    let plain = Config::from_url("postgres://u@h/d").expect("a URL").inner;
    assert!(plain.get_keepalives());
    assert_eq!(plain.get_keepalives_idle(), seconds(30));
    assert_eq!(plain.get_keepalives_interval(), Some(seconds(10)));
    assert_eq!(plain.get_keepalives_retries(), Some(3));
    assert_eq!(plain.get_tcp_user_timeout(), Some(&seconds(60)));
    let url = "postgres://u@h/d?keepalives_idle=7&keepalives_interval=8&keepalives_count=9&tcp_user_timeout=1500";
    let said = Config::from_url(url).expect("a URL").inner;
    assert_eq!(said.get_keepalives_idle(), seconds(7));
    assert_eq!(said.get_keepalives_interval(), Some(seconds(8)));
    assert_eq!(said.get_keepalives_retries(), Some(9));
    // Milliseconds, as in libpq.
    assert_eq!(said.get_tcp_user_timeout(), Some(&std::time::Duration::from_millis(1500)));
    let system = Config::from_url("postgres://u@h/d?tcp_user_timeout=0").expect("a URL").inner;
    assert_eq!(system.get_tcp_user_timeout(), None);
    let built = Config::builder().host("h").tcp_user_timeout(seconds(5)).build().expect("settings");
    assert_eq!(built.inner.get_tcp_user_timeout(), Some(&seconds(5)));
}

#[test]
fn no_host_is_the_server_on_this_machine() {
    for url in ["postgres:///shop", "postgres://ada@:1/shop", "postgresql://", "dbname=shop"] {
        let config = parse(url).expect("settings");
        let port = if url.contains(":1/") { 1 } else { 5432 };
        let places = config.places();
        let on_socket = places.starts_with('/') && places.ends_with(&format!(".s.PGSQL.{port}"));
        assert!(on_socket || places == format!("localhost:{port}"), "{url}: {places}");
    }
    // Port 1 has no server, and so no socket.
    check("postgres://a,:1,b/x", "a:5432, localhost:1, b:5432, database x, prefer");
}

#[test]
fn direct_tls_needs_a_mode_that_insists_on_it() {
    for mode in ["", "&sslmode=prefer", "&sslmode=disable", "&sslmode=allow"] {
        let url = format!("postgres://ada@127.0.0.1/shop?sslnegotiation=direct{mode}");
        let error = Config::from_url(&url).unwrap_err();
        assert!(error.to_string().contains("sslnegotiation=direct"), "{mode}: {error}");
    }
    for url in [
        "postgres://ada@127.0.0.1/shop?sslnegotiation=postgres",
        "postgres:///shop?host=/tmp&sslnegotiation=direct",
    ] {
        Config::from_url(url).unwrap();
    }
}

#[test]
fn encryption_that_is_not_supported_is_refused_when_it_is_required() {
    let url = |mode| format!("postgres://ada@127.0.0.1/shop?gssencmode={mode}");
    let error = Config::from_url(&url("require")).unwrap_err();
    assert!(error.to_string().contains("gssencmode=require"), "{error}");
    for mode in ["disable", "prefer"] {
        Config::from_url(&url(mode)).unwrap();
    }
}
