"""Why each type of problem comes about and what to do about it: what its page says besides its first line."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Explanation:
    """The rest of a problem's page."""

    why: str = ""
    remedy: str = ""


_LATER: Final = "Send the same request again after the seconds that `Retry-After` names."
_OPERATOR: Final = (
    "Tell the operator, with the `request_id` of the answer, or the job's id: the log has the reason."
)

EXPLANATIONS: Final[Mapping[str, Explanation]] = {
    "bad-input": Explanation(
        "The request was understood, and what it asks for cannot be done with these values.",
        "`detail` names the value and says what it must be. Change it and send the request again.",
    ),
    "bad-request": Explanation(
        "The request breaks a rule of HTTP: a body that ends too soon, a form that cannot be taken apart, a "
        "header that cannot be read.",
        "Look at what your client sends, byte by byte; a library for HTTP does it right.",
    ),
    "broken-index": Explanation(
        "Its files were changed from outside, or the disk lost some of them.",
        "Index the same sources again with `mode` = `full`: a new index is built beside the old one.",
    ),
    "configuration": Explanation(
        "Somebody started the service with settings that do not go together.",
        "This is the operator's to mend: the text names the setting.",
    ),
    "digest-differs": Explanation(
        "Bytes were changed or lost on the way, or the digest is of another file.",
        "Send the file again, with the digest of what you send.",
    ),
    "disk-full": Explanation(
        "The disk of the server, not your share of it, is used up.",
        "Tell the operator, and send the file again once there is room.",
    ),
    "embedding-fault": Explanation(
        "The endpoint that makes vectors is away, is too slow or refuses what it is sent.",
        "Search with another `mode` than `hybrid`, or ask again later.",
    ),
    "idempotency-key-in-use": Explanation(
        "The same request came twice at nearly the same time, as after a lost connection.",
        "Send it again with the same key after `Retry-After`: the answer names the job that there is.",
    ),
    "idempotency-key-of-deleted-job": Explanation(
        "The key stands for a job, and a job that was deleted is not made again by accident.",
        "If you want a new job, send the request with a new key.",
    ),
    "idempotency-key-reused": Explanation(
        "The body differs from that of the first request with this key.",
        "Make a new key for each new request, such as a UUID; use it again only to repeat that request.",
    ),
    "length-needed": Explanation(
        "An upload that breaks off could not be told from one that is whole.",
        "Send `Content-Length`, which clients do by themselves unless they send chunks, or `Content-Digest`.",
    ),
    "precondition-failed": Explanation(
        "Somebody, perhaps you in another window, has changed it since you looked.",
        "Look at it again, and repeat the request with its new `ETag` if it is still what you want.",
    ),
    "too-many-downloads": Explanation(
        "Each large download keeps a part of the server until it has ended.",
        _LATER + " Fetch large files one after the other.",
    ),
    "unusable-link": Explanation(
        "Signed links hold for a short time, and only as long as the token that made them.",
        "Make a new one with your token.",
    ),
    "webhook-undeliverable": Explanation(
        "The receiver did not take the connection, or not in time.",
        "Look whether the address can be reached from the server; it is tried again by itself.",
    ),
    "gave-up": Explanation(
        "Every worker that began the job died before it ended it, most likely because of the job.",
        "Try it with less data, or leave out what you suspect. " + _OPERATOR,
    ),
    "index-busy": Explanation(
        "Two writers would destroy the index, so there is one at a time.",
        "Wait for the job that writes it, or cancel that job. A new indexing job with `if_running` = `wait` "
        "waits by itself.",
    ),
    "index-exists": Explanation(
        "Names of indexes are yours alone, and each is there once.",
        "Choose another name, or remove the index that has it.",
    ),
    "index-space-used": Explanation(
        "The operator has set how much of the disk the indexes of one user may take.",
        "Remove an index or a source that you need no more; `GET /api/v1/indexes` tells what each takes.",
    ),
    "insufficient-scope": Explanation(
        "A token can be made for a part of the service alone, such as reading jobs; this needs another.",
        "Use a token with the scope that `WWW-Authenticate` names, or one without scopes.",
    ),
    "rate-limited": Explanation(
        "Each user may ask for so much in a while, so that one busy program does not slow down all others.",
        _LATER + " `RateLimit-Policy` tells the limits, `RateLimit` what is left. Wait for a job with "
        "`Prefer: wait=20` or its stream of events in place of asking again and again.",
    ),
    "session-space-used": Explanation(
        "The operator has set how much of the disk the uploads of one user may take.",
        "Remove sessions that you need no more; `GET /api/v1/sessions` tells what each takes.",
    ),
    "token-expired": Explanation(
        "The token was made for a time, and that is over.",
        "Ask for a new one: `flask --app api tokens create <user>` makes it.",
    ),
    "too-many-jobs": Explanation(
        "Of each user's jobs a few are in the queue and the others are held back; how many is limited.",
        "Wait until some have ended, or cancel those that you need no more.",
    ),
    "internal-error": Explanation(
        "This is a defect of Longhaul, not of your request; no answer tells its insides.",
        "Try once more. If it comes again: " + _OPERATOR[0].lower() + _OPERATOR[1:],
    ),
    "invalid-request": Explanation(
        "A member of the body or a query parameter is unknown, missing, of another type than it must be, or "
        'out of its bounds. Types are strict: `"5"` is no number and `1` is no boolean.',
        "`errors` names each of them: `pointer` is a place in the body, `parameter` a query parameter. The "
        "description at `/docs` tells what each may be.",
    ),
    "job-failed": Explanation(
        "What you asked for is made when a job is completed, and this one ended otherwise.",
        "`error` of the job says why. Mend that, then try the job again: `POST /api/v1/jobs/{job_id}/retry`.",
    ),
    "job-finished": Explanation(
        "The job ended before your request came, perhaps a moment before.",
        "Nothing needs to be done: look at the job to see how it ended.",
    ),
    "job-not-finished": Explanation(
        "Only what has ended can be tried again or deleted.",
        "Wait until the job is `done`, or cancel it first.",
    ),
    "malformed-json": Explanation(
        "The body cannot be read as JSON in UTF-8, or could be read in several ways: a member that is there "
        "twice, NaN, a number too large for a double, too many levels.",
        "Let a library write the JSON. `detail` says where the first fault is.",
    ),
    "method-not-allowed": Explanation(
        "The address is right, and it cannot be used with this method.",
        "The header `Allow` lists the methods that it takes.",
    ),
    "not-found": Explanation(
        "The id or name is misspelt, the thing was removed or has expired, or it is not yours: these are "
        "never told apart, so that nobody learns what others have.",
        "List what there is, such as `GET /api/v1/jobs`, and take the id from there.",
    ),
    "out-of-memory": Explanation(
        "The worker has a limit, so that one job cannot bring down the others.",
        "Use less data: fewer columns, fewer rows, smaller files.",
    ),
    "range-not-satisfiable": Explanation(
        "`Range` asks for bytes behind the end of the file.",
        "`Content-Range` tells how long it is.",
    ),
    "requested-range-not-satisfiable": Explanation(
        "`Range` asks for bytes behind the end of the file.",
        "`Content-Range` tells how long it is.",
    ),
    "request-timeout": Explanation(
        "The body stopped coming, or hardly came, and the server does not wait for ever.",
        "Send it again after `Retry-After`, over a steadier connection.",
    ),
    "results-not-ready": Explanation(
        "The job waits or runs; results appear all at once when it has ended.",
        "Wait for its end with `Prefer: wait=20` or the stream of events, or ask again after `Retry-After`.",
    ),
    "service-unavailable": Explanation("As with `unavailable`.", _LATER),
    "session-busy": Explanation(
        "A job reads the session's files at this moment.",
        "Wait until the job is `done`, or cancel it; then remove the session.",
    ),
    "timeout": Explanation(
        "Each kind of job has a time limit, so that one that hangs does not keep its worker for ever.",
        "Give the job less to do: fewer files, fewer rows. What an indexing job had finished is kept, and "
        "the next run goes on from there.",
    ),
    "too-few-values": Explanation(
        "The method cannot estimate anything from so few values, or a condition leaves too few rows.",
        "Take more data, a wider condition, or another method.",
    ),
    "too-large": Explanation(
        "The file, or the body, is longer than this server accepts.",
        "`detail` says how large it may be. A large table can be sent as Parquet or packed with gzip; "
        "documents one by one.",
    ),
    "too-many-indexes": Explanation(
        "The operator has set how many indexes one user may have.",
        "Remove one that you need no more, or put several sources into one index.",
    ),
    "unauthenticated": Explanation(
        "The header `Authorization` is missing or is not of the form `Bearer lh_...`, or the token was "
        "revoked or has expired.",
        "Send a valid token. An operator makes one with `flask --app api tokens create <user>`.",
    ),
    "unavailable": Explanation(
        "A part of the service, its database, queue or storage, is away or full at the moment. Nothing of "
        "your request was recorded.",
        _LATER,
    ),
    "unknown-column": Explanation(
        "A column was named that is not in the table's header: spelling counts, case does not.",
        "`detail` lists the columns that there are.",
    ),
    "unknown-method": Explanation(
        "The name of a method is misspelt, or from another version.",
        "`GET /api/v1/kinds/analysis` lists all methods with their columns and values.",
    ),
    "unreadable-table": Explanation(
        "The file is damaged, empty, or of a form that is not read; or rows do not fit its header.",
        "`detail` names the row. Open the file in a spreadsheet and save it as CSV or xlsx.",
    ),
    "unsuitable-data": Explanation(
        "The columns hold other values than the question needs: words where numbers are compared, one group "
        "where two are.",
        "`detail` says what is missing. A job with `dry_run` shows how each column was read.",
    ),
    "unsupported-media-type": Explanation(
        "`Content-Type` says that the body is something else than what this address takes.",
        "Send `application/json` for parameters and `multipart/form-data` for files of a new session.",
    ),
    "unusable-query": Explanation(
        "A quotation mark or bracket is not closed, or a field has no value.",
        "`errors` tells the `position` of the first character at fault, counted from 0.",
    ),
    "worker-lost": Explanation(
        "The process was killed from outside, most often because it took more memory than there is.",
        "Try the job with less data. " + _OPERATOR,
    ),
}
