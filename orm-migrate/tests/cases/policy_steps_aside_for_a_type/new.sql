CREATE TABLE t (id int, who varchar(63));
CREATE POLICY p ON t USING (who = current_user);
