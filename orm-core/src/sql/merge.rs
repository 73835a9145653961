//! `MERGE`, `TRUNCATE`, `REFRESH MATERIALIZED VIEW`: the clauses in the order of the manual's pages.

use super::writer::Writer;
use crate::query::node::{MergeAction, MergeNode, MergeWhen};
use crate::query::{Refresh, Truncate};

impl<'a> Writer<'a> {
    /// `MERGE INTO .. USING .. ON .. WHEN ..`.
    pub(super) fn merge(&mut self, merge: &'a MergeNode) {
        self.named_ctes(&merge.with);
        let depth = self.depth();
        self.push("MERGE INTO ");
        self.target(&merge.target);
        self.push(" USING ");
        self.source(&merge.source);
        self.push(" ON ");
        self.node(&merge.on);
        for when in &merge.when {
            self.merge_when(when);
        }
        self.returning(&merge.returning);
        self.leave(depth);
    }

    fn merge_when(&mut self, when: &'a MergeWhen) {
        self.push(" WHEN ");
        self.push(when.when);
        self.conditions(" AND ", &when.filters);
        self.push(" THEN ");
        match &when.action {
            MergeAction::Nothing => self.push("DO NOTHING"),
            MergeAction::Delete => self.push("DELETE"),
            MergeAction::Update(set) => {
                self.push("UPDATE SET ");
                self.assignments(set);
            }
            MergeAction::Insert(set) if set.is_empty() => self.push("INSERT DEFAULT VALUES"),
            MergeAction::Insert(set) => {
                self.push("INSERT (");
                self.separated(", ", set, |writer, (column, _)| writer.ident(column));
                self.push(") VALUES (");
                self.separated(", ", set, |writer, (_, node)| writer.node(node));
                self.push(")");
            }
        }
    }

    /// `TRUNCATE TABLE ..`.
    pub(super) fn truncate(&mut self, truncate: &'a Truncate) {
        self.push("TRUNCATE TABLE ");
        self.separated(", ", &truncate.tables, |writer, table| writer.table(table));
        if truncate.restarts {
            self.push(" RESTART IDENTITY");
        }
        if truncate.cascades {
            self.push(" CASCADE");
        }
    }

    /// `REFRESH MATERIALIZED VIEW ..`.
    pub(super) fn refresh(&mut self, refresh: &'a Refresh) {
        self.push("REFRESH MATERIALIZED VIEW ");
        if refresh.concurrently {
            self.push("CONCURRENTLY ");
        }
        self.table(refresh.view);
        if refresh.empties {
            self.push(" WITH NO DATA");
        }
    }
}
