#!/usr/bin/env python3
"""Takes one task of a board and works on it, with nothing but the standard library.

Needs LOGBOARD_URL, LOGBOARD_TOKEN_FILE, LOGBOARD_ASSIGNEE. Exit code 5: nothing to do.
"""

import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid

URL = os.environ["LOGBOARD_URL"]


class Over(Exception):
    """The board says no: the run is over, and somebody else's."""


def say(path, body, token, key=None):
    """Answers the document; None for 204. Repeats what was not heard, which is safe with a key."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": key or str(uuid.uuid4()),
    }
    request = urllib.request.Request(
        f"{URL}/api/v1/{path}", json.dumps(body).encode(), headers, method="POST"
    )
    for attempt in range(5):
        try:
            with urllib.request.urlopen(request, timeout=40) as answer:
                return json.load(answer) if answer.status != 204 else None
        except urllib.error.HTTPError as no:
            if no.code < 500:
                problem = json.load(no)
                raise Over(f"{problem['detail']} {problem['hint']}") from no
        except OSError:
            pass
        time.sleep(0.2 * 2**attempt)
    raise ConnectionError(f"{URL} cannot be reached")


def main():
    with open(os.environ["LOGBOARD_TOKEN_FILE"], encoding="utf-8") as file:
        worker_token = file.read().strip()
    wanted = {
        "assignee": os.environ["LOGBOARD_ASSIGNEE"],
        "waitMs": int(os.environ.get("LOGBOARD_WAIT_MS", "30000")),
    }
    claim = say("claims", wanted, worker_token)
    if claim is None:
        return 5
    run, token = claim["runId"], f"{claim['runId']}.{claim['token']}"
    print(f"working on {claim['taskId']} in {run}")

    over = threading.Event()

    def beat():
        heard = 0
        while not over.wait(claim["leaseMs"] / 4000):
            try:
                answer = say(f"runs/{run}/heartbeat", {"commentsAfter": heard}, token)
            except Over as no:
                print(no, file=sys.stderr)
                os._exit(4)
            for comment in answer["comments"]:
                print(f"{comment['author']} says: {comment['body']}")
                heard = comment["position"]

    threading.Thread(target=beat, daemon=True).start()

    # The work: here it counts to three.
    for page in range(1, 4):
        say(f"runs/{run}/progress", {"progress": page / 4, "note": f"page {page} of 3"}, token)
        time.sleep(float(os.environ.get("LOGBOARD_EXAMPLE_PACE", "1")))

    over.set()
    say(f"runs/{run}/complete", {"summary": "3 pages", "metadata": {"pages": 3}}, token)
    print("done")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Over as no:
        print(no, file=sys.stderr)
        sys.exit(4)
