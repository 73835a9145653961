SELECT 's' AS of, last_value, is_called FROM s_id_seq UNION ALL SELECT 'g', last_value, is_called FROM gone_id_seq UNION ALL SELECT 'p', last_value, is_called FROM p_id_seq ORDER BY 1
