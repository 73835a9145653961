-- rename domain "mail" to "email"
ALTER DOMAIN "public"."mail" RENAME TO "email";

-- change domain "public"."email"
-- lock: ACCESS EXCLUSIVE on domain "public"."email" (on PostgreSQL 15.20, not on 15.18)
ALTER DOMAIN "public"."email" RENAME CONSTRAINT "mail_check" TO "email_check";
