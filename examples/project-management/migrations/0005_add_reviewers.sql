-- A task may have a reviewer, who is a member; file sizes beyond two gigabytes were already possible, names get a limit.
ALTER TABLE tasks ADD COLUMN reviewer_id bigint;
ALTER TABLE tasks ADD CONSTRAINT tasks_reviewer_id_fkey
    FOREIGN KEY (organization_id, reviewer_id) REFERENCES memberships (organization_id, id);
ALTER TABLE attachments ALTER COLUMN content_type TYPE varchar(80);
ALTER TABLE comments RENAME COLUMN body TO content;
