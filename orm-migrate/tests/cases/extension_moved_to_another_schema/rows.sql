INSERT INTO t VALUES ('k=>v', 1);
