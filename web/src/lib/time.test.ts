// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { autoBucket, bucketMs, bucketsFor, formatAge, formatTime, formatUtc, MAX_BUCKETS, RANGE_NAMES, RANGES } from "./time";

const now = Date.parse("2026-03-01T12:00:00Z");

it.each([
  ["2026-03-01T11:59:58Z", "now"],
  ["2026-03-01T11:59:30Z", "30 sec. ago"],
  ["2026-03-01T11:57:00Z", "3 min. ago"],
  ["2026-03-01T09:00:00Z", "3 hr. ago"],
  ["2026-02-26T12:00:00Z", "3 days ago"],
  ["2026-03-01T12:05:00Z", "in 5 min."],
])("the age of %s", (time, age) => expect(formatAge(time, now, "en")).toBe(age));

it("shows UTC", () => expect(formatUtc("2026-03-01T12:00:00.25Z")).toBe("2026-03-01 12:00:00.250 UTC"));

it("leaves what is no time as it came", () => {
  expect(formatTime("soon", "en")).toBe("soon");
  expect(formatUtc("soon")).toBe("soon");
});

it.each(RANGE_NAMES)("a range of %s has buckets that the server takes", (range) => {
  const all = bucketsFor(range);
  expect(all).toContain(autoBucket(range));
  for (const bucket of all) expect(RANGES[range] / bucketMs(bucket)).toBeLessThanOrEqual(MAX_BUCKETS);
});
