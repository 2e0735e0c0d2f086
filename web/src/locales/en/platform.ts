// SPDX-License-Identifier: Apache-2.0
export default {
  platform: {
    text: "Of the platform as a whole. They hold everywhere within seconds.",
    normal: "{{hint}} Empty: {{n}}.",
    site_name: "Name of this site",
    site_name_hint: "Shown in the dashboard.",
    scripts: "Scripts of all products",
    scripts_hint: "Off stops every script at once; messages become dead letters or are stored as they came.",
    scripts_on: "run",
    scripts_off: "are switched off",
    session_idle_minutes: "Idle sessions end after (minutes)",
    session_idle_minutes_hint: "Without a request.",
    session_days: "Sessions end after (days)",
    session_days_hint: "Whatever happens.",
    rate_per_minute: "Requests per minute and account or token",
    rate_per_minute_hint: "More are refused with 429.",
    rate_open_per_minute: "Requests per minute and address",
    rate_open_per_minute_hint: "Without credentials.",
    statistics_days: "Keep figures for (days)",
    statistics_days_hint: "Of the platform, not of devices.",
  },
};
