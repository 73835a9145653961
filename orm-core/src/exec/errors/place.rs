//! Which table and column an error is about, where neither the server nor the driver says so: found in the statement.

use crate::error::{Error, Unplaced};
use crate::query::node::{
    Columns, Conflict, From, FromItem, InsertRows, MergeAction, Node, Output, Param, Piece,
    RowsOfColumn, Select, Statement,
};
use crate::schema::{Column, Table};
use crate::types::DeclaredType;

/// The same error with the table and column that it is about; `params` are the parameters of the statement.
#[cold]
pub(crate) fn placed(error: Error, statement: &Statement, params: &[&Param]) -> Error {
    match error.unplaced() {
        Some(Unplaced::Cell { number: Some(number), .. }) => {
            match column_of_cell(statement, *number) {
                Some((table, column)) => error.in_column(table, column),
                None => error,
            }
        }
        Some(Unplaced::Cell { .. }) => error,
        Some(Unplaced::Parameter { number, .. }) => {
            let param = params.get(*number).copied();
            match param.and_then(|param| column_of_param(statement, param)) {
                Some(place) => of_parameter(error, place),
                None => error,
            }
        }
        None => by_type(error, statement),
    }
}

/// A column of a source: its table or the name of the source, its name, and what is declared of it.
type Place<'s> = (&'s str, &'s str, Option<&'s Column>);

fn of_parameter(error: Error, (table, column, declared): Place<'_>) -> Error {
    let ty = declared.map(|column| format!(" ({})", column.data_type)).unwrap_or_default();
    error.of_parameter(table, column, &ty)
}

/// The sources of a select.
fn sources(select: &Select) -> impl Iterator<Item = &FromItem> {
    select.from.iter().chain(select.joins.iter().map(|join| &join.source))
}

fn table_of(item: &FromItem) -> Option<&'static Table> {
    match item.from {
        From::Table(table) | From::Sample(table, ..) => Some(table),
        _ => None,
    }
}

/// A column of a source by their names.
fn place<'s>(statement: &'s Statement, source: &'s str, column: &'s str) -> Place<'s> {
    let table = match target(statement) {
        Some((name, table)) if name == source || is_keyword(source) => Some(table),
        _ => items(statement).into_iter().find(|item| item.name == source).and_then(table_of),
    };
    match table {
        Some(table) => (&table.name, column, table.column(column)),
        None => (source, column, None),
    }
}

/// Whether it names a row of the table that is changed.
fn is_keyword(source: &str) -> bool {
    matches!(source, "excluded" | "old" | "new")
}

/// The table that is changed, and its name in the statement.
fn target(statement: &Statement) -> Option<(&'static str, &'static Table)> {
    let target = match statement {
        Statement::Insert(insert) => insert.target,
        Statement::Update(update) => update.target,
        Statement::Delete(delete) => delete.target,
        Statement::Merge(merge) => merge.target,
        _ => return None,
    };
    Some((target.name, target.table))
}

/// What is read besides the table that is changed.
fn items(statement: &Statement) -> Vec<&FromItem> {
    match statement {
        Statement::Select(select) | Statement::Count(select) | Statement::Exists(select) => {
            sources(select).collect()
        }
        Statement::Update(update) => {
            update.from.iter().chain(update.joins.iter().map(|join| &join.source)).collect()
        }
        Statement::Delete(delete) => {
            delete.using.iter().chain(delete.joins.iter().map(|join| &join.source)).collect()
        }
        Statement::Merge(merge) => vec![&merge.source],
        _ => Vec::new(),
    }
}

fn outputs(statement: &Statement) -> &[Output] {
    match statement {
        Statement::Select(select) => {
            let mut select = select;
            while let Some(set) = &select.set {
                select = &set.left;
            }
            &select.outputs
        }
        Statement::Insert(insert) => &insert.returning,
        Statement::Update(update) => &update.returning,
        Statement::Delete(delete) => &delete.returning,
        Statement::Merge(merge) => &merge.returning,
        _ => &[],
    }
}

