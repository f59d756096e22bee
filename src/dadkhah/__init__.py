"""dadkhah: a knowledge graph of political imprisonment in which every statement says who makes it.

Data flows one way: author → validate → compile → query → browse → serve, and link → review → author.
"""

__version__ = "0.1.0"
