//! `SELECT`: the clauses in the order of the manual's page.

use super::writer::Writer;
use crate::query::node::{
    Columns, Distinct, From, FromItem, Group, Join, JoinKind, Name, Node, OrderKey, Output, Select,
    SetOperation,
};
use crate::schema::{DEFAULT_SCHEMA, Table};

impl<'a> Writer<'a> {
    /// `SELECT .. FROM ..`.
    pub(super) fn select(&mut self, select: &'a Select) {
        self.select_with(select, |writer| writer.outputs(&select.outputs));
    }

    /// `SELECT FROM ..`: only whether there are rows is asked.
    pub(super) fn select_nothing(&mut self, select: &'a Select) {
        // Equal rows are passed over by an offset once, and a position is one of the list.
        let needs_list = select.offset.is_some() && !matches!(select.distinct, Distinct::No)
            || select.order.iter().any(|key| matches!(key.node, Node::Position(_)));
        if select.set.is_some() || needs_list || !gives_a_row_for_each(&select.outputs) {
            return self.select_with(select, |writer| writer.plain_outputs(select));
        }
        self.named_ctes(&select.with);
        self.push("SELECT");
        let depth = self.depth();
        self.body(select);
        self.leave(depth);
    }

    /// `SELECT count(*) ..`: of the rows that the select would give.
    pub(super) fn count(&mut self, select: &'a Select) {
        if select.is_reduced() || !gives_a_row_for_each(&select.outputs) {
            self.push("SELECT count(*) FROM (");
            self.select_with(select, |writer| writer.plain_outputs(select));
            self.push(") AS counted");
            return;
        }
        self.named_ctes(&select.with);
        self.push("SELECT count(*)");
        let depth = self.depth();
        self.from(select);
        self.conditions(" WHERE ", &select.filters);
        self.leave(depth);
    }

    /// `SELECT EXISTS (..)`.
    pub(super) fn exists(&mut self, select: &'a Select) {
        self.push("SELECT EXISTS (");
        self.select_nothing(select);
        self.push(")");
    }

    fn select_with(&mut self, select: &'a Select, outputs: impl FnOnce(&mut Self)) {
        self.named_ctes(&select.with);
        if self.gives_rows && is_of_distinct_rows(select) {
            self.gives_rows = false;
            let texts = texts(select);
            if texts.iter().any(Option::is_some) {
                return self.with_texts(select, &texts);
            }
        }
        if let Some(set) = &select.set {
            self.gives_rows = false;
            return self.result(select, set);
        }
        // The outputs come before FROM in the text, and must know its names.
        let depth = self.depth();
        self.enter_sources(select);
        self.push("SELECT ");
        self.distinct(&select.distinct);
        outputs(self);
        self.leave(depth);
        self.body(select);
        self.leave(depth);
    }

