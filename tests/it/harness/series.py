# SPDX-License-Identifier: Apache-2.0
"""What /api/v1/series says, and pictures computed from raw history to hold it against."""

import json
import math
import uuid
from datetime import datetime

from harness.charts import decode, rfc3339


def store(platform, device, samples):
    """History as ingest would have it, straight into the database: [(time in ms, params or their JSON)]."""
    number = platform.value("select id from device where key = %s", device.key)
    with platform.db.cursor() as cursor, cursor.copy(
            "copy property_history (device_id, ts, digest, received_at, script_version, flags, params) from stdin") as copy:
        for ts, params in samples:
            at = rfc3339(ts)
            copy.write_row((number, at, str(uuid.uuid4()), at, 0, 0,
                            params if isinstance(params, str) else json.dumps(params)))
    platform.db.execute("insert into rollup_due select %s, th_time(hour * 3600000) from unnest(%s::bigint[]) hour"
                        " on conflict do nothing", [number, list({ts // 3_600_000 for ts, _ in samples})])


def ask(platform, devices, properties, since, until, status=200, api=None, **params):
    answer = (api or platform.api).get("/api/v1/series", params={
        "devices": ",".join(d if isinstance(d, str) else d.key for d in devices), "properties": ",".join(properties),
        "from": rfc3339(since), "to": rfc3339(until), **params})
    assert answer.status_code == status, answer.text
    return decode(answer.text)


def points(item):
    return [(round(datetime.fromisoformat(p["time"]).timestamp() * 1000), p["value"]) for p in item["points"]]


def lttb(data, count):
    """Steinarsson's program."""
    if len(data) <= count:
        return data
    every, a, out = (len(data) - 2) / (count - 2), 0, [data[0]]
    for i in range(count - 2):
        behind = data[math.floor((i + 1) * every) + 1:min(math.floor((i + 2) * every) + 1, len(data))]
        x, y = (sum(d[k] for d in behind) / len(behind) for k in (0, 1))
        low, high = math.floor(i * every) + 1, math.floor((i + 1) * every) + 1
        a = max(range(low, high), key=lambda k: abs((data[a][0] - x) * (data[k][1] - data[a][1])
                                                    - (data[a][0] - data[k][0]) * (y - data[a][1])))
        out.append(data[a])
    return [*out, data[-1]]


def extremes(data, part, since=0):
    """Of each part the first with the least value and the first with the greatest; [(time in ms, value, ...)] in order."""
    parts = {}
    for point in data:
        parts.setdefault((point[0] - since) // part, []).append(point)
    kept = []
    for members in parts.values():
        least, greatest = (pick(members, key=lambda point: point[1]) for pick in (min, max))
        kept += [least] if least[1] == greatest[1] else sorted([least, greatest])
    return kept
