-- All that follows in this transaction sees the database as at its first question.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ
