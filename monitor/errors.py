"""Every error that somebody is expected to handle."""

from typing import Protocol


def mark(message: str) -> str:
    """Mark a message of a lower layer for the catalogues; pages translate it when they show it."""
    return message


class MonitorError(Exception):
    """Something went wrong that a person can act on."""

    def __init__(self, message: str | None = None, **values: object) -> None:
        """Keep a message; without one the class's own docstring is shown.

        Args:
            message: With `%(name)s` where values go, so that a page can show it in its language.
            values: What goes there.
        """
        self.template = message or (self.__doc__ or "").strip().splitlines()[0]
        self.values = values
        super().__init__(self.template % values if values else self.template)


class Complaint(Protocol):
    """What `monitor.domain.Problem` looks like from below: a code, a place, what, and the cure."""

    @property
    def code(self) -> str:
        """Such as M101."""

    @property
    def where(self) -> str:
        """The file, key or row."""

    @property
    def message(self) -> str:
        """What is wrong."""

    @property
    def cure(self) -> str:
        """What to do."""


class SettingsError(MonitorError):
    """The settings cannot be used; every wrong key is named."""

    def __init__(self, problems: tuple[Complaint, ...]) -> None:
        """Keep every problem (`monitor.domain.Problem`) so that all are shown at once."""
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class SourceError(MonitorError):
    """The outside did not behave."""

    code = "S400"

    def __init__(self, source: str, message: str | None = None) -> None:
        """Name the source that is concerned."""
        super().__init__(message)
        self.source = source


class FetchError(SourceError):
    """No usable answer came."""

    code = "S401"

    def __init__(self, source: str, message: str, *, temporary: bool, code: str = "S401") -> None:
        """Say whether trying again later can help."""
        super().__init__(source, message)
        self.temporary = temporary
        self.code = code


class RefusedAddressError(FetchError):
    """The address is private or not http(s), and the source is not marked local."""

    def __init__(self, source: str, message: str) -> None:
        """An address that is refused once is refused always."""
        super().__init__(source, message, temporary=False, code="S402")


class LayoutChangedError(SourceError):
    """The page is not what the reader expects. Save it under tests/pages/ and adjust the rules."""

    code = "S403"


class NotContentError(SourceError):
    """The answer is a notice, a sign-in form or a challenge, not the page that was asked for."""

    code = "S404"

    def __init__(self, source: str, message: str, *, code: str = "S404") -> None:
        """Tell a sign-in page (S404), a challenge (S405) and a missing item (S406) apart."""
        super().__init__(source, message)
        self.code = code


class CharsetError(SourceError):
    """The page's bytes are in no character set that we can read without loss."""

    code = "S407"


class ModelError(MonitorError):
    """The reader cannot work."""


class ArtefactMissingError(ModelError):
    """There is no trained reader at that place. Run `qingxin train`."""


class ArtefactIncompatibleError(ModelError):
    """The trained reader was written by another format. Run `qingxin train`."""


class ArtefactCorruptError(ModelError):
    """The trained reader's checksum differs from its card. Restore it or train again."""


class InputTooLargeError(ModelError):
    """The text is longer than the reader accepts."""


class DeliveryError(MonitorError):
    """A channel did not take a message."""

    def __init__(
        self,
        message: str,
        *,
        permanent: bool,
        answer: str = "",
        retry_after_seconds: float | None = None,
    ) -> None:
        """Keep what the vendor said (masked) and whether trying the same channel again can help.

        Args:
            message: What happened, without any secret.
            permanent: True gives up on this channel for this message.
            answer: The vendor's answer, secrets masked, at most 500 characters.
            retry_after_seconds: The vendor's own wait, if it named one.
        """
        super().__init__(message)
        self.permanent = permanent
        self.answer = answer
        self.retry_after_seconds = retry_after_seconds


class StorageError(MonitorError):
    """The database could not do it."""


class StorageBusyError(StorageError):
    """The database is locked by another process. It is tried again."""


class StorageFullError(StorageError):
    """The disk is full. Free some space; nothing that was stored is lost."""


class SchemaError(StorageError):
    """The database's tables are of another version. Run `qingxin check` for the cure."""


class LeaseLostError(StorageError):
    """Another process has taken this work over; what was begun here is rolled back."""


class NotFoundError(MonitorError):
    """There is no such thing."""


class NotAllowedError(MonitorError):
    """This person may not do that."""


class IllegalStepError(MonitorError):
    """That state cannot follow this one."""


class InputError(MonitorError):
    """What was given cannot be read; the message says where and why."""


class RefusedError(InputError):
    """This software refuses that, on purpose; the message says why (`monitor.refusals`)."""


class PortTakenError(MonitorError):
    """A port that we serve on is held by another program."""

    def __init__(self, host: str, port: int) -> None:
        """Name the address."""
        super().__init__(
            f"端口 {host}:{port} 已被别的程序占用。停掉那个程序，或在设置里换一个端口。"
        )
