-- detach "t_25" from "t"
-- lock: ACCESS EXCLUSIVE on "t_25"
-- lock: ACCESS EXCLUSIVE on "t"
ALTER TABLE "public"."t" DETACH PARTITION "public"."t_25";

-- drop table "t_25"
-- lock: ACCESS EXCLUSIVE on "t_25"
-- hazard: all rows of table "t_25" are lost
DROP TABLE "public"."t_25";

-- create table "t_27" (2 columns)
-- lock: ACCESS EXCLUSIVE on "t"
CREATE TABLE "public"."t_27" PARTITION OF "public"."t" FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');
