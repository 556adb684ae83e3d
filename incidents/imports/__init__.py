"""Reports that were kept elsewhere, brought in from a file by the rules of one report."""

from incidents.imports.mapping import BrokenMapping, Mapping, read_mapping
from incidents.imports.running import Outcome, import_file

__all__ = ["BrokenMapping", "Mapping", "Outcome", "import_file", "read_mapping"]