/// Each column that is given; none for what is computed.
fn columns_given(statement: &Statement) -> Vec<Option<(&str, &str)>> {
    let mut columns = Vec::new();
    for output in outputs(statement) {
        match output {
            Output::Source(source, Columns::Table(table) | Columns::WithTexts(table, _)) => {
                columns.extend(table.columns.iter().map(|column| Some((*source, &*column.name))));
            }
            Output::Source(source, Columns::Names(names) | Columns::NamesWithTexts(names, _)) => {
                columns.extend(names.iter().map(|name| Some((*source, *name))));
            }
            Output::Node(node) | Output::Named(node, _) | Output::Text(node, ..) => {
                columns.push(column(node));
            }
            Output::Relation(_) => columns.push(None),
        }
    }
    columns
}

fn column_of_cell(statement: &Statement, number: usize) -> Option<(&str, &str)> {
    let (source, column) = columns_given(statement).get(number).copied().flatten()?;
    let (table, column, _) = place(statement, source, column);
    Some((table, column))
}

fn column(node: &Node) -> Option<(&str, &str)> {
    match node {
        Node::Column { source, column } => Some((source, column)),
        Node::ColumnOfRow(row, column) => Some((row, column)),
        Node::Shared(node) => self::column(node),
        _ => None,
    }
}

/// What is set, and to what.
fn assignments(statement: &Statement) -> Vec<(&str, &Node)> {
    match statement {
        Statement::Insert(insert) => {
            let table = insert.target.table;
            let name = |place: &usize| table.columns.get(*place).map(|column| &*column.name);
            let names: Vec<&str> = insert.columns.iter().filter_map(name).collect();
            let of_row = |row: &'_ [Node]| row.len();
            let mut found: Vec<(&str, &Node)> = match &insert.rows {
                InsertRows::Values(rows) => rows
                    .iter()
                    .filter(|row| of_row(row) == names.len())
                    .flat_map(|row| names.iter().copied().zip(row))
                    .collect(),
                InsertRows::Unnest(arrays, _) => names.iter().copied().zip(arrays).collect(),
                InsertRows::Regrouped(columns, ..) => names
                    .iter()
                    .copied()
                    .zip(columns)
                    .filter_map(|(name, column)| match column {
                        RowsOfColumn::One(node) => Some((name, node)),
                        RowsOfColumn::Arrays { .. } => None,
                    })
                    .collect(),
                InsertRows::Select(_) => Vec::new(),
            };
            if let Some(Conflict { update: Some(update), .. }) = &insert.conflict {
                found.extend(update.set.iter().map(|(name, node)| (*name, node)));
            }
            found
        }
        Statement::Update(update) => update.set.iter().map(|(name, node)| (*name, node)).collect(),
        Statement::Merge(merge) => {
            let set = merge.when.iter().filter_map(|when| match &when.action {
                MergeAction::Insert(set) | MergeAction::Update(set) => Some(set),
                _ => None,
            });
            set.flatten().map(|(name, node)| (*name, node)).collect()
        }
        _ => Vec::new(),
    }
}

/// The conditions of a statement.
fn conditions(statement: &Statement) -> Vec<&Node> {
    match statement {
        Statement::Select(select) | Statement::Count(select) | Statement::Exists(select) => {
            let on = select.joins.iter().filter_map(|join| join.on.as_ref());
            select.filters.iter().chain(&select.having).chain(on).collect()
        }
        Statement::Insert(insert) => match &insert.conflict {
            Some(Conflict { update: Some(update), .. }) => update.filters.iter().collect(),
            _ => Vec::new(),
        },
        Statement::Update(update) => update.filters.iter().collect(),
        Statement::Delete(delete) => delete.filters.iter().collect(),
        Statement::Merge(merge) => {
            let filters = merge.when.iter().flat_map(|when| &when.filters);
            std::iter::once(&merge.on).chain(filters).collect()
        }
        _ => Vec::new(),
    }
}

