SELECT (p).x FROM t
