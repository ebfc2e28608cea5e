"""Every door of the console (工作台的门)."""

from console import (
    articles,
    audit,
    cases,
    draft_files,
    draft_sheets,
    drafts,
    hotline,
    items,
    over_visits,
    payments,
    queueing,
    ratings,
    search_words,
    start,
    today,
    transfers,
    window,
    work,
)
from web.door import Door

DOORS: tuple[Door, ...] = (
    start.door,
    today.door,
    work.door,
    transfers.door,
    cases.door,
    window.door,
    queueing.door,
    items.door,
    drafts.door,
    draft_files.door,
    draft_sheets.door,
    articles.door,
    search_words.door,
    audit.door,
    ratings.door,
    over_visits.door,
    hotline.door,
    payments.door,
)
