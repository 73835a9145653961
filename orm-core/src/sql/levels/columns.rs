//! What each level of a query with relations selects, and which columns of the statement that is.

use super::{is_level, table_of};
use crate::query::node::{Columns, NestedSelect, Node, Output, Select};
use crate::sql::writer::Writer;
use crate::types::levels::{LevelCell, LevelPlan, LevelShape};

/// A level: the rows of the query, or of one relation.
pub(super) struct Level<'a> {
    /// The name of its common table expression.
    pub(super) name: String,
    pub(super) select: &'a Select,
    /// The relation; none at the first level.
    pub(super) nested: Option<&'a NestedSelect>,
    /// The level above.
    pub(super) parent: usize,
    /// The columns of the level above that its rows are found by.
    pub(super) parent_key: Vec<usize>,
    /// Those columns of its own.
    key: Vec<usize>,
    pub(super) columns: Vec<LevelColumn<'a>>,
    cells: Vec<Cell>,
}

/// A column of a level.
pub(super) struct LevelColumn<'a> {
    what: What<'a>,
    /// What it is cast to where it is sent.
    pub(super) text: Option<&'static str>,
    /// Its type, where it is known.
    data_type: Option<&'a str>,
}

#[derive(Clone, Copy)]
enum What<'a> {
    Column(&'static str, &'static str),
    Node(&'a Node),
    /// A column in rows that have related rows, NULL in others.
    Key(&'static str, &'static str, &'a [(&'static str, Node)]),
    /// A relation that is no level.
    Relation(&'a NestedSelect),
}

/// A cell of a row of a level.
enum Cell {
    Column(usize),
    Level(usize),
}

impl<'a> LevelColumn<'a> {
    pub(super) fn write(&self, writer: &mut Writer<'a>) {
        match self.what {
            What::Column(source, column) => writer.column(source, column),
            What::Node(node) => writer.node(node),
            What::Key(source, column, values) => {
                writer.push("CASE WHEN ");
                writer.separated(" AND ", values, |writer, (of, value)| {
                    writer.column(source, of);
                    writer.push(" = ");
                    writer.term(value);
                });
                writer.push(" THEN ");
                writer.column(source, column);
                writer.push(" END");
            }
            What::Relation(nested) => writer.relation(nested, true),
        }
    }
}

/// The levels of a query, each after the one above.
pub(super) fn levels(select: &Select) -> Vec<Level<'_>> {
    let name = select.from.as_ref().map_or("", |from| from.name);
    let mut levels = vec![Level::new(0, name, select)];
    let mut next = 0;
    while next < levels.len() {
        expand(&mut levels, next);
        next += 1;
    }
    levels
}

/// Gives a level its columns, and adds those of its relations that are levels.
fn expand<'a>(levels: &mut Vec<Level<'a>>, number: usize) {
    let Some(level) = levels.get_mut(number) else { return };
    let select = level.select;
    let mut relations = Vec::new();
    for output in &select.outputs {
        match output {
            Output::Relation(nested) if is_level(select, nested) => {
                level.cells.push(Cell::Level(0));
                relations.push((level.cells.len() - 1, &**nested));
            }
            Output::Relation(nested) => level.push(What::Relation(nested), None, None),
            Output::Node(node) | Output::Named(node, _) => level.push_node(node, None),
            Output::Text(node, _, text) => level.push_node(node, Some(text)),
            Output::Source(source, columns) => level.push_source(source, *columns),
        }
    }
    if let Some(nested) = level.nested {
        level.key = nested.keys.iter().map(|(_, child)| level.find(nested.child, child)).collect();
    }
    for (cell, nested) in relations {
        let added = levels.len();
        let Some(level) = levels.get_mut(number) else { return };
        let parent_key = level.keys_of(nested);
        if let Some(cell) = level.cells.get_mut(cell) {
            *cell = Cell::Level(added);
        }
        levels.push(Level {
            nested: Some(nested),
            parent: number,
            parent_key,
            ..Level::new(added, nested.name, &nested.select)
        });
    }
}

impl<'a> Level<'a> {
    fn new(number: usize, name: &str, select: &'a Select) -> Self {
        Self {
            name: format!("{number} {name}"),
            select,
            nested: None,
            parent: 0,
            parent_key: Vec::new(),
            key: Vec::new(),
            columns: Vec::new(),
            cells: Vec::new(),
        }
    }

    /// Adds a column that is a cell of its rows.
    fn push(&mut self, what: What<'a>, text: Option<&'static str>, data_type: Option<&'a str>) {
        self.cells.push(Cell::Column(self.columns.len()));
        self.columns.push(LevelColumn { what, text, data_type });
    }

    fn push_node(&mut self, node: &'a Node, text: Option<&'static str>) {
        match node {
            Node::Column { source, column } => {
                self.push(What::Column(source, column), text, self.data_type(source, column));
            }
            node => self.push(What::Node(node), text, None),
        }
    }

