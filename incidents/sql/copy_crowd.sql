-- The crowd's rows, from the program that drew them.
COPY crowd FROM STDIN WITH (FORMAT csv, NULL '')
