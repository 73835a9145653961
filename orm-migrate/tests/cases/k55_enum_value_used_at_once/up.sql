-- change enum "public"."mood"
-- lock: EXCLUSIVE on enum "public"."mood"
-- form: a new value can be used when the transaction that adds it is over
ALTER TYPE "public"."mood" ADD VALUE 'happy' AFTER 'ok';

-- orm:segment transaction
-- change column "feels" of "t": set default 'happy'::public.mood
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" ALTER COLUMN "feels" SET DEFAULT 'happy'::public.mood;
