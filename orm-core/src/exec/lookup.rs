//! Asks the catalog for types: by OID for what is read, by name for what is written. One unnamed statement for all that
//! is missing, nested types with it; what it gives is kept for the pool.

use crate::error::{Error, ErrorKind, Result};
use crate::exec::Session;
use crate::exec::params::Encoded;
use crate::exec::session::TypedParam;
use crate::types::base_type;
use crate::types::cells::Cells;
use crate::types::known::{KnownTypes, Lookup, has_composite};
use std::collections::HashMap;
use tokio_postgres::types::{Field, Kind, Oid, Type};

/// How deep types may be nested: domains over domains, attributes of composites. The statement below has the same limit.
const DEPTH_MAX: usize = 32;

/// `$1` are OIDs, `$2` and `$3` schemas and names. Names are texts and OIDs numbers: types that everyone knows.
const TYPES: &str = "\
WITH RECURSIVE reached (oid, depth) AS (
    SELECT o::pg_catalog.oid, 0 FROM pg_catalog.unnest($1::pg_catalog.int8[]) AS o
    UNION
    SELECT t.oid, 0
    FROM pg_catalog.generate_subscripts($2::pg_catalog.text[], 1) AS i
    JOIN pg_catalog.pg_namespace n ON n.nspname = ($2::pg_catalog.text[])[i]::pg_catalog.name
    JOIN pg_catalog.pg_type t ON t.typname = ($3::pg_catalog.text[])[i]::pg_catalog.name AND t.typnamespace = n.oid
    UNION
    SELECT part.oid, reached.depth + 1
    FROM reached
    JOIN pg_catalog.pg_type t ON t.oid = reached.oid
    CROSS JOIN LATERAL (
        SELECT t.typbasetype WHERE t.typtype = 'd'
        UNION ALL
        SELECT t.typelem WHERE t.typelem <> 0 AND t.typlen = -1
        UNION ALL
        SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)
        UNION ALL
        SELECT a.atttypid FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = t.typrelid AND t.typrelid <> 0 AND a.attnum > 0 AND NOT a.attisdropped
    ) part (oid)
    WHERE reached.depth < 32
)
SELECT t.oid::pg_catalog.int8, n.nspname::pg_catalog.text, t.typname::pg_catalog.text, t.typtype::pg_catalog.text,
    CASE
        WHEN t.typtype = 'd' THEN t.typbasetype
        WHEN t.typelem <> 0 AND t.typlen = -1 THEN t.typelem
        ELSE COALESCE((SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)), 0)
    END::pg_catalog.int8,
    ARRAY(SELECT e.enumlabel::pg_catalog.text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder),
    ARRAY(
        SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = t.typrelid AND t.typrelid <> 0 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
    ),
    ARRAY(
        SELECT a.atttypid::pg_catalog.int8 FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = t.typrelid AND t.typrelid <> 0 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
    )
FROM (SELECT DISTINCT oid FROM reached) AS found
JOIN pg_catalog.pg_type t ON t.oid = found.oid
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace";

/// A type as the catalog describes it.
struct Described {
    schema: String,
    name: String,
    kind: String,
    /// What a domain, an array or a range is of.
    of: i64,
    labels: Vec<String>,
    attributes: Vec<String>,
    attribute_types: Vec<i64>,
}

impl Session {
    /// Looks up the types with these OIDs and keeps them. What the catalog does not have is kept as a type of its own
    /// that nothing reads, so that it is asked for once.
    pub(crate) async fn look_up(&self, oids: &[Oid]) -> Result<()> {
        let described = self.describe(oids, &[]).await?;
        let mut built = Builder::new(&described);
        let mut types = Vec::new();
        for oid in oids {
            types.push(match built.build(*oid, 0)? {
                Some(ty) => ty,
                None => {
                    Type::new(format!("type with OID {oid}"), *oid, Kind::Simple, String::new())
                }
            });
        }
        self.types().keep(&types);
        Ok(())
    }

