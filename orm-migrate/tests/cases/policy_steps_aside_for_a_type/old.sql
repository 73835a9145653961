CREATE TABLE t (id int, who text);
CREATE POLICY p ON t USING (who = current_user);
