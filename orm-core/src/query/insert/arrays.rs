//! The arrays of a column of an array type, for many rows: as the elements of all of them, since an array of arrays has the
//! same number of elements in each.

use super::super::node::{AnyValue, Node, PARAMS_MAX, Param, RowsOfColumn};
use super::super::select::shared;
use crate::types::{Failure, Parameter, each_element, is_sent_as_text, put_quoted};
use bytes::{Buf as _, BufMut as _, BytesMut};
use postgres_types::{IsNull, Type};
use std::sync::Arc;

/// What is sent of the arrays.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// Their elements.
    Elements,
    /// For each element the number of its row.
    Rows,
    /// For each row whether it has an array.
    Given,
}

#[derive(Debug)]
struct Arrays<V> {
    values: Arc<Vec<V>>,
    part: Part,
    /// The type of the arrays.
    ty: Type,
}

/// One column for many rows; `ty` is its type, which is that of an array.
pub(super) fn regrouped<V: Parameter + 'static>(values: Vec<V>, ty: &Type) -> RowsOfColumn {
    let values = Arc::new(values);
    let param = |part, sent_as: Type| {
        let arrays = Arrays { values: Arc::clone(&values), part, ty: ty.clone() };
        Param::new(Arc::new(arrays), sent_as)
    };
    RowsOfColumn::Arrays {
        elements: param(Part::Elements, ty.clone()),
        rows: shared(Node::Param(param(Part::Rows, Type::INT4_ARRAY))),
        given: param(Part::Given, Type::BOOL_ARRAY),
    }
}

/// The number of rows, as the last parameter but those of arrays.
pub(super) fn row_count(count: usize) -> Param {
    Param::of(i32::try_from(count).unwrap_or(i32::MAX))
}

/// The values of nodes, where all are values.
pub(super) fn values_of<'a>(mut nodes: impl Iterator<Item = &'a Node>) -> Option<Vec<AnyValue>> {
    nodes.try_fold(Vec::new(), |mut values, node| match node {
        Node::Param(param) => {
            values.push(param.value.shared());
            Some(values)
        }
        _ => None,
    })
}

/// An array of one dimension: its flags, the OID of its elements, how many there are, and their bytes.
struct Read<'a> {
    has_nulls: bool,
    element: u32,
    count: i32,
    bytes: &'a [u8],
}

fn read(mut bytes: &[u8]) -> Result<Read<'_>, Failure> {
    let dimensions = bytes.try_get_i32()?;
    let has_nulls = bytes.try_get_i32()? != 0;
    let element = bytes.try_get_u32()?;
    match dimensions {
        0 => Ok(Read { has_nulls, element, count: 0, bytes: &[] }),
        1 => {
            let count = bytes.try_get_i32()?;
            if bytes.try_get_i32()? != 1 {
                return Err(too_many("whose subscripts do not begin with 1"));
            }
            Ok(Read { has_nulls, element, count, bytes })
        }
        _ => Err(too_many("of several dimensions")),
    }
}

fn too_many(which: &str) -> Failure {
    format!("there are too many rows with an array {which} for the {PARAMS_MAX} parameters of a statement; use `orm::copy_in`").into()
}

/// Puts the head of an array, whose number of elements is not known yet.
fn begin(element: u32, out: &mut BytesMut) -> usize {
    let start = out.len();
    out.put_i32(1);
    out.put_i32(0);
    out.put_u32(element);
    out.put_i32(0);
    out.put_i32(1);
    start
}

/// Puts into the head what was not known.
fn end(start: usize, has_nulls: bool, element: u32, count: i32, out: &mut BytesMut) {
    let mut head = BytesMut::new();
    head.put_i32(i32::from(has_nulls));
    head.put_u32(element);
    head.put_i32(count);
    if let Some(place) = out.get_mut(start + 4..start + 16) {
        place.copy_from_slice(&head);
    }
}

impl<V: Parameter> Arrays<V> {
    /// Hands each row to `each`: its array, or none where it is NULL.
    fn each(
        &self,
        ty: &Type,
        mut each: impl FnMut(Option<Read<'_>>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut bytes = BytesMut::new();
        let ty = if is_sent_as_text(ty) { &Type::TEXT_ARRAY } else { ty };
        for value in self.values.iter() {
            bytes.clear();
            match value.write_as(ty, &mut bytes)? {
                IsNull::Yes => each(None)?,
                IsNull::No => each(Some(read(&bytes)?))?,
            }
        }
        Ok(())
    }

    fn elements(&self, ty: &Type, out: &mut BytesMut) -> Result<(), Failure> {
        if is_sent_as_text(ty) {
            return self.texts(out);
        }
        let start = begin(0, out);
        let (mut count, mut has_nulls, mut element) = (0_i32, false, 0);
        self.each(ty, |array| {
            if let Some(array) = array {
                (has_nulls, element) = (has_nulls | array.has_nulls, array.element);
                count = count.checked_add(array.count).ok_or("there are too many elements")?;
                out.put_slice(array.bytes);
            }
            Ok(())
        })?;
        if element == 0 {
            // All are NULL: of an empty array the server takes the type of the parameter.
            element = element_oid(ty);
        }
        end(start, has_nulls, element, count, out);
        Ok(())
    }

    /// The elements as the text of one array.
    fn texts(&self, out: &mut BytesMut) -> Result<(), Failure> {
        let mut separator = b'{';
        let mut array = BytesMut::new();
        for value in self.values.iter() {
            array.clear();
            if matches!(value.write_as(&Type::TEXT_ARRAY, &mut array)?, IsNull::Yes) {
                continue;
            }
            let is_whole = each_element(&array, |element| {
                out.put_u8(std::mem::replace(&mut separator, b','));
                put_quoted(element, out);
                Some(())
            });
            is_whole.ok_or("an array is shorter than it says")?;
        }
        if separator == b'{' {
            out.put_u8(separator);
        }
        out.put_u8(b'}');
        Ok(())
    }

    fn rows(&self, out: &mut BytesMut) -> Result<(), Failure> {
        let start = begin(Type::INT4.oid(), out);
        let (mut count, mut row) = (0_i32, 0_i32);
        self.each(&self.ty, |array| {
            row = row.checked_add(1).ok_or("there are too many rows")?;
            for _ in 0..array.map_or(0, |array| array.count) {
                out.put_i32(4);
                out.put_i32(row);
                count = count.checked_add(1).ok_or("there are too many elements")?;
            }
            Ok(())
        })?;
        end(start, false, Type::INT4.oid(), count, out);
        Ok(())
    }

    fn given(&self, out: &mut BytesMut) -> Result<(), Failure> {
        let start = begin(Type::BOOL.oid(), out);
        self.each(&self.ty, |array| {
            out.put_i32(1);
            out.put_u8(u8::from(array.is_some()));
            Ok(())
        })?;
        end(start, false, Type::BOOL.oid(), i32::try_from(self.values.len())?, out);
        Ok(())
    }
}

fn element_oid(ty: &Type) -> u32 {
    match ty.kind() {
        postgres_types::Kind::Array(element) => element.oid(),
        _ => 0,
    }
}

impl<V: Parameter> Parameter for Arrays<V> {
    fn write_as(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self.part {
            Part::Elements => self.elements(ty, out)?,
            Part::Rows => self.rows(out)?,
            Part::Given => self.given(out)?,
        }
        Ok(IsNull::No)
    }
}
