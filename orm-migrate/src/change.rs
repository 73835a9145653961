//! What differs between two schemas: the plain-data vocabulary that `diff` writes, and `plan` and `ddl` read.

use orm_core::schema::{Check, Column, ForeignKey, Index, PrimaryKey, Table, Unique};

/// A table, by schema and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableName {
    /// The PostgreSQL schema.
    pub schema: String,
    /// The table.
    pub name: String,
}

/// One difference, from the live schema to the declared one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A PostgreSQL schema that does not exist.
    AddSchema(String),
    /// A table that does not exist, with all it has.
    AddTable(Table),
    /// A table that is no longer declared.
    DropTable(Table),
    /// A comment on a table.
    CommentTable { table: TableName, from: Option<String>, to: Option<String> },
    /// A column that does not exist.
    AddColumn { table: TableName, column: Column },
    /// A column that is no longer declared.
    DropColumn { table: TableName, column: Column },
    /// A column that differs: in type, nullability, default, identity, generation, collation or comment.
    AlterColumn { table: TableName, from: Column, to: Column },
    /// A primary key that does not exist.
    AddPrimaryKey { table: TableName, key: PrimaryKey },
    /// A primary key that is no longer declared.
    DropPrimaryKey { table: TableName, key: PrimaryKey },
    /// A unique constraint that does not exist.
    AddUnique { table: TableName, unique: Unique },
    /// A unique constraint that is no longer declared.
    DropUnique { table: TableName, unique: Unique },
    /// A foreign key that does not exist.
    AddForeignKey { table: TableName, key: ForeignKey },
    /// A foreign key that is no longer declared.
    DropForeignKey { table: TableName, key: ForeignKey },
    /// A check that does not exist.
    AddCheck { table: TableName, check: Check },
    /// A check that is no longer declared.
    DropCheck { table: TableName, check: Check },
    /// An index that does not exist.
    AddIndex { table: TableName, index: Index },
    /// An index that is no longer declared.
    DropIndex { table: TableName, index: Index },
    /// A constraint that has another name.
    RenameConstraint { table: TableName, from: String, to: String },
    /// An index that has another name.
    RenameIndex { table: TableName, from: String, to: String },
}
