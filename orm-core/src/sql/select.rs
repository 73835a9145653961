//! `SELECT`: the clauses in the order of the manual's page.

use super::writer::Writer;
use crate::query::node::{JoinKind, Output, Select};

impl<'a> Writer<'a> {
    /// `SELECT .. FROM ..`.
    pub(super) fn select(&mut self, select: &'a Select) {
        self.select_with(select, |writer| writer.outputs(&select.outputs));
    }

    /// `SELECT FROM ..`: only whether there are rows is asked.
    pub(super) fn select_nothing(&mut self, select: &'a Select) {
        self.push("SELECT");
        let depth = self.depth();
        self.body(select);
        self.leave(depth);
    }

    /// `SELECT count(*) ..`: of the rows that the select would give.
    pub(super) fn count(&mut self, select: &'a Select) {
        if select.distinct || select.limit.is_some() || select.offset.is_some() {
            self.push("SELECT count(*) FROM (");
            self.select_with(select, |writer| writer.plain_outputs(&select.outputs));
            self.push(") AS counted");
            return;
        }
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
        self.push(if select.distinct { "SELECT DISTINCT " } else { "SELECT " });
        // The outputs come before FROM in the text, and must know its names.
        let depth = self.depth();
        self.enter_sources(select);
        outputs(self);
        self.leave(depth);
        self.body(select);
        self.leave(depth);
    }

    /// Everything from `FROM` on.
    pub(super) fn body(&mut self, select: &'a Select) {
        self.from(select);
        self.conditions(" WHERE ", &select.filters);
        self.tail(select);
    }

    /// Everything after `WHERE`.
    pub(super) fn tail(&mut self, select: &'a Select) {
        self.order(&select.order);
        if let Some(limit) = &select.limit {
            self.push(" LIMIT ");
            self.param(limit);
        }
        if let Some(offset) = &select.offset {
            self.push(" OFFSET ");
            self.param(offset);
        }
        if let Some(lock) = select.lock {
            self.push(" ");
            self.push(lock);
        }
    }

    pub(super) fn enter_sources(&mut self, select: &'a Select) {
        self.enter(select.from.name);
        for join in &select.joins {
            self.enter(join.source.name);
        }
    }

    pub(super) fn from(&mut self, select: &'a Select) {
        self.push(" FROM ");
        self.source(&select.from);
        for join in &select.joins {
            self.push(match join.kind {
                JoinKind::Inner => " INNER JOIN ",
                JoinKind::Left => " LEFT JOIN ",
            });
            self.source(&join.source);
            self.push(" ON ");
            self.node(&join.on);
        }
    }

    /// What the select gives.
    pub(super) fn outputs(&mut self, outputs: &'a [Output]) {
        self.separated(", ", outputs, |writer, output| match output {
            Output::Source(source) => {
                writer.separated(", ", source.table.columns.iter(), |writer, column| {
                    writer.column(source.name, &column.name);
                });
            }
            Output::Node(node) => writer.node(node),
            Output::Relation(nested) => writer.relation(nested),
        });
    }

    /// What the select gives, but for relations: they add no rows.
    fn plain_outputs(&mut self, outputs: &'a [Output]) {
        let plain = outputs.iter().filter(|output| !matches!(output, Output::Relation(_)));
        self.separated(", ", plain, |writer, output| {
            writer.outputs(std::slice::from_ref(output));
        });
    }
}
