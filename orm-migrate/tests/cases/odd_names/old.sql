CREATE TABLE "sel""ect" (id int, "a b" text);
