"""The layout of the store: its mailboxes and folders, and the share of mail of each."""

import math
from dataclasses import dataclass
from random import Random

MOST_DOMAINS = 20
# The inbox is the Maildir itself.
FOLDERS = ["", ".Sent", ".Drafts", ".Trash", ".Junk", ".Archive", ".Archive.2024", ".Lists"]
SUBDIRECTORIES = ["cur", "new", "tmp"]
OF_EVERY_FOLDER = ["dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"]
OF_THE_INBOX = ["subscriptions", "maildirsize"]
OF_OTHER_FOLDERS = ["maildirfolder"]
FILES_OF_A_MAILBOX = len(FOLDERS) * len(OF_EVERY_FOLDER) + len(OF_THE_INBOX) + len(FOLDERS) - 1
# The user's directory, the Maildir, the other folders, and the subdirectories of all folders.
DIRECTORIES_OF_A_MAILBOX = 2 + len(FOLDERS) - 1 + len(FOLDERS) * len(SUBDIRECTORIES)


@dataclass(frozen=True)
class Folder:
    """A folder: its path below the store, and its weight in the distribution of mail."""

    path: str
    weight: float


@dataclass(frozen=True)
class Shape:
    """The parameters that determine a store."""

    messages: int
    mailboxes: int
    seed: int

    @property
    def name(self):
        return f"{self.messages}-messages-in-{self.mailboxes}-mailboxes-seed-{self.seed}"

    @property
    def domains(self):
        return min(MOST_DOMAINS, self.mailboxes)

    @property
    def directories(self):
        return 1 + self.domains + self.mailboxes * DIRECTORIES_OF_A_MAILBOX

    @property
    def inodes(self):
        return self.messages + self.directories + self.mailboxes * FILES_OF_A_MAILBOX

    def mailboxes_of(self, domain):
        return range(domain, self.mailboxes, self.domains)

    def maildir(self, mailbox):
        return f"{domain_name(mailbox % self.domains)}/user{mailbox:05}/Maildir"

    def folders_of(self, mailbox):
        """The mailbox's folders. Weights are heavy-tailed twice: over mailboxes, and over the folders of each."""
        random = Random(f"{self.seed} mailbox {mailbox}")
        activity = random.lognormvariate(0, 1.1)
        folders = []
        for name in FOLDERS:
            weight = activity * random.lognormvariate(0, 1.3) * (1 if name else 4)
            folders.append(Folder(f"{self.maildir(mailbox)}/{name}".rstrip("/"), weight))
        return folders

    def folders_of_all(self, mailboxes):
        return [folder for mailbox in mailboxes for folder in self.folders_of(mailbox)]

    def messages_by_domain(self):
        """The number of messages of each domain, by the weights of its folders."""
        weights = [
            sum(folder.weight for folder in self.folders_of_all(self.mailboxes_of(domain)))
            for domain in range(self.domains)
        ]
        shares = [self.messages * weight / sum(weights) for weight in weights]
        counts = [math.floor(share) for share in shares]
        rounded_down_most = sorted(range(self.domains), key=lambda domain: counts[domain] - shares[domain])
        for domain in rounded_down_most[: self.messages - sum(counts)]:
            counts[domain] += 1
        return counts


def domain_name(domain):
    return f"d{domain:02}.example"
