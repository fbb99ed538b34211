"""`python -m syncline` is the command line."""

from syncline.cli.main import main

if __name__ == "__main__":
    main()
