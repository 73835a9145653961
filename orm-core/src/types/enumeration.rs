//! [`Enumeration`]: a Rust enum as a PostgreSQL enum (manual, section 8.7). A value travels as its label.

use super::custom::base_type;
use bytes::BytesMut;
use postgres_types::{Kind, Type};
use std::error::Error;

/// The types of texts: a column of an enum can be declared as one of these too.
pub const TEXTS: &[&str] = &["text", "character varying", "character"];

/// A Rust enum that stands for a PostgreSQL enum. Implemented by `#[derive(Enum)]`.
pub trait Enumeration: Sized + 'static {
    /// The name of the Rust enum.
    const RUST_NAME: &'static str;
    /// The name of the PostgreSQL enum, with its schema, as messages say it.
    const SQL_NAME: &'static str;
    /// The labels, in their order.
    const LABELS: &'static [&'static str];

    /// The label of this variant.
    fn label(&self) -> &'static str;

    /// The variant with that label.
    fn from_label(label: &str) -> Option<Self>;

    #[doc(hidden)]
    fn write(&self, out: &mut BytesMut) {
        out.extend_from_slice(self.label().as_bytes());
    }

    #[doc(hidden)]
    fn read(raw: &[u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        let label = std::str::from_utf8(raw)?;
        Self::from_label(label).ok_or_else(|| {
            let known: Vec<String> = Self::LABELS.iter().map(|it| format!("`{it}`")).collect();
            let (sql, rust, known) = (Self::SQL_NAME, Self::RUST_NAME, known.join(", "));
            format!(
                "`{rust}` has no variant for the label `{label}` of the enum {sql}, only {known}"
            )
            .into()
        })
    }

    /// Whether values of that type are labels: an enum, or text where a column was declared so.
    #[doc(hidden)]
    fn accepts_type(ty: &Type) -> bool {
        let ty = base_type(ty);
        matches!(ty.kind(), Kind::Enum(_))
            || matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::UNKNOWN)
    }
}
