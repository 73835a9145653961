//! Inserts: `VALUES`, arrays by `UNNEST`, and `COPY`, for which keys are reserved before where they are wanted.

use crate::digest;
use crate::model::{NewEntry, count, new_entries};
use crate::way::{Outcome, Way};
use futures_util::pin_mut;
use std::fmt::Write as _;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row, Statement};

fn ids(rows: &[Row]) -> Outcome<u64> {
    let ids: Result<Vec<i64>, _> = rows.iter().map(|row| row.try_get(0)).collect();
    Ok(digest::ids(ids?))
}

async fn run(
    client: &Client,
    statement: &Statement,
    parameters: &[&(dyn ToSql + Sync)],
    wants_ids: bool,
) -> Outcome<u64> {
    match wants_ids {
        true => ids(&client.query(statement, parameters).await?),
        false => Ok(client.execute(statement, parameters).await?),
    }
}

pub(super) async fn ways(
    client: &'static Client,
    size: usize,
    wants_ids: bool,
) -> Outcome<Vec<Way>> {
    let entries: &'static [NewEntry] = Vec::leak(new_entries(size));
    let returning = if wants_ids { " RETURNING id" } else { "" };

    let mut sql = String::from("INSERT INTO entries (name, hair_color) VALUES ");
    for row in 0..size {
        let comma = if row == 0 { "" } else { ", " };
        write!(sql, "{comma}(${}, ${})", row * 2 + 1, row * 2 + 2)?;
    }
    let values = client.prepare(&format!("{sql}{returning}")).await?;
    let sql = "INSERT INTO entries (name, hair_color) SELECT * FROM UNNEST($1::text[], $2::text[])";
    let unnest = client.prepare(&format!("{sql}{returning}")).await?;
    let mut ways = vec![
        Way::new("values", async move || {
            let mut parameters: Vec<&(dyn ToSql + Sync)> = Vec::with_capacity(entries.len() * 2);
            for entry in entries {
                parameters.extend([&entry.name as &(dyn ToSql + Sync), &entry.hair_color]);
            }
            run(client, &values, &parameters, wants_ids).await
        }),
        Way::new("unnest", async move || {
            let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
            let colors: Vec<Option<&str>> =
                entries.iter().map(|entry| entry.hair_color.as_deref()).collect();
            run(client, &unnest, &[&names, &colors], wants_ids).await
        }),
    ];
    if wants_ids && size >= 100 {
        let sql = "SELECT nextval('entries_id_seq') FROM generate_series(1, $1)";
        let reserve = client.prepare(sql).await?;
        ways.push(Way::new("copy", async move || {
            let rows = client.query(&reserve, &[&count(entries.len())]).await?;
            let ids: Result<Vec<i64>, _> = rows.iter().map(|row| row.try_get(0)).collect();
            let ids = ids?;
            let sql = "COPY entries (id, name, hair_color) FROM STDIN (FORMAT binary)";
            let sink = client.copy_in(sql).await?;
            let writer = BinaryCopyInWriter::new(sink, &[Type::INT8, Type::TEXT, Type::TEXT]);
            pin_mut!(writer);
            for (id, entry) in ids.iter().zip(entries) {
                writer.as_mut().write(&[id, &entry.name, &entry.hair_color]).await?;
            }
            writer.finish().await?;
            Ok(digest::ids(ids))
        }));
    }
    if !wants_ids && size >= 100 {
        ways.push(Way::new("copy", async move || {
            let sql = "COPY entries (name, hair_color) FROM STDIN (FORMAT binary)";
            let sink = client.copy_in(sql).await?;
            let writer = BinaryCopyInWriter::new(sink, &[Type::TEXT, Type::TEXT]);
            pin_mut!(writer);
            for entry in entries {
                writer.as_mut().write(&[&entry.name, &entry.hair_color]).await?;
            }
            Ok(writer.finish().await?)
        }));
    }
    Ok(ways)
}
