"""What both SMS channels have in common: the template, its variables, and the caps."""

from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr

from alerts.sms import NAMES, bare_number, shorten, variables_of
from monitor.domain import AlertCard
from monitor.errors import DeliveryError


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """One account, signature and template.

    `template` is the vendor's number of the approved text; `words` the text itself with `{level}`,
    `{subject}`, `{detail}` and `{number}`, so that lengths can be counted; `variables` the names in
    the order of the template. `key_id` names the account's key, `key` is the secret. `app_id` is
    Tencent's number of the SMS application.
    """

    key_id: str
    key: SecretStr
    sign_name: str
    template: str
    endpoint: str
    app_id: str = ""
    words: str = ""
    variables: tuple[str, ...] = NAMES
    most_parts: int = 2
    name: str = "sms"
    region: str = "ap-guangzhou"
    timeout: timedelta = timedelta(seconds=10)


def number_of(address: str) -> str:
    """Read a contact's mobile number.

    Raises:
        DeliveryError: It is none; for good.
    """
    number = bare_number(address)
    if not number:
        raise DeliveryError("手机号码无效，请在人员设置中更正", permanent=True)
    return number


def values_of(card: AlertCard, settings: SmsSettings) -> dict[str, str]:
    """Fill the template's variables from a card, in the template's order."""
    known = shorten(
        variables_of(card),
        words=settings.words,
        sign_name=settings.sign_name,
        most_parts=settings.most_parts,
    )
    return {name: known[name] for name in settings.variables}
