"""SHACL in two paths with the same results: compiled to SPARQL on Oxigraph, and pySHACL as the referee."""

from dadkhah.validation.shacl.api import ShaclEngine, load_data, load_shapes, validate
from dadkhah.validation.shacl.data import DataGraph
from dadkhah.validation.shacl.results import Result, ShaclReport
from dadkhah.validation.shacl.shapes import ShapesGraph

__all__ = ["DataGraph", "Result", "ShaclEngine", "ShaclReport", "ShapesGraph", "load_data", "load_shapes", "validate"]
