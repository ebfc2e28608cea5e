"""Which items count (计数口径): in use and not secret; nothing else enters any number."""

from app.catalogue.models import ItemState, ServiceItem

PUBLIC = (ServiceItem.state == ItemState.IN_USE.value, ServiceItem.secret.is_(False))
