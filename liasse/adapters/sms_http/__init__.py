"""SMS through the providers' documented HTTP interfaces."""

from liasse.adapters.sms_http.brevo import BrevoSmsSender
from liasse.adapters.sms_http.gateway import GatewaySmsSender
from liasse.adapters.sms_http.ovh import OvhSmsSender
from liasse.adapters.sms_http.twilio import TwilioSmsSender

__all__ = ["BrevoSmsSender", "GatewaySmsSender", "OvhSmsSender", "TwilioSmsSender"]
