"""The playground: a web site with something of everything that programs do to pages."""
