"""One alert to one destination, now: by mail, as JSON, or by whatever else apprise speaks."""

from __future__ import annotations

from alerts.sending.mail import send_mail
from alerts.sending.outcome import Sent
from alerts.sending.service import connect, send_by_service
from alerts.sending.webhook import send_webhook
from state.model import Alert, Destination


def send(alert: Alert, destination: Destination) -> Sent:
    """Send one alert now. Raises ConfigError for an address that is not one service and one recipient."""
    from apprise.plugins.custom_json import NotifyJSON
    from apprise.plugins.email import NotifyEmail
    from apprise.plugins.email.base import PGP_MODE_DEFAULT

    service = connect(destination)
    plugin = service[0]
    if isinstance(plugin, NotifyEmail) and plugin.pgp_mode == PGP_MODE_DEFAULT:
        return send_mail(alert, plugin)
    if isinstance(plugin, NotifyJSON):
        return send_webhook(alert, plugin, destination)
    return send_by_service(alert, service, destination)