    /// Equal rows are those whose values are equal, not their texts, and so is their order: the rows are a derived table.
    fn with_texts(&mut self, select: &'a Select, texts: &[Option<&'static str>]) {
        self.push("SELECT ");
        self.numbered_columns(texts, true);
        self.push(" FROM (");
        self.select(select);
        self.push(")");
        self.named_by_number(texts.len());
    }

    /// The columns of a derived table that names them by their numbers.
    pub(super) fn numbered_columns(&mut self, texts: &[Option<&'static str>], gives_rows: bool) {
        self.separated(", ", texts.iter().enumerate(), |writer, (place, text)| {
            let text = text.filter(|_| gives_rows);
            writer.push(if text.is_some() { "CAST(" } else { "" });
            writer.push("\"rows\".\"");
            writer.number(place + 1);
            writer.push("\"");
            writer.end_of_cast(text);
        });
    }

    /// ` AS "rows" ("1", "2", ..)`.
    pub(super) fn named_by_number(&mut self, count: usize) {
        self.push(" AS \"rows\" (");
        self.separated(", ", 1..=count, |writer, place| {
            writer.push("\"");
            writer.number(place);
            writer.push("\"");
        });
        self.push(")");
    }

    pub(super) fn end_of_cast(&mut self, text: Option<&'static str>) {
        if let Some(text) = text {
            self.push(" AS ");
            self.push(text);
            self.push(")");
        }
    }

    /// A set operation, its order and its limit. Only columns can be sorted by there: for all else it is a derived table.
    fn result(&mut self, select: &'a Select, set: &'a SetOperation) {
        let is_column =
            |key: &OrderKey| matches!(key.node, Node::Column { .. } | Node::Position(_));
        let is_distinct = !matches!(select.distinct, Distinct::No);
        if select.filters.is_empty() && !is_distinct && select.order.iter().all(is_column) {
            self.set_operation(set);
            return self.of_result(|writer| writer.tail(select));
        }
        self.push("SELECT ");
        self.of_result(|writer| writer.distinct(&select.distinct));
        self.push("* FROM (");
        self.set_operation(set);
        self.push(") AS result");
        self.of_result(|writer| {
            writer.conditions(" WHERE ", &select.filters);
            writer.tail(select);
        });
    }

    pub(super) fn distinct(&mut self, distinct: &'a Distinct) {
        match distinct {
            Distinct::No => {}
            Distinct::Rows => self.push("DISTINCT "),
            Distinct::On(keys) => {
                self.push("DISTINCT ON (");
                self.separated(", ", keys, Self::node);
                self.push(") ");
            }
        }
    }

    /// `.. UNION ..`: a side with an order, a limit or a set operation of its own is in parentheses.
    fn set_operation(&mut self, set: &'a SetOperation) {
        self.side(&set.left);
        self.push(" ");
        self.push(set.operator);
        self.push(" ");
        self.side(&set.right);
    }

    fn side(&mut self, select: &'a Select) {
        let is_plain = select.set.is_none()
            && select.order.is_empty()
            && select.limit.is_none()
            && select.offset.is_none()
            && select.locks.is_empty();
        if !is_plain {
            self.push("(");
        }
        self.select(select);
        if !is_plain {
            self.push(")");
        }
    }

    /// Everything from `FROM` on.
    pub(super) fn body(&mut self, select: &'a Select) {
        self.from(select);
        self.conditions(" WHERE ", &select.filters);
        self.group(&select.group);
        self.conditions(" HAVING ", &select.having);
        self.tail(select);
    }

    fn group(&mut self, groups: &'a [Group]) {
        if groups.is_empty() {
            return;
        }
        self.push(" GROUP BY ");
        self.separated(", ", groups, |writer, group| match group {
            Group::Key(key) => writer.node(key),
            Group::Combined(keyword, keys) => {
                writer.push(keyword);
                writer.push(" (");
                writer.separated(", ", keys, |writer, keys| match keys.as_slice() {
                    [one] => writer.node(one),
                    several => writer.key_set(several),
                });
                writer.push(")");
            }
            Group::Sets(sets) => {
                writer.push("GROUPING SETS (");
                writer.separated(", ", sets, |writer, set| writer.key_set(set));
                writer.push(")");
            }
        });
    }

    fn key_set(&mut self, keys: &'a [Node]) {
        self.push("(");
        self.separated(", ", keys, Self::node);
        self.push(")");
    }

    /// Everything after `HAVING`.
    pub(super) fn tail(&mut self, select: &'a Select) {
        self.order(&select.order);
        if !select.with_ties
            && let Some(limit) = &select.limit
        {
            self.push(" LIMIT ");
            self.param(limit);
        }
        if let Some(offset) = &select.offset {
            self.push(" OFFSET ");
            self.param(offset);
        }
        if select.with_ties
            && let Some(limit) = &select.limit
        {
            self.push(" FETCH FIRST (");
            self.param(limit);
            self.push(") ROWS WITH TIES");
        }
        for lock in &select.locks {
            self.push(" ");
            self.push(lock.strength);
            if !lock.of.is_empty() {
                self.push(" OF ");
                self.separated(", ", &lock.of, |writer, source| writer.source_name(source));
            }
            if let Some(wait) = lock.wait {
                self.push(" ");
                self.push(wait);
            }
        }
    }

    pub(super) fn enter_sources(&mut self, select: &'a Select) {
        if let Some(source) = &select.from {
            self.enter(source.name);
        }
        for join in &select.joins {
            self.enter(join.source.name);
        }
    }

    pub(super) fn from(&mut self, select: &'a Select) {
        if let Some(source) = &select.from {
            self.push(" FROM ");
            self.source(source);
        }
        self.joins(&select.joins);
    }

    pub(super) fn joins(&mut self, joins: &'a [Join]) {
        for join in joins {
            self.push(match join.kind {
                JoinKind::Inner => " INNER JOIN ",
                JoinKind::Left => " LEFT JOIN ",
                JoinKind::Right => " RIGHT JOIN ",
                JoinKind::Full => " FULL JOIN ",
                JoinKind::Cross => " CROSS JOIN ",
            });
            self.source(&join.source);
            if let Some(on) = &join.on {
                self.push(" ON ");
                self.node(on);
            }
        }
    }

    /// Writes a table. One in the default schema is left to `search_path`.
    pub(super) fn table(&mut self, table: &'static Table) {
        if table.schema != DEFAULT_SCHEMA || self.is_taken(&table.name) {
            self.ident(&table.schema);
            self.push(".");
        }
        self.ident(&table.name);
    }

    /// Writes an element of `FROM`, with the name it goes by, and brings it into reach.
    pub(super) fn source(&mut self, item: &'a FromItem) {
        if item.lateral {
            self.push("LATERAL ");
        }
        match &item.from {
            From::Table(table) => {
                self.table(table);
                self.enter(item.name);
                self.renamed(&table.name);
            }
            From::Sample(table, method, percent, seed) => {
                self.table(table);
                self.enter(item.name);
                self.renamed(&table.name);
                self.push(" TABLESAMPLE ");
                self.push(method);
                self.push(" (");
                self.param(percent);
                self.push(")");
                if let Some(seed) = seed {
                    self.push(" REPEATABLE (");
                    self.param(seed);
                    self.push(")");
                }
            }
            From::Cte(cte) => {
                let name = self.cte(cte);
                self.ident(&name);
                self.enter(item.name);
                self.renamed(&name);
            }
            From::Recursion => {
                let name = self.recursion();
                self.ident(&name);
                self.enter(item.name);
                self.renamed(&name);
            }
            From::Query(statement) => {
                self.push("(");
                self.statement(statement);
                self.push(")");
                self.named_columns(item);
            }
            From::Function(call) => {
                self.call(call);
                self.named_columns(item);
            }
            From::Values(rows) => {
                self.push("(VALUES ");
                self.separated(", ", rows.iter(), |writer, row| writer.key_set(row));
                self.push(")");
                self.named_columns(item);
            }
        }
    }

    /// ` AS name (columns)`: of what has no names of its own.
    fn named_columns(&mut self, item: &'a FromItem) {
        self.enter(item.name);
        self.push(" AS ");
        self.last_source();
        self.column_names(item.columns);
    }

    /// ` (columns)`.
    pub(super) fn column_names(&mut self, columns: Columns) {
        if matches!(columns, Columns::Names([])) {
            return;
        }
        self.push(" (");
        match columns {
            Columns::Table(table) | Columns::WithTexts(table, _) => {
                self.separated(", ", table.columns.iter(), |writer, column| {
                    writer.ident(&column.name);
                });
            }
            Columns::Names(names) | Columns::NamesWithTexts(names, _) => {
                self.separated(", ", names, |writer, name| writer.ident(name));
            }
        }
        self.push(")");
    }

    /// What the select gives.
    pub(super) fn outputs(&mut self, outputs: &'a [Output]) {
        self.select_list(outputs, true);
    }

    /// The same within `ROW(..)`, whose fields have no names.
    pub(super) fn fields(&mut self, outputs: &'a [Output]) {
        self.select_list(outputs, false);
    }

    fn select_list(&mut self, outputs: &'a [Output], has_names: bool) {
        let gives_rows = std::mem::take(&mut self.gives_rows);
        self.separated(", ", outputs, |writer, output| match output {
            Output::Source(source, Columns::WithTexts(table, fields)) if gives_rows => {
                let columns = table.columns.iter().zip(*fields);
                writer.separated(", ", columns, |writer, (column, field)| {
                    writer.push(if field.as_text.is_some() { "CAST(" } else { "" });
                    writer.column(source, &column.name);
                    writer.end_of_cast(field.as_text);
                });
            }
            Output::Source(source, Columns::NamesWithTexts(names, texts)) if gives_rows => {
                writer.separated(", ", names.iter().zip(*texts), |writer, (column, text)| {
                    writer.push(if text.is_some() { "CAST(" } else { "" });
                    writer.column(source, column);
                    writer.end_of_cast(*text);
                });
            }
            Output::Source(source, columns) => writer.columns_of(source, *columns),
            Output::Node(node) => writer.node(node),
            Output::Named(node, name) => {
                writer.node(node);
                writer.named(Some(name).filter(|_| has_names));
            }
            Output::Text(node, name, text) => {
                writer.push(if gives_rows { "CAST(" } else { "" });
                writer.node(node);
                writer.end_of_cast(gives_rows.then_some(text));
                writer.named(name.as_ref().filter(|_| has_names));
            }
            Output::Relation(nested) => writer.relation(nested, gives_rows),
        });
    }

    fn named(&mut self, name: Option<&Name>) {
        if let Some(name) = name {
            self.push(" AS ");
            self.ident(name);
        }
    }

    /// The columns of a source, as they are.
    pub(super) fn columns_of(&mut self, source: &str, columns: Columns) {
        match columns {
            Columns::Table(table) | Columns::WithTexts(table, _) => {
                self.separated(", ", table.columns.iter(), |writer, column| {
                    writer.column(source, &column.name);
                });
            }
            Columns::Names(names) | Columns::NamesWithTexts(names, _) => {
                self.separated(", ", names, |writer, column| writer.column(source, column));
            }
        }
    }

    /// What the select gives, but for relations: they add no rows, unless they make two rows differ.
    fn plain_outputs(&mut self, select: &'a Select) {
        let counts_equal_rows_once = !matches!(select.distinct, Distinct::No);
        let plain = select
            .outputs
            .iter()
            .filter(|output| counts_equal_rows_once || !matches!(output, Output::Relation(_)));
        self.separated(", ", plain, |writer, output| {
            writer.outputs(std::slice::from_ref(output));
        });
    }
}

