"""Which work begins by itself, and when; and which queue each task waits in."""

from typing import Any

from celery.schedules import crontab

# Which tasks go to another queue than the usual one (oss_portal.celery).
QUEUES: dict[str, dict[str, str]] = {
    "digitization.tasks.process": {"queue": "scan"},
    "reports.tasks.*": {"queue": "reports"},
    "journal.tasks.dispatch_outbox": {"queue": "urgent"},
    "dossiers.tasks.make_book": {"queue": "reports"},
}
# Seconds between two runs, or hours and minutes of Vietnam.
TIMETABLE: dict[str, dict[str, Any]] = {
    "seal-history": {"task": "journal.tasks.seal_history", "schedule": crontab(minute="*/5")},
    "close-history-days": {"task": "journal.tasks.close_history_days", "schedule": crontab(hour=0, minute=10)},
    "dispatch-outbox": {"task": "journal.tasks.dispatch_outbox", "schedule": 10.0},
    "watch-correspondence": {"task": "dossiers.tasks.watch_correspondence", "schedule": crontab(minute="*/15")},
    "begin-agency-changes": {"task": "dossiers.tasks.begin_agency_changes", "schedule": crontab(minute=4)},
    "end-waits": {"task": "dossiers.tasks.end_waits", "schedule": crontab(minute="*/5")},
    "fold-tallies": {"task": "dossiers.tasks.fold_tallies", "schedule": 60.0},
    "watch-due-dates": {"task": "dossiers.tasks.watch_due_dates", "schedule": crontab(minute="*/5")},
    "sweep-malware": {"task": "digitization.tasks.sweep_malware", "schedule": 300.0},
    "sweep-scans": {"task": "digitization.tasks.sweep_scans", "schedule": 60.0},
    "watch-scan-folders": {"task": "digitization.tasks.watch_scan_folders", "schedule": 10.0},
    "sweep-left-intakes": {"task": "dossiers.tasks.sweep_left_intakes", "schedule": 3600.0},
    "sweep-uploads": {"task": "digitization.tasks.sweep_uploads", "schedule": 3600.0},
    "ask-providers": {"task": "payments.tasks.ask_providers", "schedule": 60.0},
    "begin-editions": {"task": "procedures.tasks.begin_editions", "schedule": crontab(minute="1,31")},
    "send-notices": {"task": "notices.tasks.send_waiting", "schedule": 30.0},
    "prune": {"task": "oss_portal.tasks.prune", "schedule": crontab(hour=2, minute=40)},
    "tell-national-portal": {"task": "exchange.tasks.tell_national_portal", "schedule": 30.0},
    "fetch-from-national-portal": {"task": "exchange.tasks.fetch_from_national_portal", "schedule": 30.0},
    "look-back-at-national-portal": {
        "task": "exchange.tasks.look_back_at_national_portal",
        "schedule": crontab(hour=0, minute=45),
    },
    "compare-with-national-portal": {
        "task": "exchange.tasks.compare_with_national_portal",
        "schedule": crontab(hour=1, minute="*/5"),
    },
    "deliver-webhooks": {"task": "exchange.tasks.deliver_webhooks", "schedule": 10.0},
    "follow-post-orders": {"task": "exchange.tasks.follow_post_orders", "schedule": 30.0},
    "speak-with-specialised-software": {"task": "exchange.tasks.speak_with_specialised_software", "schedule": 30.0},
    "keep-report-forms": {"task": "reports.tasks.keep_forms", "schedule": crontab(hour=5, minute=20)},
    "ask-about-notices": {"task": "notices.tasks.ask_about_sent", "schedule": crontab(minute=17)},
}

for _entry in TIMETABLE.values():
    # What a busy worker has not begun when the next one comes is dropped: nothing piles up behind a slow neighbour.
    if isinstance(_entry["schedule"], float):
        _entry["options"] = {"expires": _entry["schedule"]}
