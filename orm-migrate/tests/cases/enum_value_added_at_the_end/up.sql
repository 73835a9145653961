-- change enum "public"."mood"
-- lock: EXCLUSIVE on enum "public"."mood"
ALTER TYPE "public"."mood" ADD VALUE 'happy' AFTER 'ok';
