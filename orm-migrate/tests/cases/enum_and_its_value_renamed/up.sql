-- rename enum "mood" to "feeling"
ALTER TYPE "public"."mood" RENAME TO "feeling";

-- rename value 'sad' of "feeling" to 'unhappy'
-- lock: EXCLUSIVE on enum "public"."feeling"
-- hazard: programs that run meanwhile and still say value 'sad' of "feeling" fail from then on
ALTER TYPE "public"."feeling" RENAME VALUE 'sad' TO 'unhappy';
