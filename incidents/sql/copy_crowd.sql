-- The crowd's rows, from the program that drew them.
COPY crowd_drawn FROM STDIN WITH (FORMAT binary)
