-- All that this transaction reads is as of its first statement after this one.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY
