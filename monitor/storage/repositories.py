"""All repositories of one transaction, side by side. None of them commits."""

from sqlalchemy import Connection

from monitor.storage.alerts import AlertRepository
from monitor.storage.canaries import CanaryRepository
from monitor.storage.cases import CaseRepository
from monitor.storage.documents import DocumentRepository
from monitor.storage.duty import DutyRepository
from monitor.storage.operations import OperationsRepository
from monitor.storage.outbox import OutboxRepository
from monitor.storage.reporting import ReportingRepository
from monitor.storage.sources import SourceRepository
from monitor.storage.users import UserRepository
from monitor.storage.watching import WatchRepository


class Rows:
    """The tables, as seen from inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Bind every repository to one connection."""
        self.sources = SourceRepository(connection)
        self.documents = DocumentRepository(connection)
        self.cases = CaseRepository(connection)
        self.alerts = AlertRepository(connection)
        self.outbox = OutboxRepository(connection)
        self.duty = DutyRepository(connection)
        self.users = UserRepository(connection)
        self.operations = OperationsRepository(connection)
        self.reporting = ReportingRepository(connection)
        self.watch = WatchRepository(connection)
        self.canaries = CanaryRepository(connection)
