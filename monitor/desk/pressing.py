"""A button that was pressed on a card: acknowledges once, for its person and its message."""

from collections.abc import Callable
from datetime import datetime

from alerts.channels.wecom_callback import Press, task_id_of
from monitor.desk.acknowledging import acknowledge_by_code
from monitor.desk.views import CodeState
from monitor.domain import Through
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

PressButton = Callable[[Press, datetime], str]
"""Acts on a pressed button, and says what it shows from then on."""

ACKNOWLEDGED = "已确认"
NOT_YOURS = "不是发给您的"
_WORDS = {
    CodeState.ACKNOWLEDGED: "已有人确认",
    CodeState.CALLED_OFF: "已撤回",
    CodeState.EXPIRED: "已失效，请打开值班台",
    CodeState.OPEN: "请打开值班台",
}


class Pressing:
    """Acts on the buttons of one channel."""

    def __init__(self, storage: Storage, channel: str) -> None:
        """Keep the collaborators."""
        self._storage = storage
        self._channel = channel

    def press(self, press: Press, now: datetime) -> str:
        """Acknowledge, and say what the button shows from now on; twice is once."""
        with self._storage.work() as rows:
            if not self._is_theirs(rows, press):
                return NOT_YOURS
            view = acknowledge_by_code(rows, press.key, now, Through.BUTTON)
        return ACKNOWLEDGED if view.acted else _WORDS[view.state]

    def _is_theirs(self, rows: Rows, press: Press) -> bool:
        """Bound to the delivery (channel and card) and to the account that it went to."""
        code = rows.alerts.find_code(press.key)
        sent = code and rows.notices.find_message_of_code(code.alert_id, code.code)
        return bool(
            sent
            and sent.contact.channel == self._channel
            and sent.contact.address.lower() == press.user.lower()
            and task_id_of(sent.idempotency_key) == press.task_id
        )
