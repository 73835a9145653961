SELECT n::int FROM t
