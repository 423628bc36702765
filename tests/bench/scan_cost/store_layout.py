"""What the store looks like: which mailboxes and folders there are, and how full each is."""

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
# The user's directory, the Maildir, the other folders, and what lies in all of them.
DIRECTORIES_OF_A_MAILBOX = 2 + len(FOLDERS) - 1 + len(FOLDERS) * len(SUBDIRECTORIES)


@dataclass(frozen=True)
class Folder:
    """A folder: where it is below the store, and how much mail it draws beside the others."""

    path: str
    weight: float


@dataclass(frozen=True)
class Shape:
    """All that a store follows from."""

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
        """Heavy-tailed twice: a few people have most of the mail, and each of them has it in a few folders."""
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
        """How many of the messages each domain has: what their weights say, in whole messages."""
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
