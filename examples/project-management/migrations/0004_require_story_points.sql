-- Every task gets story points.
ALTER TABLE tasks ADD COLUMN story_points integer;
UPDATE tasks SET story_points = ceil(coalesce(estimate_hours, 4) / 4);
ALTER TABLE tasks ALTER COLUMN story_points SET NOT NULL;
ALTER TABLE tasks ADD CONSTRAINT tasks_story_points_check CHECK (story_points BETWEEN 0 AND 100);
