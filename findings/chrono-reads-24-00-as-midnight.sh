#!/usr/bin/env bash
# postgres-types 0.2.14 reads the time 24:00:00 as 00:00:00 of chrono or time, without an error; with jiff it is an error.
#
# Guessed: a value of type time that the Rust type cannot hold is an error when it is read, as are dates out of range.
# Seen: `time '24:00:00'` is valid, and '23:59:60' and '23:59:59.9999999' are stored as it. The crate adds its microseconds to midnight,
# and chrono's NaiveTime and time's Time drop the full day in that addition. So the end of a day is read as its start: the value
# read finds no row when it is compared with the column, and writing it again stores 00:00:00. jiff's Time is added with a check.
. "$(dirname "$0")/support.bash"

mkdir -p "$folder/app/src"
cat >"$folder/app/Cargo.toml" <<'TOML'
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[dependencies]
chrono = { version = "=0.4.45", default-features = false }
jiff = { version = "=0.2.46", default-features = false, features = ["std"] }
postgres-types = "=0.2.14"
time = { version = "=0.3.55", default-features = false, features = ["formatting"] }
tokio = { version = "=1.54.1", features = ["macros", "rt"] }
tokio-postgres = { version = "=0.7.18", features = ["with-chrono-0_4", "with-jiff-0_2", "with-time-0_3"] }
[workspace]
TOML
cat >"$folder/app/src/main.rs" <<'RUST'
use tokio_postgres::{types::ToSql, Client, NoTls};

async fn written(client: &Client, value: &(dyn ToSql + Sync)) -> String {
    let found: i64 = client.query_one("SELECT count(*) FROM t WHERE at = $1", &[value]).await.unwrap().get(0);
    client.execute("UPDATE t SET at = $1", &[value]).await.unwrap();
    let text: String = client.query_one("SELECT at::text FROM t", &[]).await.unwrap().get(0);
    client.execute("UPDATE t SET at = '24:00:00'", &[]).await.unwrap();
    format!("rows with it {found}, written again {text}")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (client, connection) = tokio_postgres::connect(&std::env::args().nth(1).unwrap(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let row = client.query_one("SELECT at FROM t", &[]).await.unwrap();
    match row.try_get::<_, chrono::NaiveTime>(0) {
        Ok(value) => println!("chrono: read {value}, {}", written(&client, &value).await),
        Err(error) => println!("chrono: {error}"),
    }
    match row.try_get::<_, time::Time>(0) {
        Ok(value) => println!("time: read {value}, {}", written(&client, &value).await),
        Err(error) => println!("time: {error}"),
    }
    match row.try_get::<_, jiff::civil::Time>(0) {
        Ok(value) => println!("jiff: read {value}, {}", written(&client, &value).await),
        Err(error) => println!("jiff: {error}"),
    }
}
RUST
CARGO_TARGET_DIR=$folder/target nice cargo build --quiet --manifest-path "$folder/app/Cargo.toml"
(cd "$folder/app" && cargo tree --depth 2 --prefix none | grep -E '^(postgres-types|chrono|time|jiff) v' | cut -d' ' -f1,2 | sort -u)

start "$(npm_postgres 18.4.0-beta.17)" server
sql server "SELECT version()" "CREATE TABLE t (at time)" "INSERT INTO t VALUES ('24:00:00')"
check "the row" "$(sql server "SELECT at, at > '23:59:59' FROM t")" "24:00:00|t"
check "'23:59:60', '23:59:59.9999999'" "$(sql server "SELECT time '23:59:60', time '23:59:59.9999999'")" "24:00:00|24:00:00"
seen=$("$folder/target/debug/app" "host=$folder/server.socket user=postgres dbname=postgres")
check "chrono::NaiveTime" "$(grep ^chrono: <<<"$seen")" "chrono: read 00:00:00, rows with it 0, written again 00:00:00"
check "time::Time" "$(grep ^time: <<<"$seen")" "time: read 0:00:00.0, rows with it 0, written again 00:00:00"
check "jiff::civil::Time" "$(grep ^jiff: <<<"$seen")" "jiff: error deserializing column 0"
finish
