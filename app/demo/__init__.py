"""An invented organ: three branches, some seventy people and a year of their work, to try everything on."""
