"""What a user can put right: one class a cause, each a single line that says what, where and what to do next."""


class QuotewireError(Exception):
    """The base of every error that a command shows as one line; `exit_code` is what it ends with."""

    exit_code = 1


class ConfigError(QuotewireError):
    """A setting that is unknown, of the wrong type or out of range, or a token that is refused."""

    exit_code = 2


class SourceError(QuotewireError):
    """Sources that are not there, or that cannot be read."""


class ModelError(QuotewireError):
    """A model that is missing or is not what it should be."""


class NoIndexError(QuotewireError):
    """No generation has been published yet."""


class DamagedIndexError(QuotewireError):
    """A generation whose files are not what its manifest says."""


class UnknownQuoteError(QuotewireError):
    """The id of a quote that is none, or of an article that is not there."""


class WrongModelError(QuotewireError):
    """A generation built with another model than the configured one."""


class LockedError(QuotewireError):
    """Another build is under way."""


class StorageError(QuotewireError):
    """A disk that is full, or a folder that cannot be written."""


class EvaluationError(QuotewireError):
    """Labelled questions, or an earlier evaluation, that cannot be read."""


class InterruptedBuildError(QuotewireError):
    """Ctrl-C during a build."""

    exit_code = 130
