"""All repositories of one transaction, side by side. None of them commits."""

from sqlalchemy import Connection

from monitor.storage.accounts import AccountRepository
from monitor.storage.alert_lists import AlertListRepository
from monitor.storage.alerts import AlertRepository
from monitor.storage.audit import AuditRepository
from monitor.storage.buckets import BucketRepository
from monitor.storage.canaries import CanaryRepository
from monitor.storage.case_lists import CaseListRepository
from monitor.storage.cases import CaseRepository
from monitor.storage.casework import CaseworkRepository
from monitor.storage.channels import ChannelRepository
from monitor.storage.documents import DocumentRepository
from monitor.storage.duty import DutyRepository
from monitor.storage.editions import EditionRepository
from monitor.storage.handovers import HandoverRepository
from monitor.storage.holds import HoldRepository
from monitor.storage.hosts import HostRepository
from monitor.storage.incoming import IncomingRepository
from monitor.storage.joined import JoinedRepository
from monitor.storage.labels import LabelRepository
from monitor.storage.likely import LikelyRepository
from monitor.storage.notices import NoticeRepository
from monitor.storage.operations import OperationsRepository
from monitor.storage.outbox import OutboxRepository
from monitor.storage.parties import PartyRepository
from monitor.storage.patrols import PatrolRepository
from monitor.storage.readers import ReaderRepository
from monitor.storage.recovery import RecoveryRepository
from monitor.storage.removals import RemovalRepository
from monitor.storage.reporting import ReportingRepository
from monitor.storage.retention import RetentionRepository
from monitor.storage.rosters import RosterRepository
from monitor.storage.search import SearchRepository
from monitor.storage.signed_in import SignedInRepository
from monitor.storage.sources import SourceRepository
from monitor.storage.tallies import TallyRepository
from monitor.storage.users import UserRepository
from monitor.storage.visits import VisitRepository
from monitor.storage.watch import WatchRepository


class Rows:
    """The tables, as seen from inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Bind every repository to one connection."""
        self.sources = SourceRepository(connection)
        self.documents = DocumentRepository(connection)
        self.cases = CaseRepository(connection)
        self.likely = LikelyRepository(connection)
        self.case_lists = CaseListRepository(connection)
        self.alerts = AlertRepository(connection)
        self.alert_lists = AlertListRepository(connection)
        self.outbox = OutboxRepository(connection)
        self.buckets = BucketRepository(connection)
        self.incoming = IncomingRepository(connection)
        self.channels = ChannelRepository(connection)
        self.duty = DutyRepository(connection)
        self.rosters = RosterRepository(connection)
        self.handovers = HandoverRepository(connection)
        self.notices = NoticeRepository(connection)
        self.users = UserRepository(connection)
        self.signed_in = SignedInRepository(connection)
        self.operations = OperationsRepository(connection)
        self.holds = HoldRepository(connection)
        self.hosts = HostRepository(connection)
        self.removals = RemovalRepository(connection)
        self.retention = RetentionRepository(connection)
        self.reporting = ReportingRepository(connection)
        self.casework = CaseworkRepository(connection)
        self.parties = PartyRepository(connection)
        self.patrols = PatrolRepository(connection)
        self.audit = AuditRepository(connection)
        self.search = SearchRepository(connection)
        self.readers = ReaderRepository(connection)
        self.labels = LabelRepository(connection)
        self.accounts = AccountRepository(connection)
        self.recovery = RecoveryRepository(connection)
        self.watch = WatchRepository(connection)
        self.canaries = CanaryRepository(connection)
        self.joined = JoinedRepository(connection)
        self.editions = EditionRepository(connection)
        self.tallies = TallyRepository(connection)
        self.visits = VisitRepository(connection)
