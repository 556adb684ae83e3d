-- Notices whose last attempt never came back are dead letters.
UPDATE incidents_notice
SET state = 'dead', ended_at = statement_timestamp(), last_error = 'the worker died while sending it'
WHERE state = 'ready' AND due_at <= statement_timestamp() AND attempts >= %(most)s
