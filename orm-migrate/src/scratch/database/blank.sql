-- All that tells a new database from one that was used: equal texts, equal databases. Objects are counted by the first
-- number that is not initdb's own (src/include/access/transam.h: FirstNormalObjectId); what is given and said of the
-- others is part of the text. Temporary tables go with their sessions.
SELECT concat_ws(' ',
    (SELECT count(*) FROM pg_class WHERE oid >= 16384),
    (SELECT count(*) FROM pg_type WHERE oid >= 16384),
    (SELECT count(*) FROM pg_proc WHERE oid >= 16384),
    (SELECT count(*) FROM pg_operator WHERE oid >= 16384),
    (SELECT count(*) FROM pg_opclass WHERE oid >= 16384),
    (SELECT count(*) FROM pg_opfamily WHERE oid >= 16384),
    (SELECT count(*) FROM pg_am WHERE oid >= 16384),
    (SELECT count(*) FROM pg_cast WHERE oid >= 16384),
    (SELECT count(*) FROM pg_transform WHERE oid >= 16384),
    (SELECT count(*) FROM pg_collation WHERE oid >= 16384),
    (SELECT count(*) FROM pg_conversion WHERE oid >= 16384),
    (SELECT count(*) FROM pg_constraint WHERE oid >= 16384),
    (SELECT count(*) FROM pg_trigger),
    (SELECT count(*) FROM pg_event_trigger),
    (SELECT count(*) FROM pg_rewrite WHERE oid >= 16384),
    (SELECT count(*) FROM pg_policy),
    (SELECT count(*) FROM pg_inherits),
    (SELECT count(*) FROM pg_statistic_ext),
    (SELECT count(*) FROM pg_ts_config WHERE oid >= 16384),
    (SELECT count(*) FROM pg_ts_dict WHERE oid >= 16384),
    (SELECT count(*) FROM pg_ts_parser WHERE oid >= 16384),
    (SELECT count(*) FROM pg_ts_template WHERE oid >= 16384),
    (SELECT count(*) FROM pg_foreign_data_wrapper),
    (SELECT count(*) FROM pg_foreign_server),
    (SELECT count(*) FROM pg_publication),
    (SELECT count(*) FROM pg_subscription WHERE subdbid = d.oid),
    (SELECT count(*) FROM pg_largeobject_metadata),
    (SELECT count(*) FROM pg_prepared_xacts WHERE database = d.datname),
    (SELECT count(*) FROM pg_description),
    (SELECT md5(string_agg(concat_ws('/', objoid, description), ',' ORDER BY objoid)) FROM pg_description
     WHERE classoid IN ('pg_namespace'::regclass, 'pg_extension'::regclass)),
    (SELECT count(*) FROM pg_seclabel),
    (SELECT count(*) FROM pg_init_privs),
    (SELECT count(*) FROM pg_default_acl),
    (SELECT count(*) FROM pg_shdescription WHERE classoid = 'pg_database'::regclass AND objoid = d.oid),
    (SELECT string_agg(concat_ws('/', setrole, setconfig), ',' ORDER BY setrole) FROM pg_db_role_setting
     WHERE setdatabase = d.oid),
    (SELECT string_agg(concat_ws('/', oid, nspname, nspowner, nspacl), ',' ORDER BY oid) FROM pg_namespace
     WHERE nspname !~ '^pg_(toast_)?temp_'),
    (SELECT string_agg(concat_ws('/', oid, extname, extversion, extowner), ',' ORDER BY oid) FROM pg_extension),
    (SELECT string_agg(concat_ws('/', oid, lanname, lanowner, lanpltrusted, lanacl), ',' ORDER BY oid)
     FROM pg_language),
    (SELECT md5(string_agg(concat_ws('/', oid, relowner, relacl, reloptions), ',' ORDER BY oid)) FROM pg_class
     WHERE oid < 16384),
    (SELECT md5(string_agg(concat_ws('/', oid, proowner, proacl, proconfig), ',' ORDER BY oid)) FROM pg_proc
     WHERE oid < 16384),
    (SELECT md5(string_agg(concat_ws('/', oid, typowner, typacl), ',' ORDER BY oid)) FROM pg_type
     WHERE oid < 16384),
    (SELECT count(*) FROM pg_attribute WHERE attacl IS NOT NULL),
    d.datdba, d.datacl, d.datconnlimit, d.datallowconn)
FROM pg_database AS d WHERE d.datname = current_database()
