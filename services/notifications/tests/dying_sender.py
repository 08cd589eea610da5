"""The role `due` as a process of its own, told at which point to kill itself."""

import threading

from chassis import clock, database, fail_points
from chassis.due_work import DueWorker
from notifications import service
from notifications.channels import transport
from notifications.consents import ProgrammeConsents
from notifications.sending import Sending
from notifications.settings import NotificationsSettings


def send(settings: NotificationsSettings, points: str) -> None:
    """Send what is due until killed; its leases are for whoever finds it dead to end."""
    database.connect(settings)
    clock.configure(settings.business_clock_file)
    fail_points.configure(points)
    channels = {name: transport(name).open_channel(settings) for name in ("email", "inbox")}
    sending = Sending(channels, ProgrammeConsents(settings.programme_address, lambda: "token"), settings.public_url)
    workers = [DueWorker(lane) for lane in service.due(sending)]
    threads = [threading.Thread(target=worker.run) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
