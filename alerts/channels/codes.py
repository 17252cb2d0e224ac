"""What a vendor's code means: these vendors answer HTTP 200 whatever happened, the body decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alerts.channels.http import Answer
from monitor.errors import DeliveryError

_HTTP_TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one vendor; what stands in no list is tried again.

    Args:
        vendor: The name that people know it by.
        key: Under which the code stands in the answer; `taken` is the code that means success.
        permanent: Codes that no second try can change, and what each means.
        temporary: Codes that pass, what each means, and the wait in seconds (None: our own).
    """

    vendor: str
    key: str
    taken: int = 0
    permanent: Mapping[int, str] = field(default_factory=dict)
    temporary: Mapping[int, tuple[str, float | None]] = field(default_factory=dict)

    def check(self, answer: Answer, said: str) -> None:
        """Raise unless the answer says that the message was taken.

        Args:
            answer: As it came.
            said: The same, masked, to be kept.

        Raises:
            DeliveryError: It was not taken, or the answer is not this vendor's.
        """
        check_status(answer, said, self.vendor)
        code = answer.as_mapping().get(self.key)
        if isinstance(code, bool) or not isinstance(code, int):
            raise DeliveryError(
                f"应答不是{self.vendor}的（没有 {self.key}）", permanent=False, answer=said
            )
        if code == self.taken:
            return
        if code in self.permanent:
            raise DeliveryError(
                f"{self.vendor}拒收：{self.permanent[code]}（{code}）", permanent=True, answer=said
            )
        reason, wait = self.temporary.get(code, ("未知的错误码", None))
        raise DeliveryError(
            f"{self.vendor}暂不收：{reason}（{code}）",
            permanent=False,
            answer=said,
            retry_after_seconds=wait,
        )


def check_status(answer: Answer, said: str, vendor: str) -> None:
    """Raise unless the status is one of 200 to 299.

    Raises:
        DeliveryError: The vendor's gate, or something before it, did not let the message through.
    """
    if answer.is_success:
        return
    wait = answer.retry_after_seconds
    if wait is None and answer.status == _HTTP_TOO_MANY:
        wait = 60.0
    raise DeliveryError(
        f"{vendor}没有正常应答（HTTP {answer.status}）",
        permanent=False,
        answer=said,
        retry_after_seconds=wait,
    )
