-- Who held the crowd's incidents, from the program that drew them.
COPY crowd_custody FROM STDIN WITH (FORMAT binary)
