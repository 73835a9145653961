SELECT 't' AS of, last_value, is_called FROM t_id_seq UNION ALL SELECT 'u', last_value, is_called FROM u_id_seq UNION ALL SELECT 'n', last_value, is_called FROM n_id_seq ORDER BY 1
