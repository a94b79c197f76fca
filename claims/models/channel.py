"""By which way a claim comes that staff enter: out of the one list of ways."""

from accounts.models import Channel

ENTERED_BY = (Channel.PHONE, Channel.CHATBOT, Channel.POST, Channel.EMAIL, Channel.COUNTER)

__all__ = ["ENTERED_BY", "Channel"]
