// SPDX-License-Identifier: Apache-2.0
// Every page, in a state worth looking at; for the checks that hold for all of them and for the pictures.

const SCRIPT = `local M = { api = 1 }

-- Fahrenheit in, Celsius kept.
function M.on_property(msg)
    local params = msg.params
    if params.temperature_f then
        params.temperature = (params.temperature_f - 32) * 5 / 9
    end
    print("report of " .. tostring(params.temperature))
    return params
end

M.tests = {
    { name = "Fahrenheit becomes Celsius", input = { payload = { id = "1", params = { temperature_f = 212 } } },
      expect = { store = { { params = { temperature = 100 } } } } },
}

return M
`;

/** Puts something on every page. */
export async function furnish(platform) {
  await platform.api("POST", "/products", { key: "sensor", name: "Room sensor" });
  for (let i = 1; i <= 12; i++) {
    const key = `sensor-${String(i).padStart(2, "0")}`;
    await platform.api("POST", "/products/sensor/devices", { key, name: `Room ${i}`, tags: i % 3 ? ["north"] : ["south", "roof"] });
    if (i <= 8) await platform.report("sensor", key, { temperature: 20 + i / 10, humidity: 40 + i, door: i % 2 === 0 });
  }
  await platform.publish("sensor", "sensor-01", "thing/event/motion/post", JSON.stringify({ id: "e", params: { zone: 2 } }));
  await platform.publish("sensor", "sensor-02", "thing/event/property/post", "{nonsense");
  await platform.api("POST", "/products/sensor/devices/sensor-01/commands", { params: { interval: 5 } });
  await platform.api("POST", "/products/sensor/scripts", { source: SCRIPT, note: "first" });
  await platform.api("POST", "/products/sensor/scripts", { source: SCRIPT.replace("report of", "reported"), note: "wording" });
  await platform.api("POST", "/products/sensor/scripts/1/activate");
  for (let i = 1; i <= 3; i++) await platform.report("sensor", "sensor-01", { temperature_f: 68 + i });
  await platform.api("POST", "/products/sensor/scripts/2/canary", { percent: 10 });
  await platform.api("POST", "/groups", { key: "north-wing", name: "North wing", kind: "query", query: { tag: "north" } });
  await platform.api("POST", "/roles", { key: "night-shift", name: "Night shift", permissions: ["devices:read", "latest:read"] });
  await platform.api("POST", "/tokens", { name: "billing", role: "viewer", products: ["sensor"] });
  await platform.api("POST", "/devices/actions", { action: "tag", selection: { all: true }, tags: ["checked"] });
}

/** Path, and what is there when the page is. */
export const PAGES = [
  ["/sign-in", "API token"],
  ["/", "Database"],
  ["/products", "Room sensor"],
  ["/products/sensor", "Settings"],
  ["/devices", "sensor-01"],
  ["/devices/sensor/sensor-01", "Latest values"],
  ["/devices/sensor/sensor-01?tab=events", "motion"],
  ["/devices/sensor/sensor-01?tab=connection", "Connections"],
  ["/devices/sensor/sensor-01?tab=shadow", "Desired"],
  ["/devices/sensor/sensor-01?tab=commands", "queued"],
  ["/groups", "north-wing"],
  ["/groups/north-wing", "sensor-01"],
  ["/scripts", "sensor"],
  ["/scripts/sensor", "It loads and its tests pass"],
  ["/scripts/sensor?tab=versions", "Compare"],
  ["/scripts/sensor?tab=runs", "on_property"],
  ["/scripts/sensor?tab=log", "report of"],
  ["/scripts/sensor?tab=history", "canary"],
  ["/dead-letters", "bad_payload"],
  ["/jobs", "bulk action"],
  ["/jobs/1", "Progress"],
  ["/jobs/import", "Check the file"],
  ["/accounts", "ann"],
  ["/accounts/ann", "Sign-in"],
  ["/roles", "night-shift"],
  ["/roles/night-shift", "Permissions"],
  ["/tokens", "billing"],
  ["/audit", "products:create"],
  ["/settings", "Name of this site"],
  ["/profile", "Second factor"],
];

export const THEMES = ["light", "dark"];