    fn push_source(&mut self, source: &'static str, columns: Columns) {
        match columns {
            Columns::Table(table) => {
                for column in table.columns.iter() {
                    self.push(What::Column(source, &column.name), None, Some(&column.data_type));
                }
            }
            Columns::WithTexts(table, fields) => {
                for (column, field) in table.columns.iter().zip(fields) {
                    let what = What::Column(source, &column.name);
                    self.push(what, field.as_text, Some(&column.data_type));
                }
            }
            Columns::Names(names) => {
                for name in names {
                    self.push(What::Column(source, name), None, None);
                }
            }
            Columns::NamesWithTexts(names, texts) => {
                for (name, text) in names.iter().zip(texts) {
                    self.push(What::Column(source, name), *text, None);
                }
            }
        }
    }

    fn data_type(&self, source: &str, column: &str) -> Option<&'a str> {
        Some(&table_of(self.select, source)?.column(column)?.data_type)
    }

    /// The table and column that a column comes from.
    fn name_of(&self, column: usize) -> Option<(&'static str, &'static str)> {
        let What::Column(source, column) = self.columns.get(column)?.what else { return None };
        Some((table_of(self.select, source).map_or(source, |table| &table.name), column))
    }

    /// The columns that the rows of a relation are found by. A key that has a NULL finds none.
    fn keys_of(&mut self, nested: &'a NestedSelect) -> Vec<usize> {
        let mut keys = nested.keys.iter();
        let mut found = Vec::with_capacity(nested.keys.len());
        if !nested.own_values.is_empty()
            && let Some((column, _)) = keys.next()
        {
            let data_type = self.data_type(nested.parent, column);
            let what = What::Key(nested.parent, column, &nested.own_values);
            found.push(self.columns.len());
            self.columns.push(LevelColumn { what, text: None, data_type });
        }
        found.extend(keys.map(|(column, _)| self.find(nested.parent, column)));
        found
    }

    /// The column of a source, which is added where the rows do not have it: one that is sent as it is.
    fn find(&mut self, source: &'static str, column: &'static str) -> usize {
        let is_it = |found: &LevelColumn<'_>| {
            found.text.is_none()
                && matches!(found.what, What::Column(of, name) if of == source && name == column)
        };
        if let Some(found) = self.columns.iter().position(is_it) {
            return found;
        }
        let data_type = self.data_type(source, column);
        self.columns.push(LevelColumn {
            what: What::Column(source, column),
            text: None,
            data_type,
        });
        self.columns.len() - 1
    }
}

/// The columns of the statement after the number of the level: each holds columns of one type, of one or several levels.
pub(super) struct Slots<'a> {
    /// The type of each; none of one that holds one column.
    types: Vec<Option<&'a str>>,
    /// For each level, the place of each of its columns.
    places: Vec<Vec<usize>>,
}

/// Whether columns of this type share one of the statement. Where the database has another type than the code declares, PostgreSQL
/// finds one type for all of them: nothing may be lost in it, as a time zone would.
fn is_shared(data_type: &str) -> bool {
    let name = data_type.split('(').next().unwrap_or_default();
    let shared = ["smallint", "integer", "bigint", "boolean", "text", "uuid", "varchar"];
    shared.contains(&name)
}

impl<'a> Slots<'a> {
    pub(super) fn of(levels: &[Level<'a>]) -> Self {
        let mut types: Vec<Option<&'a str>> = Vec::new();
        let mut places = Vec::new();
        for level in levels {
            let mut taken = vec![false; types.len()];
            let mut of_level = Vec::new();
            for column in &level.columns {
                let ty = column.text.or(column.data_type).filter(|ty| is_shared(ty));
                let free = |place: &usize| taken.get(*place) == Some(&false);
                let shared = types.iter().enumerate().filter(|(_, of)| ty.is_some() && **of == ty);
                let place = shared.map(|(place, _)| place).find(free).unwrap_or_else(|| {
                    types.push(ty);
                    types.len() - 1
                });
                taken.resize(types.len(), false);
                if let Some(taken) = taken.get_mut(place) {
                    *taken = true;
                }
                of_level.push(place);
            }
            places.push(of_level);
        }
        Self { types, places }
    }

    /// Which column of a level each holds.
    pub(super) fn columns(&self, level: usize) -> impl Iterator<Item = Option<usize>> {
        let places = self.places.get(level).map_or(&[][..], |places| &**places);
        (0..self.types.len()).map(move |slot| places.iter().position(|place| *place == slot))
    }

    /// A level and a column of it for each.
    pub(super) fn examples(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.types.len()).filter_map(|slot| {
            self.places.iter().enumerate().find_map(|(level, places)| {
                Some((level, places.iter().position(|place| *place == slot)?))
            })
        })
    }

    pub(super) fn plan(&self, levels: &[Level<'_>]) -> LevelPlan {
        let shape = |(places, level): (&Vec<usize>, &Level<'_>)| {
            let cell = |cell: &Cell| match cell {
                Cell::Column(column) => LevelCell::Column(*column, level.name_of(*column)),
                Cell::Level(related) => {
                    let key = levels.get(*related).map(|level| level.parent_key.clone());
                    LevelCell::Related { level: *related, key: key.unwrap_or_default() }
                }
            };
            LevelShape {
                // The number of the level comes first.
                columns: places.iter().map(|place| place + 1).collect(),
                cells: level.cells.iter().map(cell).collect(),
                key: level.key.clone(),
            }
        };
        LevelPlan { levels: self.places.iter().zip(levels).map(shape).collect() }
    }
}