fn column_of_param<'s>(statement: &'s Statement, param: &Param) -> Option<Place<'s>> {
    let is_it = |node: &Node| holds(node, param);
    if let Some((name, _)) = assignments(statement).into_iter().find(|(_, node)| is_it(node)) {
        let (source, _) = target(statement)?;
        return Some(place(statement, source, name));
    }
    if let Statement::Insert(insert) = statement
        && let InsertRows::Regrouped(columns, ..) = &insert.rows
    {
        let is_it = |column: &RowsOfColumn| matches!(column, RowsOfColumn::Arrays { elements, .. } if elements.value.is_same(&param.value));
        let number = columns.iter().position(is_it)?;
        let column = insert.target.table.columns.get(*insert.columns.get(number)?)?;
        return Some((&insert.target.table.name, &column.name, Some(column)));
    }
    let (source, column) =
        conditions(statement).into_iter().find_map(|node| compared(node, param))?;
    Some(place(statement, source, column))
}

fn is_param(node: &Node, param: &Param) -> bool {
    match node {
        Node::Param(other) | Node::Typed(other) | Node::Unnest(other) => {
            other.value.is_same(&param.value)
        }
        Node::Shared(node) => is_param(node, param),
        _ => false,
    }
}

/// Whether the value is part of an expression.
fn holds(node: &Node, param: &Param) -> bool {
    let within = |node: &Node| holds(node, param);
    match node {
        Node::Binary(both, _) | Node::Quantified(both, _) => within(&both.0) || within(&both.1),
        Node::Prefix(_, node)
        | Node::Postfix(node, _)
        | Node::Cast(node, _)
        | Node::Collate(node, ..) => within(node),
        Node::Call(call) => call.arguments.iter().any(within),
        Node::Row(nodes) | Node::Array(nodes) => nodes.iter().any(within),
        Node::Case(cases, otherwise) => {
            cases.iter().any(|(_, then)| within(then)) || otherwise.as_deref().is_some_and(within)
        }
        Node::Fragment(pieces) | Node::Enclosed(pieces) => {
            pieces.iter().any(|piece| matches!(piece, Piece::Node(node) if within(node)))
        }
        _ => is_param(node, param),
    }
}

/// The column that a value is compared with.
fn compared<'n>(node: &'n Node, param: &Param) -> Option<(&'n str, &'n str)> {
    match node {
        Node::Binary(both, _) | Node::Quantified(both, _) => match (&both.0, &both.1) {
            (Node::Row(one), Node::Row(other)) => {
                let pairs = || one.iter().zip(other);
                let forth = pairs()
                    .find_map(|(one, other)| is_param(other, param).then(|| column(one)).flatten());
                let back = || {
                    pairs().find_map(|(one, other)| {
                        is_param(one, param).then(|| column(other)).flatten()
                    })
                };
                forth.or_else(back)
            }
            (one, other) if holds(other, param) => column(one).or_else(|| compared(other, param)),
            (one, other) if holds(one, param) => column(other).or_else(|| compared(one, param)),
            (one, other) => compared(one, param).or_else(|| compared(other, param)),
        },
        Node::And(nodes) | Node::Or(nodes) => nodes.iter().find_map(|node| compared(node, param)),
        Node::Prefix(_, node) | Node::Postfix(node, _) => compared(node, param),
        Node::Shared(node) => compared(node, param),
        Node::Fragment(pieces) | Node::Enclosed(pieces) => {
            let nodes = || {
                pieces.iter().filter_map(|piece| match piece {
                    Piece::Node(node) => Some(node),
                    _ => None,
                })
            };
            if nodes().any(|node| is_param(node, param)) {
                return nodes().find_map(column);
            }
            nodes().find_map(|node| compared(node, param))
        }
        _ => None,
    }
}

/// The server names a type, and neither table nor column: those that have the type are found in the statement.
fn by_type(error: Error, statement: &Statement) -> Error {
    if error.column().is_some() {
        return error;
    }
    let message = error.to_string();
    let Some((ty, is_given)) = type_of(&error, &message) else { return error };
    let columns: Vec<(&Table, &Column)> = if is_given {
        let found = columns_given(statement).into_iter().flatten();
        found.filter_map(|(source, column)| declared(statement, source, column)).collect()
    } else {
        let (source, _) = target(statement).unzip();
        let set = assignments(statement).into_iter().map(|(name, _)| (source, name));
        let compared = conditions(statement).into_iter().flat_map(columns_within);
        let all = set.chain(compared.map(|(source, column)| (Some(source), column)));
        all.filter_map(|(source, column)| declared(statement, source?, column)).collect()
    };
    let mut names: Vec<(&str, &str)> = Vec::new();
    for (table, column) in columns {
        let name = (&*table.name, &*column.name);
        if is_type(&column.data_type, &ty) && !names.contains(&name) {
            names.push(name);
        }
    }
    match names.as_slice() {
        [] => error,
        [(table, column)] => {
            let message = format!("{message} (column \"{table}\".\"{column}\")");
            error.with_message(message).at(Some(table), Some(column))
        }
        [(table, _), ..] => {
            let list: Vec<String> =
                names.iter().map(|(table, column)| format!("\"{table}\".\"{column}\"")).collect();
            let message = format!("{message} (one of the columns {})", list.join(", "));
            error.with_message(message).at(Some(table), None)
        }
    }
}

