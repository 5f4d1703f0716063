"""Every Celery setting of the service; each that is not Celery's default carries its reason.

A new kind of job is one module in `jobs/tasks/` and one line in `imports` below.
"""

from datetime import timedelta

from kombu import Queue

from jobs.settings import settings

_settings = settings()
_redis_broker = _settings.broker_url is None
_over_tcp = not _settings.redis_database(0).startswith("unix://")

# --- what runs where
imports = (
    "jobs.tasks.analysis",
    "jobs.tasks.indexing",
    "jobs.tasks.cleanup",
    "jobs.tasks.webhooks",
)
# A long indexing job must never stand before a three-second question: each kind has its own queue, and its
# own workers; a kind names its queue in its own module. `control` is Longhaul's own housekeeping.
# Quorum queues survive the loss of a node of RabbitMQ. Said of each, because Celery's setting of the type
# is for queues that it makes up itself.
_queue_arguments = None if _redis_broker else {"x-queue-type": "quorum"}
task_queues = tuple(
    Queue(name, routing_key=name, queue_arguments=_queue_arguments)
    for name in ("analysis", "indexing", "control")
)
task_default_queue = "control"
task_create_missing_queues = False  # a misspelt queue is an error, not a place where jobs wait for ever
task_routes = {
    "jobs.cleanup.*": {"queue": "control"},
    "jobs.webhooks.*": {"queue": "control"},
}

# --- messages: JSON only, for a pickled message is a program that its sender may write
accept_content = ["json"]
task_serializer = "json"
result_serializer = "json"
event_serializer = "json"
enable_utc = True
timezone = "UTC"

# --- broker
broker_url = _settings.celery_broker
broker_connection_retry_on_startup = True  # the services may start in any order
broker_connection_max_retries = None  # a worker outlives any outage of the broker
if _redis_broker:
    broker_transport_options = {
        # The lease (jobs/lease.py) renews each running job's message, so that this means "the worker has been
        # silent for so long" and says nothing about how long a job may take.
        "visibility_timeout": _settings.visibility_timeout_seconds,
        # kombu's default looks every 100 s for messages of dead workers.
        "unacked_restore_interval": max(1, _settings.visibility_timeout_seconds // 6),
        "unacked_restore_throttle": 1,
        # Of workers one looks at a time. One that is killed while it looks would keep all others from it for
        # five minutes, kombu's default; a look takes milliseconds.
        "unacked_mutex_expire": 5,
        "health_check_interval": 15,  # notices a half-open connection
        **({"socket_connect_timeout": 3} if _over_tcp else {}),
        **({"socket_keepalive": True} if _over_tcp else {}),
        # A frozen Redis is an error soon, for whoever publishes. Workers, which wait on it, do without.
        "socket_timeout": 2,
    }
else:
    task_default_exchange_type = "topic"  # native delayed delivery of quorum queues needs it
    broker_transport_options = {"confirm_publish": True}  # an accepted job is on disk

# --- publishing: once more after a lost connection, then the user is told
task_publish_retry = True
task_publish_retry_policy = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}

# --- delivery: at least once; the claim (jobs/backend.py) makes it once at a time
task_acks_late = True  # a job whose worker dies is still in the queue
task_acks_on_failure = True  # a job that failed has ended; running it again would not end
task_acks_on_timeout = True
task_reject_on_worker_lost = True  # only where the bounded retry below cannot be published
task_retry_on_worker_lost = True  # a killed pool process: again, at most `Job.max_retries` times
worker_prefetch_multiplier = 1  # late acknowledgement: a message in hand is a job that runs
# On Redis a cancelled run would stay unacknowledged for the visibility timeout; it simply goes on instead.
worker_cancel_long_running_tasks_on_connection_loss = False
# With REMAP_SIGTERM=SIGQUIT in the worker's environment: time for running jobs to end at a deploy, then they
# are given back. It must stay below the visibility timeout, because leases stand still meanwhile.
worker_soft_shutdown_timeout = min(_settings.soft_shutdown_seconds, _settings.visibility_timeout_seconds / 3)

# --- results: the state of a job
result_backend = "jobs.backend:JobBackend+" + _settings.celery_results
result_extended = True  # name, worker and queue stand in the result for Flower and `celery result`
result_expires = timedelta(days=7)  # the record answers for longer, as long as the session lives
task_track_started = False  # the claim writes STARTED itself, with the attempt, in one step
# The API answers 503 and the `celery` command ends with an error when Redis is away. A worker waits for it to
# come back, or every running job would fail at a restart: jobs/celery.py turns that on in workers.
result_backend_always_retry = False
result_backend_max_sleep_between_retries_ms = 2000
redis_socket_timeout = 2.0
redis_socket_connect_timeout = 3.0
redis_socket_keepalive = _over_tcp
redis_backend_health_check_interval = 15

# --- limits: the soft one is raised inside the job, which can still tidy up; the hard one kills its process
# and lies above it, so that a job hung in its own clean-up still frees the worker.
task_soft_time_limit = 3540
task_time_limit = 3600
task_annotations = {
    "*": {"default_retry_delay": _settings.retry_seconds},  # Celery's three minutes are for mail servers
    "jobs.indexing": {"soft_time_limit": 6 * 3600 - 60, "time_limit": 6 * 3600},
}
worker_max_tasks_per_child = 200  # what a C library leaks goes with its process
worker_max_memory_per_child = 1_500_000  # KiB; looked at after a job, never in the middle of one

# --- watching
worker_send_task_events = True  # Flower shows jobs only from events
task_send_sent_event = True
worker_hijack_root_logger = False  # jobs/logs.py writes the lines
worker_redirect_stdouts = False
beat_enable_remote_control = True  # `celery inspect ping -d celerybeat@...` is beat's health check

# --- beat
beat_schedule = {
    "expire-sessions": {
        "task": "jobs.cleanup.expire_sessions",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},  # after an outage the next run does the same work
    },
    "reconcile-jobs": {
        "task": "jobs.cleanup.reconcile_jobs",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "drop-live-data": {
        "task": "jobs.cleanup.drop_live_data",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 300},
    },
    "deliver-webhooks": {
        # What is tried again; the end of a job starts the first delivery itself.
        "task": "jobs.webhooks.deliver_due",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
}
beat_schedule_filename = str(_settings.data / "beat-schedule")
