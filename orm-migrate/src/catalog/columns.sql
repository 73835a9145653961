-- The columns of the tables $1, in order.
-- serial is no type but a short way of writing three things (manual, section 8.1.4): an integer, NOT NULL, with the
-- next value of a sequence that belongs to the column. Where all three hold it is called serial again.
SELECT a.attrelid,
       a.attname::text,
       CASE WHEN s.owned
            THEN CASE a.atttypid WHEN 'int8'::regtype THEN 'bigserial' WHEN 'int2'::regtype THEN 'smallserial' ELSE 'serial' END
            ELSE format_type(a.atttypid, a.atttypmod) END,
       NOT a.attnotnull,
       CASE WHEN s.owned IS NULL THEN pg_get_expr(d.adbin, d.adrelid) END,
       a.attidentity::text,
       a.attgenerated::text,
       CASE WHEN a.attcollation <> t.typcollation
            THEN quote_ident(cn.nspname) || '.' || quote_ident(co.collname) END,
       col_description(a.attrelid, a.attnum),
       -- The options of its sequence, where they are not the defaults of its type.
       CASE WHEN q.seqstart <> CASE WHEN q.seqincrement > 0 THEN q.seqmin ELSE q.seqmax END THEN q.seqstart END,
       CASE WHEN q.seqincrement <> 1 THEN q.seqincrement END,
       CASE WHEN q.seqmin <> CASE WHEN q.seqincrement > 0 THEN 1 ELSE e.lowest END THEN q.seqmin END,
       CASE WHEN q.seqmax <> CASE WHEN q.seqincrement > 0 THEN e.highest ELSE -1 END THEN q.seqmax END,
       CASE WHEN q.seqcache <> 1 THEN q.seqcache END,
       coalesce(q.seqcycle, false),
       -- Its sequence: the name, the type where that is another one, and whether it is logged where its table is not.
       r.relname::text,
       CASE WHEN s.owned AND q.seqtypid <> a.atttypid THEN format_type(q.seqtypid, NULL) END,
       -- Before PostgreSQL 15 every sequence is logged.
       CASE WHEN current_setting('server_version_num')::int >= 150000 AND r.relpersistence <> c.relpersistence
            THEN r.relpersistence = 'p' END
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation AS co ON co.oid = a.attcollation
LEFT JOIN pg_namespace AS cn ON cn.oid = co.collnamespace
LEFT JOIN pg_depend AS own ON own.refclassid = 'pg_class'::regclass AND own.refobjid = a.attrelid
                          AND own.refobjsubid = a.attnum AND own.classid = 'pg_class'::regclass
                          AND own.deptype = 'i' AND a.attidentity <> ''
LEFT JOIN LATERAL (
    SELECT true AS owned, own.objid
    FROM pg_depend AS own
    JOIN pg_depend AS use ON use.refclassid = 'pg_class'::regclass AND use.refobjid = own.objid
                         AND use.classid = 'pg_attrdef'::regclass AND use.objid = d.oid
    WHERE own.refclassid = 'pg_class'::regclass AND own.refobjid = a.attrelid AND own.refobjsubid = a.attnum
      AND own.classid = 'pg_class'::regclass AND own.deptype = 'a'
      AND a.attnotnull AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
      AND pg_get_expr(d.adbin, d.adrelid) ~ '^nextval\(''.*''::regclass\)$'
    LIMIT 1
) AS s ON true
LEFT JOIN pg_sequence AS q ON q.seqrelid = coalesce(own.objid, s.objid)
LEFT JOIN pg_class AS r ON r.oid = q.seqrelid
LEFT JOIN (VALUES ('int2'::regtype, -32768::bigint, 32767::bigint), ('int4', -2147483648, 2147483647),
                  ('int8', -9223372036854775808, 9223372036854775807)) AS e (type, lowest, highest) ON e.type = q.seqtypid
WHERE a.attrelid = ANY ($1) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
