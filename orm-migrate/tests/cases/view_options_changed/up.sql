-- change materialized view "public"."m"
-- lock: SHARE UPDATE EXCLUSIVE on "m"
ALTER MATERIALIZED VIEW "public"."m" SET (autovacuum_enabled=false, fillfactor=70);

-- change view "public"."v"
-- lock: ACCESS EXCLUSIVE on "v"
ALTER VIEW "public"."v" SET (security_barrier=false, security_invoker=true);
ALTER VIEW "public"."v" RESET (check_option);
