ALTER TABLE a ADD b integer;
