"""One folder for each kind of media; a `modules/` package elsewhere on PYTHONPATH adds its own."""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
