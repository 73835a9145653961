CREATE TABLE t (id int, state text DEFAULT 'active' CHECK (state <> 'closed'), n bigint);
CREATE VIEW active AS SELECT id, n FROM t WHERE state = 'active';
CREATE VIEW closed AS SELECT id FROM active WHERE id > 1;
CREATE TABLE u (state text DEFAULT 'closed', CHECK (state IN ('active', 'closed', 'u')));
CREATE VIEW both_states AS SELECT 'closed' AS state, a.id FROM active AS a UNION ALL SELECT 'active', c.id FROM closed AS c;
CREATE INDEX of_active ON t (id) WHERE state = 'active';
