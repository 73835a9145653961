SELECT u.id, u.a, u.b, by_body(u), obj_description('by_body(users)'::regprocedure), (SELECT proacl::text FROM pg_proc WHERE proname = 'by_body') FROM users AS u ORDER BY id
