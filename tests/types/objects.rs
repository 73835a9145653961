//! Numbers of objects, and places in the log: manual, sections 8.19 and 8.20.

use orm::types::{
    Oid, PgLsn, RegClass, RegCollation, RegConfig, RegDictionary, RegNamespace, RegOper,
    RegOperator, RegProc, RegProcedure, RegRole, RegType,
};
use proptest::prelude::*;

/// An OID that no object has: it is printed as a number.
fn unused() -> impl Strategy<Value = Oid> {
    (3_000_000_000_u32..u32::MAX).prop_map(Oid)
}

types! {
    oid {
        rust: Oid,
        sql: "oid",
        edges: [(Oid(0), "0"), (Oid(u32::MAX), "4294967295")],
        random: any::<u32>().prop_map(Oid),
    }
    regclass {
        rust: RegClass,
        sql: "regclass",
        limits: "the OID; `.cast::<String>()` gives the name",
        edges: [(RegClass(Oid(1259)), "pg_class")],
        random: prop::sample::select(vec![1247, 1249, 1255, 1259]).prop_map(|oid| RegClass(Oid(oid))),
    }
    regcollation {
        rust: RegCollation,
        sql: "regcollation",
        limits: "the OID; `.cast::<String>()` gives the name",
        edges: [(RegCollation(Oid(100)), "\"default\"")],
        random: unused().prop_map(RegCollation),
    }
    regconfig {
        rust: RegConfig,
        sql: "regconfig",
        limits: "the OID; `.cast::<String>()` gives the name",
        edges: [(RegConfig(Oid(3748)), "simple")],
        random: unused().prop_map(RegConfig),
    }
    regdictionary {
        rust: RegDictionary,
        sql: "regdictionary",
        limits: "the OID; `.cast::<String>()` gives the name",
        edges: [(RegDictionary(Oid(3765)), "simple")],
        random: unused().prop_map(RegDictionary),
    }
    regnamespace {
        rust: RegNamespace,
        sql: "regnamespace",
        limits: "the OID; `.cast::<String>()` gives the name",
        edges: [(RegNamespace(Oid(11)), "pg_catalog")],
        random: unused().prop_map(RegNamespace),
    }
    regoper {
        rust: RegOper,
        sql: "regoper",
        limits: "the OID; `.cast::<String>()` gives the name",
        edges: [(RegOper(Oid(0)), "0")],
        random: unused().prop_map(RegOper),
    }
    regoperator {
        rust: RegOperator,
        sql: "regoperator",
        limits: "the OID; `.cast::<String>()` gives the name",
        edges: [(RegOperator(Oid(96)), "=(integer,integer)"), (RegOperator(Oid(0)), "0")],
        random: unused().prop_map(RegOperator),
    }
    regproc {
        rust: RegProc,
        sql: "regproc",
        limits: "the OID; `.cast::<String>()` gives the name",
        edges: [(RegProc(Oid(89)), "version"), (RegProc(Oid(0)), "-")],
        random: unused().prop_map(RegProc),
    }
    regprocedure {
        rust: RegProcedure,
        sql: "regprocedure",
        limits: "the OID; `.cast::<String>()` gives the name",
        edges: [(RegProcedure(Oid(89)), "version()")],
        random: unused().prop_map(RegProcedure),
    }
    regrole {
        rust: RegRole,
        sql: "regrole",
        limits: "the OID; `.cast::<String>()` gives the name",
        edges: [(RegRole(Oid(0)), "-")],
        random: unused().prop_map(RegRole),
    }
    regtype {
        rust: RegType,
        sql: "regtype",
        limits: "the OID; `.cast::<String>()` gives the name",
        edges: [(RegType(Oid(23)), "integer"), (RegType(Oid(1007)), "integer[]")],
        random: unused().prop_map(RegType),
    }
    pg_lsn {
        rust: PgLsn,
        sql: "pg_lsn",
        edges: [(PgLsn(0), "0/0"), (PgLsn(0x16_B374_D848), "16/B374D848"), (PgLsn(u64::MAX), "FFFFFFFF/FFFFFFFF")],
        random: any::<u64>().prop_map(PgLsn),
    }
}
