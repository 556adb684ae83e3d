-- Nobody writes an event until this transaction ends; everybody may read.
LOCK TABLE incidents_event IN SHARE ROW EXCLUSIVE MODE
