-- The crowd's decisions, each once.
COPY crowd_route FROM STDIN WITH (FORMAT csv, NULL '\N')
