"""What is made from the program: its vocabulary, schemas, references and pictures. `make docs` runs it."""