fn declared<'s>(
    statement: &'s Statement,
    source: &'s str,
    column: &'s str,
) -> Option<(&'static Table, &'static Column)> {
    let table = match target(statement) {
        Some((name, table)) if name == source || is_keyword(source) => table,
        _ => table_of(items(statement).into_iter().find(|item| item.name == source)?)?,
    };
    Some((table, table.column(column)?))
}

/// The columns that conditions compare.
fn columns_within(node: &Node) -> Vec<(&str, &str)> {
    match node {
        Node::Binary(both, _) | Node::Quantified(both, _) => {
            let mut found = columns_within(&both.0);
            found.extend(columns_within(&both.1));
            found
        }
        Node::And(nodes) | Node::Or(nodes) | Node::Row(nodes) => {
            nodes.iter().flat_map(columns_within).collect()
        }
        Node::Prefix(_, node) | Node::Postfix(node, _) => columns_within(node),
        Node::Fragment(pieces) | Node::Enclosed(pieces) => {
            let nodes = pieces.iter().filter_map(|piece| match piece {
                Piece::Node(node) => Some(node),
                _ => None,
            });
            nodes.flat_map(columns_within).collect()
        }
        node => column(node).into_iter().collect(),
    }
}

/// The type that the server names in its message, and whether values of it are given, not taken.
fn type_of(error: &Error, message: &str) -> Option<(String, bool)> {
    let after = |words: &str| {
        let (_, rest) = message.rsplit_once(words)?;
        let end = rest.find(": ").unwrap_or(rest.len());
        rest.get(..end).map(str::to_owned)
    };
    match error.sqlstate()? {
        // A value too long, out of range, of no such syntax or label (manual, appendix A).
        "22001" | "22026" | "22P02" | "22007" | "22P03" => after(" for type ")
            .or_else(|| after(" match type "))
            .or_else(|| after(" for enum "))
            .map(|ty| (ty, false)),
        "22003" => {
            if let Some(detail) = error.detail()
                && let Some((_, rest)) = detail.split_once("precision ")
                && let Some((precision, rest)) = rest.split_once(", scale ")
            {
                let scale: String =
                    rest.chars().take_while(|it| *it == '-' || it.is_ascii_digit()).collect();
                return Some((format!("numeric({precision},{scale})"), false));
            }
            let (before, _) = message.rsplit_once(" out of range")?;
            let ty = before.rsplit_once(": ").map_or(before, |(_, ty)| ty);
            Some((ty.to_owned(), false))
        }
        "42883" => {
            after("no binary output function available for type ").map(|ty| (ty, true)).or_else(
                || after("no binary input function available for type ").map(|ty| (ty, false)),
            )
        }
        _ => None,
    }
}

/// Whether the one is how a program declares the other.
fn is_type(declared: &str, reported: &str) -> bool {
    let modifiers = |text: &str| -> Option<String> {
        let (_, rest) = text.split_once('(')?;
        let (inside, _) = rest.split_once(')')?;
        Some(inside.split(',').map(str::trim).collect::<Vec<_>>().join(","))
    };
    let (one, other) = (DeclaredType::named(declared).ty(), DeclaredType::named(reported).ty());
    let is_same = one.name() == other.name();
    // A scale that is not declared is 0.
    let of_declared = modifiers(declared);
    let same_modifiers = modifiers(reported).is_none_or(|reported| {
        of_declared.as_ref().is_some_and(|it| *it == reported || format!("{it},0") == reported)
    });
    is_same && same_modifiers
}
