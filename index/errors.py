"""Errors that a user can put right: each is one line that says what is wrong, where, and what to do next.

A command prints the line and ends with the exit code of the error's class; any other exception is a bug.
"""


class QuotewireError(Exception):
    """The base class, which is never raised itself; exit code 1 unless a subclass says otherwise."""

    exit_code = 1


class ConfigError(QuotewireError):
    """Raised for a setting that is unknown, has the wrong type or is out of range, or a refused token; exit code 2."""

    exit_code = 2


class UsageError(QuotewireError):
    """Raised for an argument of a command that is neither a file, a folder nor a subcommand; exit code 2."""

    exit_code = 2


class SourceError(QuotewireError):
    """Raised for a source that is missing or cannot be read, or if no source holds an article; exit code 1."""


class ModelError(QuotewireError):
    """Raised for a model that is missing, damaged or of an unsupported kind; exit code 1."""


class NoIndexError(QuotewireError):
    """Raised if no generation has been published yet, or if the wanted one does not exist; exit code 1."""


class DamagedIndexError(QuotewireError):
    """Raised if the files of a generation are not what its manifest says, or have another format; exit code 1."""


class UnknownQuoteError(QuotewireError):
    """Raised for a quote id that is malformed, or whose article is not in the index; exit code 1."""


class WrongModelError(QuotewireError):
    """Raised if the index was built with another model than the configured one; exit code 1."""


class LockedError(QuotewireError):
    """Raised if another process holds the lock: it is building the index, or running the same bot; exit code 1."""


class StorageError(QuotewireError):
    """Raised if the disk is full, or a folder or the bot's database cannot be used; exit code 1."""


class EvaluationError(QuotewireError):
    """Raised for labelled questions, training data or earlier results that are missing or unusable; exit code 1."""


class InterruptedBuildError(QuotewireError):
    """Raised when Ctrl-C interrupts a build; exit code 130, as shells have it for SIGINT."""

    exit_code = 130
