-- All that this transaction reads is as of one moment. Who stops reading what it is sent does not
-- keep the transaction open for ever: old rows could not be tidied away meanwhile.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SET LOCAL idle_in_transaction_session_timeout = '10min'