    /// Whether the catalog still says what is known of these types.
    ///
    /// # Errors
    /// It does not: rows that were read by position may have been read wrongly.
    pub(crate) async fn still_known(&self, oids: &[Oid]) -> Result<()> {
        let before: Vec<Option<Type>> = oids.iter().map(|oid| self.types().get(*oid)).collect();
        self.look_up(oids).await?;
        let changed = oids.iter().zip(before).find_map(|(oid, before)| {
            let now = self.types().get(*oid)?;
            (!has_same_places(&before?, &now)).then_some(now)
        });
        match changed {
            None => Ok(()),
            Some(ty) => Err(Error::new(
                ErrorKind::Conversion,
                format!("the type \"{}\".\"{}\" was changed while its values were read{}", ty.schema(), ty.name(), fields(&ty)),
            )
            .with_hint("a migration ran meanwhile: run the query again; if it fails again, build the program for the new type")),
        }
    }

    /// The parameters as they are written.
    pub(crate) async fn encoded<'a>(&self, params: &[TypedParam<'a>]) -> Result<Vec<Encoded<'a>>> {
        let types = self.as_in_catalog(params.iter().map(|(_, ty)| ty)).await?;
        Ok(params.iter().zip(types).map(|(param, ty)| Encoded::new(param, ty)).collect())
    }

    /// The types as values of them are written. A composite value is written by position, so the catalog is asked each
    /// time for the attributes that the type has now.
    pub(crate) async fn as_in_catalog<'t>(
        &self,
        types: impl Iterator<Item = &'t Type> + Clone,
    ) -> Result<Vec<Type>> {
        let wanted: Vec<(&str, &str)> = types.clone().filter_map(composite_name).collect();
        if wanted.is_empty() {
            return Ok(types.cloned().collect());
        }
        let described = self.describe(&[], &wanted).await?;
        let mut built = Builder::new(&described);
        let mut known = Vec::new();
        for declared in types {
            let found = composite_name(declared).and_then(|(schema, name)| {
                let is_it = |it: &Described| it.schema == schema && it.name == name;
                described.iter().find_map(|(oid, it)| is_it(it).then_some(*oid))
            });
            let ty = match found {
                Some(oid) => built.build(oid, 0)?,
                None => None,
            };
            // The server says what is wrong with a type that is not there.
            known.push(ty.map_or_else(|| declared.clone(), |ty| within(declared, ty)));
        }
        Ok(known)
    }

    async fn describe(
        &self,
        oids: &[Oid],
        names: &[(&str, &str)],
    ) -> Result<HashMap<Oid, Described>> {
        let oids: Vec<i64> = oids.iter().copied().map(i64::from).collect();
        let schemas: Vec<&str> = names.iter().map(|(schema, _)| *schema).collect();
        let names: Vec<&str> = names.iter().map(|(_, name)| *name).collect();
        let params: [TypedParam<'_>; 3] =
            [(&oids, Type::INT8_ARRAY), (&schemas, Type::TEXT_ARRAY), (&names, Type::TEXT_ARRAY)];
        let params: Vec<_> =
            params.iter().map(|param| Encoded::new(param, param.1.clone())).collect();
        let rows = self.gather(TYPES, &params).await?;
        let none = KnownTypes::default();
        let mut described = HashMap::new();
        for row in &rows {
            let lookup = Lookup::new(&none);
            let mut cells = Cells::of_row(row, &lookup);
            let oid = cells.value::<i64>()?;
            let it = Described {
                schema: cells.value()?,
                name: cells.value()?,
                kind: cells.value()?,
                of: cells.value()?,
                labels: cells.value()?,
                attributes: cells.value()?,
                attribute_types: cells.value()?,
            };
            described.insert(narrow(oid), it);
        }
        Ok(described)
    }
}

/// Whether values of both types have the same attributes at the same places.
fn has_same_places(before: &Type, now: &Type) -> bool {
    match (base_type(before).kind(), base_type(now).kind()) {
        (Kind::Composite(before), Kind::Composite(now)) => {
            before.len() == now.len()
                && before.iter().zip(now).all(|(before, now)| {
                    before.name() == now.name() && has_same_places(before.type_(), now.type_())
                })
        }
        (Kind::Array(before), Kind::Array(now)) => has_same_places(before, now),
        _ => !has_composite(before) && !has_composite(now),
    }
}

/// The schema and name of the composite that values of the type are, or are arrays of.
fn composite_name(ty: &Type) -> Option<(&str, &str)> {
    let ty = base_type(ty);
    match ty.kind() {
        Kind::Composite(_) => Some((ty.schema(), ty.name())),
        Kind::Array(element) if has_composite(element) => composite_name(element),
        _ => None,
    }
}

/// The declared type, with the composite in it as the catalog has it.
fn within(declared: &Type, composite: Type) -> Type {
    let declared = base_type(declared);
    match declared.kind() {
        Kind::Array(element) => {
            let element = within(element, composite);
            let (name, schema) = (declared.name().to_owned(), declared.schema().to_owned());
            Type::new(name, declared.oid(), Kind::Array(element), schema)
        }
        _ => composite,
    }
}

/// Puts types together from their descriptions.
struct Builder<'a> {
    described: &'a HashMap<Oid, Described>,
    built: HashMap<Oid, Type>,
}

impl<'a> Builder<'a> {
    fn new(described: &'a HashMap<Oid, Described>) -> Self {
        Self { described, built: HashMap::new() }
    }

    /// The type with that OID, `depth` types below the one that was asked for; none where it was not described.
    fn build(&mut self, oid: Oid, depth: usize) -> Result<Option<Type>> {
        if let Some(ty) = Type::from_oid(oid).or_else(|| self.built.get(&oid).cloned()) {
            return Ok(Some(ty));
        }
        let Some(it) = self.described.get(&oid) else { return Ok(None) };
        if depth >= DEPTH_MAX {
            return Err(Error::new(
                ErrorKind::Conversion,
                format!(
                    "types are nested more than {DEPTH_MAX} deep: \"{}\".\"{}\"",
                    it.schema, it.name
                ),
            )
            .with_hint("such a type cannot be read; select a part of it"));
        }
        let kind = match (it.kind.as_str(), it.of) {
            ("e", _) => Kind::Enum(it.labels.clone()),
            ("p", _) => Kind::Pseudo,
            ("c", _) => {
                let mut fields = Vec::new();
                for (name, ty) in it.attributes.iter().zip(&it.attribute_types) {
                    fields.push(Field::new(name.clone(), self.part(*ty, depth)?));
                }
                Kind::Composite(fields)
            }
            (_, 0) => Kind::Simple,
            ("d", of) => Kind::Domain(self.part(of, depth)?),
            ("r", of) => Kind::Range(self.part(of, depth)?),
            ("m", of) => Kind::Multirange(self.part(of, depth)?),
            (_, of) => Kind::Array(self.part(of, depth)?),
        };
        let ty = Type::new(it.name.clone(), oid, kind, it.schema.clone());
        self.built.insert(oid, ty.clone());
        Ok(Some(ty))
    }

    fn part(&mut self, oid: i64, depth: usize) -> Result<Type> {
        let oid = narrow(oid);
        // Dropped between two looks of the server into its catalog: nothing reads it.
        let gone = || Type::new(format!("type with OID {oid}"), oid, Kind::Simple, String::new());
        Ok(self.build(oid, depth + 1)?.unwrap_or_else(gone))
    }
}

/// An OID that was sent as `bigint`; no type has the OID 0.
fn narrow(oid: i64) -> Oid {
    Oid::try_from(oid).unwrap_or(0)
}

/// The attributes of a composite type, for people.
fn fields(ty: &Type) -> String {
    match base_type(ty).kind() {
        Kind::Composite(fields) => {
            let names: Vec<&str> = fields.iter().map(Field::name).collect();
            format!("; its fields are now ({})", names.join(", "))
        }
        _ => String::new(),
    }
}