/// Whether the list is of columns, and so gives a row for each that is read: an aggregate would make them one.
fn gives_a_row_for_each(outputs: &[Output]) -> bool {
    outputs.iter().all(|output| {
        matches!(
            output,
            Output::Source(..)
                | Output::Relation(_)
                | Output::Node(Node::Column { .. })
                | Output::Text(Node::Column { .. }, ..)
        )
    })
}

/// Whether the values of the list decide how many rows there are, or their order.
fn is_of_distinct_rows(select: &Select) -> bool {
    select.set.is_some()
        || !matches!(select.distinct, Distinct::No)
        || select.order.iter().any(|key| matches!(key.node, Node::Position(_)))
}

/// What each column of the rows is cast to.
pub(super) fn texts(select: &Select) -> Vec<Option<&'static str>> {
    if let Some(set) = &select.set {
        return texts(&set.left);
    }
    let mut texts = Vec::new();
    for output in &select.outputs {
        match output {
            Output::Source(_, Columns::WithTexts(_, fields)) => {
                texts.extend(fields.iter().map(|field| field.as_text));
            }
            Output::Source(_, Columns::Table(table)) => {
                texts.extend(table.columns.iter().map(|_| None));
            }
            Output::Source(_, Columns::Names(names)) => texts.extend(names.iter().map(|_| None)),
            Output::Source(_, Columns::NamesWithTexts(_, of_names)) => texts.extend(*of_names),
            Output::Text(_, _, text) => texts.push(Some(*text)),
            Output::Node(_) | Output::Named(..) | Output::Relation(_) => texts.push(None),
        }
    }
    texts
}
