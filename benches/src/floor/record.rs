//! Arrays of records in PostgreSQL's binary form, read by hand.

use super::tree::PostTree;
use crate::model::{Comment, Post};
use crate::way::Outcome;
use std::error::Error;
use tokio_postgres::types::{FromSql, Type};

/// The bytes of a value, whatever its type.
pub(super) struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// What is left to read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Outcome<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or("a value ends early")?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Outcome<i32> {
        Ok(i32::from_be_bytes(self.take(4)?.try_into()?))
    }

    /// The head of an array; how many elements follow.
    fn array(&mut self) -> Outcome<usize> {
        let dimensions = self.number()?;
        self.take(8)?;
        if dimensions == 0 {
            return Ok(0);
        }
        let count = self.number()?;
        self.take(4)?;
        Ok(count.try_into()?)
    }

    /// The next element of an array, which is a record.
    fn record(&mut self) -> Outcome<Bytes<'a>> {
        let length = self.number()?;
        let mut record = Bytes(self.take(length.try_into()?)?);
        record.take(4)?;
        Ok(record)
    }

    /// The next field of a record; none if it is NULL.
    fn field(&mut self) -> Outcome<Option<&'a [u8]>> {
        self.take(4)?;
        match self.number()? {
            -1 => Ok(None),
            length => Ok(Some(self.take(length.try_into()?)?)),
        }
    }

    fn bigint(&mut self) -> Outcome<i64> {
        Ok(i64::from_be_bytes(self.field()?.ok_or("NULL")?.try_into()?))
    }

    fn text(&mut self) -> Outcome<String> {
        Ok(std::str::from_utf8(self.field()?.ok_or("NULL")?)?.to_owned())
    }
}

fn comments(bytes: Option<&[u8]>) -> Outcome<Vec<Comment>> {
    let mut array = Bytes(bytes.unwrap_or(&[0; 12]));
    let count = array.array()?;
    let mut comments = Vec::with_capacity(count);
    for _ in 0..count {
        let mut record = array.record()?;
        let (id, post_id, body) = (record.bigint()?, record.bigint()?, record.text()?);
        comments.push(Comment { id, post_id, body });
    }
    Ok(comments)
}

/// Posts, and their comments where each record has five fields.
pub(super) fn posts(raw: Option<Raw<'_>>, with_comments: bool) -> Outcome<Vec<PostTree>> {
    let mut array = Bytes(raw.map_or(&[0; 12], |raw| raw.0));
    let count = array.array()?;
    let mut posts = Vec::with_capacity(count);
    for _ in 0..count {
        let mut record = array.record()?;
        let (id, user_id) = (record.bigint()?, record.bigint()?);
        let (title, body) = (record.text()?, record.text()?);
        let comments = if with_comments { comments(record.field()?)? } else { Vec::new() };
        posts.push(PostTree { post: Post { id, user_id, title, body }, comments });
    }
    Ok(posts)
}
