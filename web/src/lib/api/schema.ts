// SPDX-License-Identifier: Apache-2.0
// Generated from the API's description by `npm run api`.
export interface paths {
    "/api/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This reference, for people */
        get: operations["reference.api"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["system.openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List accounts */
        get: operations["accounts.list"];
        put?: never;
        /** Create one of the accounts */
        post: operations["accounts.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of the accounts */
        get: operations["accounts.get"];
        put?: never;
        post?: never;
        /** Delete one of the accounts */
        delete: operations["accounts.delete"];
        options?: never;
        head?: never;
        /** Change one of the accounts (merge patch, RFC 7396) */
        patch: operations["accounts.update"];
        trace?: never;
    };
    "/api/v1/accounts/{account}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a token that sets a new password */
        post: operations["accounts.reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account}/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a second factor that was lost */
        delete: operations["accounts.remove_second_factor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accounts/{account}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Sign the account out everywhere */
        delete: operations["accounts.end_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List alarms, those that are active unless asked for others */
        get: operations["alarms.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{alarm}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an alarm, active or cleared */
        get: operations["alarms.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{alarm}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Acknowledge an alarm */
        post: operations["alarms.acknowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{alarm}/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Clear an alarm */
        post: operations["alarms.clear"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{alarm}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of an alarm */
        get: operations["alarms.log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Acknowledge all that match */
        post: operations["alarms.acknowledge_all"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Clear all that match */
        post: operations["alarms.clear_all"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who changed what */
        get: operations["audit.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List channels */
        get: operations["channels.list"];
        put?: never;
        /** Create one of the channels */
        post: operations["channels.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{channel}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of the channels */
        get: operations["channels.get"];
        put?: never;
        post?: never;
        /** Delete one of the channels */
        delete: operations["channels.delete"];
        options?: never;
        head?: never;
        /** Change one of the channels (merge patch, RFC 7396) */
        patch: operations["channels.update"];
        trace?: never;
    };
    "/api/v1/channels/{channel}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test notification now, enabled or not, and tell what became of it */
        post: operations["channels.test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List dead letters */
        get: operations["dead_letters.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{letter}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a dead letter with its body */
        get: operations["dead_letters.get"];
        put?: never;
        post?: never;
        /** Discard a dead letter */
        delete: operations["dead_letters.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{letter}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run one dead letter again */
        post: operations["dead_letters.replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Discard all that match */
        post: operations["dead_letters.discard_all"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run all that match again, oldest first */
        post: operations["dead_letters.replay_all"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count dead letters by product and reason */
        get: operations["dead_letters.summary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the devices of all products */
        get: operations["devices.list_all"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tag, untag, enable, disable, command or delete many devices
         * @description Beside jobs:act it takes the permission of the single action.
         */
        post: operations["devices.act"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/actions/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many devices an action would be about */
        post: operations["devices.preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The list of devices as a file, straight away
         * @description For lists of moderate length; POST /api/v1/exports makes a file in the background.
         */
        get: operations["devices.export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make or change devices out of a file of CSV or JSON
         * @description The body is the file, up to the server's limit of a body; larger ones come as an upload. CSV is
         *     of RFC 4180 in UTF-8, its first line names the columns: `key`, `product`, `name`, `tags` (parted
         *     by blanks, commas or semicolons), `enabled`, `attributes` and `parameters` (JSON objects) or a
         *     column for each member, `attributes.NAME` (texts) and `parameters.NAME` (numbers and true or
         *     false as such). An empty cell says nothing. JSON is an array of the bodies that make a device, or
         *     one such object a line; each may name its `product`. The file is counted first: one that cannot
         *     be read changes nothing. Each row's outcome is in the job's rows; the credentials of new devices
         *     can be downloaded once.
         */
        post: operations["devices.import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens, as it does
         * @description Each event has the kind as its type, JSON as its data and an id. `latest`: {product, device, time,
         *     params}; `event`: also type; `presence`: {product, device, time, online, node}; `command`: {product,
         *     device, state, ...}; `alarm`: {product, device, time, key, event (raised, changed, acknowledged,
         *     cleared), severity, message}, and id and by of what people did; `job`: {id, kind, state, done,
         *     total, failed} of one's own, and of others with jobs:manage; `script_log`: a line that a script
         *     logged, as GET /products/{product}/scripts/log has them. A listener that comes back within a minute
         *     with the header Last-Event-ID gets what it missed, or one event `resync`: then it has to read anew.
         *     Without `device`, `latest` is a sample: at most 100 a second. A comment comes every 15 seconds.
         */
        get: operations["live.stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Write devices, property history or events into a file
         * @description Beside jobs:export it takes devices:read, history:read or events:read. The file is at /api/v1/jobs/{job}/file for a day. What changes while the job runs is in it or not. Devices that were deleted are not.
         */
        post: operations["exports.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List groups */
        get: operations["groups.list"];
        put?: never;
        /** Create one of the groups */
        post: operations["groups.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{group}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of the groups */
        get: operations["groups.get"];
        put?: never;
        post?: never;
        /** Delete one of the groups */
        delete: operations["groups.delete"];
        options?: never;
        head?: never;
        /** Change one of the groups (merge patch, RFC 7396) */
        patch: operations["groups.update"];
        trace?: never;
    };
    "/api/v1/groups/{group}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Devices of a group */
        get: operations["groups.members"];
        put?: never;
        /** Add devices to a static group, or remove them */
        post: operations["groups.change"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List jobs: one's own, with jobs:manage also those of others */
        get: operations["jobs.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a job: how far it is, and what came of it */
        get: operations["jobs.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a job: it ends after the step under way, what is done stays done */
        post: operations["jobs.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Download the credentials of the devices an import made: once, within a day
         * @description A download that breaks off cannot be had again: make new keys for the devices that are missing.
         */
        post: operations["jobs.credentials"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download what an export wrote, within a day */
        get: operations["jobs.file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same as one file of CSV */
        get: operations["jobs.report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of each row of an import, or of each device that an action failed for */
        get: operations["jobs.rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the notifiers that channels can have */
        get: operations["channels.notifiers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what waits to be done, and what was given up */
        get: operations["outbox.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox/{item}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one */
        get: operations["outbox.get"];
        put?: never;
        post?: never;
        /** Discard one, waiting or given up */
        delete: operations["outbox.discard"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox/{item}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have one that was given up tried again */
        post: operations["outbox.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Discard those that were given up */
        post: operations["outbox.discard_all"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have those that were given up tried again */
        post: operations["outbox.retry_all"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All permissions and the built-in roles */
        get: operations["roles.permissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List products */
        get: operations["products.list"];
        put?: never;
        /** Create one of the products */
        post: operations["products.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of the products */
        get: operations["products.get"];
        put?: never;
        post?: never;
        /** Delete one of the products */
        delete: operations["products.delete"];
        options?: never;
        head?: never;
        /** Change one of the products (merge patch, RFC 7396) */
        patch: operations["products.update"];
        trace?: never;
    };
    "/api/v1/products/{product}/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List devices */
        get: operations["devices.list"];
        put?: never;
        /** Create one of the devices */
        post: operations["devices.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of the devices */
        get: operations["devices.get"];
        put?: never;
        post?: never;
        /** Delete one of the devices */
        delete: operations["devices.delete"];
        options?: never;
        head?: never;
        /** Change one of the devices (merge patch, RFC 7396) */
        patch: operations["devices.update"];
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alarms of a device */
        get: operations["alarms.device"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Commands of a device, newest first */
        get: operations["commands.list"];
        put?: never;
        /** Send a command */
        post: operations["commands.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}/commands/{command}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a command */
        get: operations["commands.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}/commands/{command}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a command that is not over */
        post: operations["commands.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events of a device */
        get: operations["events.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Property reports of a device, as they came or in buckets */
        get: operations["history.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List its keys */
        get: operations["device_keys.list"];
        put?: never;
        /** Add a key */
        post: operations["device_keys.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a key */
        delete: operations["device_keys.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}/kv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what the script keeps with the device */
        get: operations["kv.get"];
        /** Replace what the script keeps with the device */
        put: operations["kv.replace"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}/latest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Newest value of each property */
        get: operations["latest.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}/presence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Presence and connection history */
        get: operations["presence.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}/services/{service}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Call a service of the device */
        post: operations["services.call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/devices/{device}/shadow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the shadow */
        get: operations["shadow.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change desired values */
        patch: operations["shadow.update"];
        trace?: never;
    };
    "/api/v1/products/{product}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List its keys */
        get: operations["product_keys.list"];
        put?: never;
        /** Add a key */
        post: operations["product_keys.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete a key */
        delete: operations["product_keys.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/reconnect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have connected devices connect anew, some hundred a call */
        post: operations["presence.reconnect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/scripts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Versions of a product's script */
        get: operations["scripts.list"];
        put?: never;
        /** Keep a new version; it must load and pass its tests */
        post: operations["scripts.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/scripts/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a version with its source */
        get: operations["scripts.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/scripts/{number}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a version in force */
        post: operations["scripts.activate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/scripts/{number}/canary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a version in force for some devices; activate it to promote it */
        post: operations["scripts.canary"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/scripts/{number}/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What went wrong in a version, with the first and the last sample of each */
        get: operations["scripts.errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/scripts/{number}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the functions of a version did; of the last day unless told */
        get: operations["scripts.runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/scripts/activations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which version was put in force when, for whom, by whom, and how it ended */
        get: operations["scripts.activations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/scripts/canary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End the canary: its devices go back to the version in force */
        delete: operations["scripts.canary_abort"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/scripts/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Load a source, run its tests, look through it; nothing is kept */
        post: operations["scripts.check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/scripts/deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put no version in force: the product behaves as one without a script */
        post: operations["scripts.deactivate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/scripts/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the script logged last, oldest first
         * @description Lines are in the memory of the instance that answers, the last 1000 of a product at most; the live stream has new ones as `script_log`.
         */
        get: operations["scripts.log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/scripts/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undo the last activation */
        post: operations["scripts.rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{product}/scripts/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show what a script makes of messages; nothing is kept */
        post: operations["scripts.try"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List roles */
        get: operations["roles.list"];
        put?: never;
        /** Create one of the roles */
        post: operations["roles.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles/{role}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of the roles */
        get: operations["roles.get"];
        put?: never;
        post?: never;
        /** Delete one of the roles */
        delete: operations["roles.delete"];
        options?: never;
        head?: never;
        /** Change one of the roles (merge patch, RFC 7396) */
        patch: operations["roles.update"];
        trace?: never;
    };
    "/api/v1/scripts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which version of which product is in force, and how it does */
        get: operations["scripts.overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/scripts/reference": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What scripts may call, what calls them, and with what */
        get: operations["scripts.reference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Properties of several devices as lines over time
         * @description Up to 20 devices and 20 properties. A device that is not there, or not for the caller, is answered 404.
         */
        get: operations["series.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I, what may I */
        get: operations["session.get"];
        put?: never;
        /** Sign in */
        post: operations["session.create"];
        /** Sign out */
        delete: operations["session.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sign in with the provider: sends the browser there */
        get: operations["session.oidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the provider sends the browser back to */
        get: operations["session.oidc_callback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change the password; ends all other sessions */
        post: operations["session.password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a password with a reset token */
        post: operations["session.reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/reset-request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ask for a reset token by mail; the answer does not say whether one goes out */
        post: operations["session.reset_request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a second factor */
        post: operations["session.totp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put the second factor in force */
        post: operations["session.totp_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/totp/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Remove the second factor */
        post: operations["session.totp_remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the sign-in page offers */
        get: operations["session.ways"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My sessions */
        get: operations["sessions.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of my sessions */
        delete: operations["sessions.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Settings that differ from their defaults */
        get: operations["settings.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change settings; null restores the default */
        patch: operations["settings.update"];
        trace?: never;
    };
    "/api/v1/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many of what, now */
        get: operations["statistics.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/statistics/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the platform's counters gained, over time */
        get: operations["statistics.series"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tags of each product's devices */
        get: operations["tags.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List API tokens */
        get: operations["tokens.list"];
        put?: never;
        /** Make an API token */
        post: operations["tokens.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API token */
        delete: operations["tokens.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own uploads, newest first */
        get: operations["uploads.list"];
        put?: never;
        /** Begin an upload; the answer says how its parts are sent */
        post: operations["uploads.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{upload}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an upload: which parts are there */
        get: operations["uploads.get"];
        put?: never;
        post?: never;
        /** Delete an upload */
        delete: operations["uploads.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{upload}/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** All parts are there: check size and SHA-256, and make it usable */
        post: operations["uploads.finish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/uploads/{upload}/parts/{part}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Send one part; doing so again changes nothing */
        put: operations["uploads.put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every error code, for people */
        get: operations["reference.errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/errors/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One error code, for people */
        get: operations["reference.error"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is it alive */
        get: operations["system.health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures in Prometheus' text form */
        get: operations["system.metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Are database and broker well */
        get: operations["system.ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/time": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Milliseconds since 1970, for devices without a clock */
        get: operations["system.time"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Account: {
            /** Format: date-time */
            created_at: string;
            email: string;
            enabled: boolean;
            has_password: boolean;
            /** @description What is typed at sign-in. */
            key: string;
            must_change_password: boolean;
            name: string;
            roles: components["schemas"]["Grant"][];
            second_factor: boolean;
            /** Format: date-time */
            signed_in_at: string | null;
            /**
             * @description Where the person signs in; roles of oidc follow from groups there.
             * @enum {string}
             */
            source: "local" | "oidc";
            /** Format: date-time */
            updated_at: string;
        };
        AccountCreate: {
            email?: string;
            enabled?: boolean;
            /** @description What is typed at sign-in. */
            key: string;
            name?: string;
            password?: string;
            roles?: components["schemas"]["Grant"][];
        };
        AccountCreated: {
            /** Format: date-time */
            created_at: string;
            email: string;
            enabled: boolean;
            has_password: boolean;
            /** @description What is typed at sign-in. */
            key: string;
            must_change_password: boolean;
            name: string;
            /** @description Made when none was given; to be changed at sign-in. Shown only now. */
            password?: string;
            roles: components["schemas"]["Grant"][];
            second_factor: boolean;
            /** Format: date-time */
            signed_in_at: string | null;
            /**
             * @description Where the person signs in; roles of oidc follow from groups there.
             * @enum {string}
             */
            source: "local" | "oidc";
            /** Format: date-time */
            updated_at: string;
        };
        AccountPatch: {
            email?: string | null;
            enabled?: boolean | null;
            name?: string | null;
            roles?: components["schemas"]["Grant"][] | null;
        };
        Alarm: {
            /** Format: date-time */
            acknowledged_at: string | null;
            acknowledged_by: string | null;
            /** Format: date-time */
            cleared_at: string | null;
            /** @description Who; null when what raised it did. */
            cleared_by: string | null;
            /** @description How often it was raised. */
            count: number;
            details: components["schemas"]["Value"];
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            device: string;
            /** @description Stays the alarm's when it is cleared; one raised anew has another. */
            id: number;
            /** @description Chosen by the script. */
            key: string;
            /** Format: date-time */
            last_raised_at: string;
            message: string;
            /** @description Of who acknowledged it. */
            note: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            product: string;
            /** Format: date-time */
            raised_at: string;
            /** @description Of the newest raise. */
            script_version: number | null;
            /** @enum {string} */
            severity: "info" | "warning" | "critical";
            /**
             * @description What raised it.
             * @enum {string}
             */
            source: "script" | "rule";
            /** @enum {string} */
            state: "active" | "cleared";
        };
        AlarmBulk: {
            done: number;
            /** @description There are more that match. */
            more: boolean;
        };
        /** @description Which active ones, in the order of their ids; all given conditions hold. */
        AlarmFilter: {
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            device?: string;
            /**
             * Format: date-time
             * @description Raised not before.
             */
            from?: string;
            ids?: number[];
            /** @description Chosen by the script. */
            key?: string;
            /** @default 100 */
            limit?: number;
            note?: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            product?: string;
            severity?: ("info" | "warning" | "critical")[];
            /**
             * Format: date-time
             * @description Raised before.
             */
            to?: string;
        };
        AlarmLogEntry: {
            actor: {
                /** @enum {string} */
                kind: "script" | "rule" | "account" | "token";
                name: string;
            };
            details: components["schemas"]["Value"];
            /**
             * @description changed: to another severity.
             * @enum {string}
             */
            event: "raised" | "changed" | "acknowledged" | "cleared";
            /** @description What was said with it; of people, their note. */
            message: string;
            script_version: number | null;
            /** @enum {string} */
            severity: "info" | "warning" | "critical";
            /** Format: date-time */
            time: string;
        };
        AlarmNote: {
            note?: string;
        };
        AuditEntry: {
            action: string;
            actor: {
                id: number | null;
                /** @enum {string} */
                kind: "token" | "account" | "system";
                name: string;
            };
            address: string;
            after: components["schemas"]["Value"];
            before: components["schemas"]["Value"];
            id: number;
            product: string;
            request_id: string;
            target: string;
            /** Format: date-time */
            time: string;
        };
        Bucket: {
            properties: {
                [key: string]: {
                    avg?: number | null;
                    count?: number;
                    last?: components["schemas"]["Value"];
                    max?: number | null;
                    min?: number | null;
                    sum?: number | null;
                };
            };
            /**
             * Format: date-time
             * @description Start of the bucket.
             */
            time: string;
        };
        BulkAction: components["schemas"]["BulkTag"] | components["schemas"]["BulkSwitch"] | components["schemas"]["BulkCommand"] | components["schemas"]["BulkDelete"];
        BulkCommand: {
            /** @enum {string} */
            action: "command";
            /** @description Without a name it sets properties. */
            command: {
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                name?: string;
                params?: {
                    [key: string]: components["schemas"]["Value"];
                };
                /** @description Seconds after which a command that was not carried out expires. */
                ttl_seconds?: number;
            };
            selection: components["schemas"]["Selection"];
        };
        BulkDelete: {
            /** @enum {string} */
            action: "delete";
            /**
             * @description What becomes of all that the device reported.
             * @default keep
             * @enum {string}
             */
            history?: "keep" | "delete";
            selection: components["schemas"]["Selection"];
        };
        BulkPreview: {
            devices: number;
            sample: string[];
        };
        BulkSwitch: {
            /** @enum {string} */
            action: "enable" | "disable";
            selection: components["schemas"]["Selection"];
        };
        BulkTag: {
            /** @enum {string} */
            action: "tag" | "untag";
            selection: components["schemas"]["Selection"];
            tags: string[];
        };
        Channel: {
            /** @description As the notifier's schema says, without its secrets. */
            config: {
                [key: string]: components["schemas"]["Value"];
            };
            /** Format: date-time */
            created_at: string;
            description: string;
            enabled: boolean;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key: string;
            name: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            notifier: string;
            /** @description Whose scripts may use it; null: the platform's. */
            product: string | null;
            /** @description Secrets that are set. */
            secret_names: string[];
            /** @description Of a channel of the platform: scripts of all products may use it. */
            shared: boolean;
            /** Format: date-time */
            updated_at: string;
        };
        ChannelCreate: {
            /** @description As the notifier's schema says, without its secrets. */
            config?: {
                [key: string]: components["schemas"]["Value"];
            };
            description?: string;
            enabled?: boolean;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key: string;
            name?: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            notifier: string;
            /** @description Whose scripts may use it; null: the platform's. */
            product?: string | null;
            /** @description Members of the notifier's schema that are writeOnly. Kept sealed and never shown; null removes one. */
            secrets?: {
                [key: string]: string;
            };
            /** @description Of a channel of the platform: scripts of all products may use it. */
            shared?: boolean;
        };
        ChannelPatch: {
            /** @description As the notifier's schema says, without its secrets. */
            config?: {
                [key: string]: components["schemas"]["Value"];
            } | null;
            description?: string | null;
            enabled?: boolean | null;
            name?: string | null;
            /** @description Members of the notifier's schema that are writeOnly. Kept sealed and never shown; null removes one. */
            secrets?: {
                [key: string]: string | null;
            } | null;
            /** @description Of a channel of the platform: scripts of all products may use it. */
            shared?: boolean | null;
        };
        ChannelTest: {
            /** @description Why it was not. */
            error: string | null;
            /** @description Of the notification that was sent. */
            id: string | null;
            sent: boolean;
            took_ms: number;
        };
        Command: {
            attempts: number;
            /** @description What the device answered. */
            code: number | null;
            /** Format: date-time */
            created_at: string;
            data: components["schemas"]["Value"];
            /** Format: date-time */
            expires_at: string;
            /** Format: date-time */
            finished_at: string | null;
            id: number;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            name: string;
            params: components["schemas"]["Value"];
            /** Format: date-time */
            sent_at: string | null;
            /** @enum {string} */
            source: "api" | "desired" | "script";
            /** @enum {string} */
            state: "queued" | "sent" | "succeeded" | "failed" | "expired" | "canceled";
        };
        CommandCreate: {
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            name?: string;
            params: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description Seconds after which a command that was not carried out expires. */
            ttl_seconds?: number;
        };
        Connection: {
            address: string;
            /** @enum {string} */
            event: "connected" | "disconnected";
            node: number;
            protocol?: number | null;
            reason: string;
            /** Format: date-time */
            time: string;
        };
        Credentials: {
            /** @description MQTT client id: the device's key. */
            client_id: string;
            /** @description Key of the HMAC that makes the password. Shown only now. */
            secret: string;
            /** @description MQTT username: the product's key. */
            username: string;
        };
        DeadLetter: {
            action: string;
            detail: string;
            device: string;
            id: number;
            node?: number | null;
            product: string;
            reason: string;
            size: number;
            /** Format: date-time */
            time: string;
            topic: string;
        };
        DeadLetterBody: {
            action: string;
            /** @description The hook as the broker sent it, its first 64 KiB. */
            body: string;
            detail: string;
            device: string;
            /** @enum {string} */
            encoding: "text" | "base64";
            id: number;
            node?: number | null;
            product: string;
            reason: string;
            size: number;
            /** Format: date-time */
            time: string;
            topic: string;
        };
        DeadLetterDiscard: {
            discarded: number;
            more: boolean;
        };
        /** @description Which dead letters; all given conditions hold. */
        DeadLetterFilter: {
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            device?: string;
            /** Format: date-time */
            from?: string;
            /** @default 100 */
            limit?: number;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            product?: string;
            reason?: string;
            /** Format: date-time */
            to?: string;
        };
        /** @description What became of them. Stored, duplicate and ignored ones are gone from the list; dead and retry ones are still there. Incomplete: the body was cut at 64 KiB. */
        DeadLetterReplay: {
            dead: number;
            duplicate: number;
            ignored: number;
            incomplete: number;
            /** @description There are more that match. */
            more: boolean;
            retry: number;
            stored: number;
        };
        DeadLetterTally: {
            /** @description Only counted, since enough like them were kept in their minute. */
            counted: number;
            /** Format: date-time */
            first: string;
            /** @description Dead letters in the list. */
            kept: number;
            /** Format: date-time */
            last: string;
            product: string;
            reason: string;
        };
        Device: {
            /** @description At most 16 KiB. */
            attributes: {
                [key: string]: components["schemas"]["Value"];
            };
            /** Format: date-time */
            created_at: string;
            enabled: boolean;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key: string;
            name: string;
            online: boolean;
            /** @description At most 16 KiB. */
            parameters: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            product: string;
            /** Format: date-time */
            seen_at: string | null;
            /** @enum {string} */
            source: "manual" | "auto" | "import";
            tags: string[];
            /** Format: date-time */
            updated_at: string;
        };
        DeviceCreate: {
            /** @description At most 16 KiB. */
            attributes?: {
                [key: string]: components["schemas"]["Value"];
            };
            enabled?: boolean;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key: string;
            name?: string;
            /** @description At most 16 KiB. */
            parameters?: {
                [key: string]: components["schemas"]["Value"];
            };
            tags?: string[];
        };
        DeviceCreated: {
            /** @description At most 16 KiB. */
            attributes: {
                [key: string]: components["schemas"]["Value"];
            };
            /** Format: date-time */
            created_at: string;
            credentials?: components["schemas"]["Credentials"];
            enabled: boolean;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key: string;
            name: string;
            online: boolean;
            /** @description At most 16 KiB. */
            parameters: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            product: string;
            /** Format: date-time */
            seen_at: string | null;
            /** @enum {string} */
            source: "manual" | "auto" | "import";
            tags: string[];
            /** Format: date-time */
            updated_at: string;
        };
        DeviceDeleted: {
            /** @description Commands that had not been carried out. */
            commands: number;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            deleted: string;
            /** @enum {string} */
            history: "kept" | "deleted";
        };
        DeviceKv: {
            /** @description JSON values by name, all that the script keeps. At most 16 KiB. */
            kv: {
                [key: string]: components["schemas"]["Value"];
            };
        };
        DevicePatch: {
            /** @description At most 16 KiB. */
            attributes?: {
                [key: string]: components["schemas"]["Value"];
            } | null;
            enabled?: boolean | null;
            name?: string | null;
            /** @description At most 16 KiB. */
            parameters?: {
                [key: string]: components["schemas"]["Value"];
            } | null;
            tags?: string[] | null;
        };
        /** @description Filters of the device list by name, as in its query string. */
        DeviceQuery: {
            /** @description name=value, compared as text. */
            attribute?: string;
            /** @enum {string} */
            enabled?: "true" | "false";
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key?: string;
            name?: string;
            /** @enum {string} */
            online?: "true" | "false";
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            prefix?: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            product?: string;
            /** @description Part of key or name, in any case. */
            q?: string;
            /** Format: date-time */
            seen_after?: string;
            /** Format: date-time */
            seen_before?: string;
            /** @enum {string} */
            source?: "manual" | "auto" | "import";
            /** @description Has all of these. Comma-separated. */
            tag?: string;
        };
        Event: {
            /** @description Absent when there is none. `clock`: the device's time was off, it is the broker's; `raw`: stored as it came, since the script failed or was off. */
            flags?: ("clock" | "raw")[];
            params: components["schemas"]["Value"];
            /** Format: date-time */
            received_at: string;
            /** Format: date-time */
            time: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            type: string;
        };
        Export: components["schemas"]["ExportDevices"] | components["schemas"]["ExportHistory"] | components["schemas"]["ExportEvents"];
        /** @description Without a selection all devices that the caller may see; until now, unless `to` says otherwise. */
        ExportDevices: {
            /**
             * @default csv
             * @enum {string}
             */
            format?: "csv" | "jsonl";
            selection?: components["schemas"]["Selection"];
            /** @enum {string} */
            what: "devices";
        };
        /** @description Without a selection all devices that the caller may see; until now, unless `to` says otherwise. */
        ExportEvents: {
            /**
             * @default csv
             * @enum {string}
             */
            format?: "csv" | "jsonl";
            /** Format: date-time */
            from?: string;
            selection?: components["schemas"]["Selection"];
            /** Format: date-time */
            to?: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            type?: string;
            /** @enum {string} */
            what: "events";
        };
        /** @description Without a selection all devices that the caller may see; until now, unless `to` says otherwise. */
        ExportHistory: {
            /**
             * @default csv
             * @enum {string}
             */
            format?: "csv" | "jsonl";
            /** Format: date-time */
            from?: string;
            /** @description Only reports with one of these, and in CSV a column for each; without it all, as JSON. */
            properties?: string[];
            selection?: components["schemas"]["Selection"];
            /** Format: date-time */
            to?: string;
            /** @enum {string} */
            what: "history";
        };
        Figures: {
            counters: {
                [key: string]: number;
            };
            /** Format: date-time */
            time: string;
        };
        Grant: {
            /** @description The one product it holds for; null or absent: all. */
            product?: string | null;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            role: string;
        };
        Group: {
            /** Format: date-time */
            created_at: string;
            description: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key: string;
            /** @enum {string} */
            kind: "static" | "query";
            name: string;
            /** @description Whose devices it is made of; null: of all products. */
            product: string | null;
            query: components["schemas"]["DeviceQuery"];
            /** Format: date-time */
            updated_at: string;
        };
        GroupChange: {
            add?: string[];
            remove?: string[];
        };
        GroupChanged: {
            added: number;
            removed: number;
            /** @description Devices that are not there. */
            unknown: string[];
        };
        GroupCreate: {
            description?: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key: string;
            /** @enum {string} */
            kind?: "static" | "query";
            name?: string;
            /** @description Whose devices it is made of; null: of all products. */
            product?: string | null;
            query?: components["schemas"]["DeviceQuery"];
        };
        GroupPatch: {
            description?: string | null;
            name?: string | null;
            /** @description Filters of the device list by name, as in its query string. */
            query?: {
                /** @description name=value, compared as text. */
                attribute?: string | null;
                /** @enum {string|null} */
                enabled?: "true" | "false" | null;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                key?: string | null;
                name?: string | null;
                /** @enum {string|null} */
                online?: "true" | "false" | null;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                prefix?: string | null;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string | null;
                /** @description Part of key or name, in any case. */
                q?: string | null;
                /** Format: date-time */
                seen_after?: string | null;
                /** Format: date-time */
                seen_before?: string | null;
                /** @enum {string|null} */
                source?: "manual" | "auto" | "import" | null;
                /** @description Has all of these. Comma-separated. */
                tag?: string | null;
            } | null;
        };
        Job: {
            /** @description Who asked for it. */
            actor: string;
            /** @description It ends after the step under way. */
            canceling: boolean;
            /** @description What became of how many, by outcome. */
            counts: {
                [key: string]: number;
            };
            /** Format: date-time */
            created_at: string;
            /** @description How many were dealt with. */
            done: number;
            /** @description Why the job failed. What `done` counts stays done. */
            error: {
                code?: string;
                message?: string;
            } | null;
            /** @description How many of them came to nothing; see the job's rows. */
            failed: number;
            /** Format: date-time */
            finished_at: string | null;
            /** @description Credentials of devices it made wait for their one download. */
            has_credentials: boolean;
            /** @description Its result can be downloaded. */
            has_file: boolean;
            id: number;
            /** @enum {string} */
            kind: "import" | "action" | "export";
            params: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description The one product that it is about; null: several. */
            product: string | null;
            /** Format: date-time */
            started_at: string | null;
            /** @enum {string} */
            state: "queued" | "running" | "done" | "failed" | "canceled";
            /** @description Rows or devices in all; null while that is not known. */
            total: number | null;
        };
        JobRow: {
            code: string | null;
            key: string;
            /** @description Where the row begins in the file. */
            line: number | null;
            message: string | null;
            /** @description Of the row, or of the device in the order the job came to them. */
            number: number;
            /** @enum {string} */
            outcome: "created" | "updated" | "unchanged" | "error";
        };
        Key: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string | null;
            id: number;
        };
        KeyCreate: {
            /** Format: date-time */
            expires_at?: string;
            /** @description Seconds after which all older keys expire. */
            replace_after?: number;
        };
        KeyCreated: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string | null;
            id: number;
            /** @description Shown only now. */
            secret: string;
        };
        Latest: {
            properties: {
                [key: string]: {
                    /** Format: date-time */
                    time: string;
                    value: components["schemas"]["Value"];
                };
            };
        };
        Line: {
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            device: string;
            points: {
                /** Format: date-time */
                time: string;
                value: components["schemas"]["Value"];
            }[];
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            product: string;
            property: string;
        };
        Notifier: {
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            name: string;
            /** @description JSON Schema of a channel's config; writeOnly members are secrets. */
            schema: {
                [key: string]: components["schemas"]["Value"];
            };
            title: string;
            version: string;
        };
        OutboxBulk: {
            done: number;
            /** @description There are more that match. */
            more: boolean;
            /** @description Another with the same key waits in its place, or the device that it is for is not there. */
            skipped: number;
        };
        /** @description Which dead ones, oldest first; all given conditions hold. */
        OutboxFilter: {
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            device?: string;
            /**
             * @description later: a function that was put off; notify: a notification.
             * @enum {string}
             */
            kind?: "later" | "notify";
            /** @default 100 */
            limit?: number;
            name?: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            product?: string;
        };
        OutboxItem: {
            args: components["schemas"]["Value"];
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            dead_at: string | null;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            device: string;
            /** Format: date-time */
            due_at: string;
            /** @description Of the last attempt. */
            error: string | null;
            /** @description The device that another one forwarded the function to; dead for want of it, it stays with the other. */
            forwarded_to: string | null;
            id: number;
            /** @description Given by the script. */
            key: string | null;
            /**
             * @description later: a function that was put off; notify: a notification.
             * @enum {string}
             */
            kind: "later" | "notify";
            /** @description Of the script's function, or the channel's key. */
            name: string;
            /**
             * Format: date-time
             * @description The next attempt; while one runs, when it is taken for lost.
             */
            next_at: string | null;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            product: string;
            /**
             * @description dead: given up after the configured number of attempts.
             * @enum {string}
             */
            state: "waiting" | "dead";
        };
        OwnSession: {
            address: string;
            agent: string;
            /** Format: date-time */
            created_at: string;
            current: boolean;
            id: number;
            /** Format: date-time */
            seen_at: string;
        };
        PasswordChange: {
            current: string;
            password: string;
        };
        PasswordReset: {
            password: string;
            token: string;
        };
        PasswordResetCreate: {
            /** @description By mail to the account's address, in place of showing it. */
            send?: boolean;
        };
        PasswordResetRequest: {
            /** @description Account, or its mail address. */
            account: string;
            /** @enum {string} */
            language?: "en" | "zh";
        };
        PasswordResetToken: {
            /** Format: date-time */
            expires_at: string;
            /** @description For POST /session/reset. Shown only now; null when it was sent. */
            token: string | null;
        };
        Permissions: {
            permissions: {
                /** @description Least built-in role that has it. */
                level: string;
                permission: string;
            }[];
            /** @description Built-in ones, from least to most. */
            roles: string[];
        };
        Presence: {
            /** @description The device's address and port. */
            address: string | null;
            /** Format: date-time */
            connected_at: string | null;
            /** Format: date-time */
            disconnected_at: string | null;
            items: components["schemas"]["Connection"][];
            /** @description For the next page; null at the end. */
            next_cursor: string | null;
            /** @description Broker node. */
            node: number | null;
            online: boolean;
            /** Format: date-time */
            seen_at: string | null;
        };
        Problem: {
            /** @enum {string} */
            code: "invalid_json" | "invalid_query" | "invalid_header" | "unauthenticated" | "wrong_credentials" | "second_factor_required" | "forbidden" | "csrf" | "password_change_required" | "not_found" | "invalid_cursor" | "method_not_allowed" | "conflict" | "in_use" | "version_conflict" | "unknown_reference" | "idempotency_mismatch" | "command_closed" | "alarm_closed" | "storage_full" | "upload_incomplete" | "too_large" | "unsupported_media_type" | "validation_failed" | "script_invalid" | "file_invalid" | "rate_limited" | "internal" | "mail_failed" | "busy" | "unavailable" | "timeout";
            detail?: string;
            errors?: {
                message: string;
                path: string;
            }[];
            request_id?: string;
            status: number;
            title: string;
            type: string;
        };
        Product: {
            /** Format: date-time */
            created_at: string;
            description: string;
            enabled: boolean;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key: string;
            name: string;
            settings: components["schemas"]["ProductSettings"];
            /** Format: date-time */
            updated_at: string;
        };
        ProductCreate: {
            description?: string;
            enabled?: boolean;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key: string;
            name?: string;
            settings?: components["schemas"]["ProductSettings"];
        };
        ProductCreated: {
            /** Format: date-time */
            created_at: string;
            description: string;
            enabled: boolean;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key: string;
            name: string;
            /** @description With auth = product_key: the key of all its devices. Shown only now. */
            product_key?: string;
            settings: components["schemas"]["ProductSettings"];
            /** Format: date-time */
            updated_at: string;
        };
        ProductPatch: {
            description?: string | null;
            enabled?: boolean | null;
            name?: string | null;
            settings?: {
                /**
                 * @description A key per device, one key burnt into all of the product's devices, or the password of a known device is left to the script's on_auth.
                 * @default device_key
                 * @enum {string|null}
                 */
                auth?: "device_key" | "product_key" | "script" | null;
                /**
                 * @description Take a password once, so that one that was overheard is worth nothing. For devices that make a new one for each connection.
                 * @default false
                 */
                auth_once?: boolean | null;
                /** @description Seconds a device's clock may be off; absent: the server's setting. */
                auth_window?: number | null;
                auto_provision?: {
                    enabled?: boolean | null;
                    /** @description What the keys of devices that may provision themselves begin with. */
                    pattern?: string | null;
                } | null;
                /**
                 * @default plain
                 * @enum {string|null}
                 */
                command_format?: "plain" | "ids" | null;
                /** @description Whom the product's script may ask with thing.http: HOST or HOST:PORT, *.DOMAIN for all below it. Without a port 80 and 443 are meant. */
                http_hosts?: string[] | null;
                /**
                 * @description What becomes of a report or an event that the script fails on, or that comes while scripts are off: a dead letter to be replayed, or stored as it came and flagged `raw`.
                 * @default dead_letter
                 * @enum {string|null}
                 */
                on_script_error?: "dead_letter" | "store_raw" | null;
                /**
                 * @description Bytes of one message.
                 * @default 262144
                 */
                payload_limit?: number | null;
                retention_days?: number | null;
                /**
                 * Format: date-time
                 * @description Until then all levels are.
                 */
                script_debug_until?: string | null;
                /** @description When a version of the script counts as failing, and is undone by the system. */
                script_fallback?: {
                    /**
                     * @description It fails for at least so many; a canary for fewer, for all of them.
                     * @default 5
                     */
                    devices?: number | null;
                    /** @default true */
                    enabled?: boolean | null;
                    /**
                     * @description And for this share of those that ran it within the window.
                     * @default 20
                     */
                    percent?: number | null;
                    /** @default 60 */
                    window_seconds?: number | null;
                } | null;
                /**
                 * @description Least level of the script's lines that are kept.
                 * @default info
                 * @enum {string|null}
                 */
                script_log_level?: "debug" | "info" | "warn" | "error" | null;
                /**
                 * @description False stops the product's script at once.
                 * @default true
                 */
                scripts_enabled?: boolean | null;
                /**
                 * @default off
                 * @enum {string|null}
                 */
                validation?: "off" | "warn" | "reject" | null;
            } | null;
        };
        ProductSettings: {
            /**
             * @description A key per device, one key burnt into all of the product's devices, or the password of a known device is left to the script's on_auth.
             * @default device_key
             * @enum {string}
             */
            auth?: "device_key" | "product_key" | "script";
            /**
             * @description Take a password once, so that one that was overheard is worth nothing. For devices that make a new one for each connection.
             * @default false
             */
            auth_once?: boolean;
            /** @description Seconds a device's clock may be off; absent: the server's setting. */
            auth_window?: number;
            auto_provision?: {
                enabled?: boolean;
                /** @description What the keys of devices that may provision themselves begin with. */
                pattern?: string;
            };
            /**
             * @default plain
             * @enum {string}
             */
            command_format?: "plain" | "ids";
            /** @description Whom the product's script may ask with thing.http: HOST or HOST:PORT, *.DOMAIN for all below it. Without a port 80 and 443 are meant. */
            http_hosts?: string[];
            /**
             * @description What becomes of a report or an event that the script fails on, or that comes while scripts are off: a dead letter to be replayed, or stored as it came and flagged `raw`.
             * @default dead_letter
             * @enum {string}
             */
            on_script_error?: "dead_letter" | "store_raw";
            /**
             * @description Bytes of one message.
             * @default 262144
             */
            payload_limit?: number;
            retention_days?: number;
            /**
             * Format: date-time
             * @description Until then all levels are.
             */
            script_debug_until?: string;
            /** @description When a version of the script counts as failing, and is undone by the system. */
            script_fallback?: {
                /**
                 * @description It fails for at least so many; a canary for fewer, for all of them.
                 * @default 5
                 */
                devices?: number;
                /** @default true */
                enabled?: boolean;
                /**
                 * @description And for this share of those that ran it within the window.
                 * @default 20
                 */
                percent?: number;
                /** @default 60 */
                window_seconds?: number;
            };
            /**
             * @description Least level of the script's lines that are kept.
             * @default info
             * @enum {string}
             */
            script_log_level?: "debug" | "info" | "warn" | "error";
            /**
             * @description False stops the product's script at once.
             * @default true
             */
            scripts_enabled?: boolean;
            /**
             * @default off
             * @enum {string}
             */
            validation?: "off" | "warn" | "reject";
        };
        Readiness: {
            broker: boolean;
            database: boolean;
            ready: boolean;
        };
        Reconnect: {
            /** @description Device to go on behind: `next` of the answer before. */
            after?: string;
            /**
             * Format: date-time
             * @description Those that connected before; now unless told.
             */
            before?: string;
        };
        Reconnected: {
            /** Format: date-time */
            before: string;
            /** @description The broker could not be asked: call again with the same `before`. */
            failed: number;
            /** @description Not connected any more. */
            gone: number;
            kicked: number;
            /** @description There are more: call again with it as `after`, and the same `before`. */
            next: string | null;
        };
        RecoveryCodes: {
            recovery_codes: string[];
        };
        Role: {
            /** Format: date-time */
            created_at: string;
            description: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key: string;
            name: string;
            permissions: string[];
            /** Format: date-time */
            updated_at: string;
        };
        RoleCreate: {
            description?: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key: string;
            name?: string;
            permissions: string[];
        };
        RolePatch: {
            description?: string | null;
            name?: string | null;
            permissions?: string[] | null;
        };
        Sample: {
            /** @description Absent when there is none. `clock`: the device's time was off, it is the broker's; `raw`: stored as it came, since the script failed or was off. */
            flags?: ("clock" | "raw")[];
            params: {
                [key: string]: components["schemas"]["Value"];
            };
            /** Format: date-time */
            time: string;
        };
        ScriptActivation: {
            actor: string;
            /** Format: date-time */
            at: string;
            /** Format: date-time */
            ended_at: string | null;
            /** @description `system`: it failed. Null: it was not undone. */
            ended_by: string | null;
            /** @enum {string} */
            kind: "activation" | "canary";
            /** @enum {string|null} */
            outcome: "undone" | "promoted" | "aborted" | "failed" | "replaced" | null;
            reason: string | null;
            /** @description Of a canary. */
            target: {
                [key: string]: components["schemas"]["Value"];
            } | null;
            /** @description Null: none. */
            version: number | null;
        };
        /** @description Which devices: one of these. */
        ScriptCanary: {
            devices?: string[];
            /** @description Key of a static group. */
            group?: string;
            /** @description A share, by a hash of the device's key: a larger one keeps the devices of a smaller one. */
            percent?: number;
            tag?: string;
        };
        ScriptCheck: {
            /** @description What the script requires, by name, words with dots between: lib.decode is the file lib/decode.lua. */
            modules?: {
                [key: string]: string;
            };
            /** @description Lua; returns the table of the product's functions. */
            source: string;
            /** @description Tests beside the script's own {name, input, expect}; run, not kept. */
            tests?: {
                [key: string]: components["schemas"]["Value"];
            }[];
        };
        ScriptCreate: {
            /** @description Refused unless this is the newest version; 0: unless there is none. */
            after?: number;
            /** @description What the script requires, by name, words with dots between: lib.decode is the file lib/decode.lua. */
            modules?: {
                [key: string]: string;
            };
            note?: string;
            /** @description Lua; returns the table of the product's functions. */
            source: string;
            /** @description Tests beside the script's own {name, input, expect}; run, not kept. */
            tests?: {
                [key: string]: components["schemas"]["Value"];
            }[];
        };
        ScriptError: {
            count: number;
            first: {
                device: string;
                /** @enum {string} */
                encoding: "text" | "base64";
                message: string;
                /** @description First KiB of the message. */
                payload: string;
                /** @description Bytes of the whole message. */
                size: number;
                /** Format: date-time */
                time: string;
            };
            function: string;
            /** @description error, cpu, wall, memory, ... */
            kind: string;
            last: {
                device: string;
                /** @enum {string} */
                encoding: "text" | "base64";
                message: string;
                /** @description First KiB of the message. */
                payload: string;
                /** @description Bytes of the whole message. */
                size: number;
                /** Format: date-time */
                time: string;
            };
            /** @description # stands for numbers and quoted text, in which samples differ. */
            message: string;
            /** @description Chunk and line. */
            place: string;
        };
        ScriptField: {
            name: string;
            text: string;
            type: string;
        };
        ScriptLine: {
            device: string | null;
            /** @enum {string} */
            level: "debug" | "info" | "warn" | "error";
            /** @description 0: not known. */
            line: number;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            product: string;
            /** @description Counts up per product. */
            seq: number;
            text: string;
            /** Format: date-time */
            time: string;
            version: number;
            where: string;
        };
        ScriptLinted: {
            cpu_us: number;
            error?: {
                /** @description From 1; 0 or less: not known. */
                column: number;
                /** @description From 1; 0 or less: not known. */
                line: number;
                message: string;
                where: string;
            };
            loaded: boolean;
            /** @description What it printed and logged, its first 64 KiB. */
            log: {
                /** @enum {string} */
                level: "debug" | "info" | "warn" | "error";
                line: number;
                text: string;
                where: string;
            }[];
            manifest?: components["schemas"]["ScriptManifest"];
            /** @description Most bytes in use. */
            memory: number;
            /** @description It loads, its tests pass, and a message that was given did not fail. */
            ok: boolean;
            tests: {
                effects: components["schemas"]["Value"];
                message?: string;
                name: string;
                passed: boolean;
            }[];
            /** @description What is probably wrong, though it loads; at most 200 of one file. */
            warnings: components["schemas"]["ScriptWarning"][];
        };
        /** @description What the script declares; null: kept by a release that did not read it. */
        ScriptManifest: {
            functions: string[];
            /** @description Filters below {product}/{device}/. */
            topics: {
                publish: string[];
                raw: string[];
                subscribe: string[];
            };
        } | null;
        ScriptReference: {
            functions: {
                example?: {
                    code: string;
                    gives: string;
                };
                /** @description Whole: thing.json.decode. */
                name: string;
                /** @description In which it may be called; absent: in all. */
                phases?: string[];
                /** @description With types as lua-language-server writes them; of a value its type. */
                signature: string;
                text: string;
            }[];
            handlers: {
                example: string;
                name: string;
                phase: string;
                returns: string;
                signature: string;
                text: string;
            }[];
            /** @description Of the table that a script returns, beside the handlers. */
            members: components["schemas"]["ScriptField"][];
            sections?: {
                name: string;
                phases?: string[];
                text: string;
            }[];
            types: {
                fields: components["schemas"]["ScriptField"][];
                name: string;
                text: string;
            }[];
        };
        ScriptRuns: {
            cpu_avg_us: number;
            cpu_max_us: number;
            /** @description 50 % of the calls took no more of CPU time, a quarter off at most. */
            cpu_p50_us: number | null;
            /** @description 95 % of the calls took no more of CPU time, a quarter off at most. */
            cpu_p95_us: number | null;
            /** @description 99 % of the calls took no more of CPU time, a quarter off at most. */
            cpu_p99_us: number | null;
            cpu_us: number;
            errors: number;
            /** Format: date-time */
            first_at: string;
            function: string;
            /** Format: date-time */
            last_at: string;
            last_error: string | null;
            /** Format: date-time */
            last_error_at: string | null;
            memory_max: number;
            /** @description 50 % of the calls took no more of the script's whole state, a quarter off at most. */
            memory_p50: number | null;
            /** @description 95 % of the calls took no more of the script's whole state, a quarter off at most. */
            memory_p95: number | null;
            /** @description 99 % of the calls took no more of the script's whole state, a quarter off at most. */
            memory_p99: number | null;
            runs: number;
            wall_max_us: number;
            /** @description 50 % of the calls took no more of time passed, a quarter off at most. */
            wall_p50_us: number | null;
            /** @description 95 % of the calls took no more of time passed, a quarter off at most. */
            wall_p95_us: number | null;
            /** @description 99 % of the calls took no more of time passed, a quarter off at most. */
            wall_p99_us: number | null;
        };
        ScriptSource: {
            active: boolean;
            /** Format: date-time */
            created_at: string;
            created_by: string;
            manifest: components["schemas"]["ScriptManifest"];
            /** @description What the script requires, by name, words with dots between: lib.decode is the file lib/decode.lua. */
            modules: {
                [key: string]: string;
            };
            note: string;
            number: number;
            /** @description Of the source's bytes, with the modules when it has any. */
            sha256: string;
            size: number;
            /** @description Lua; returns the table of the product's functions. */
            source: string;
        };
        ScriptState: {
            /** Format: date-time */
            activated_at: string | null;
            /** @description A version that some devices run before all. */
            canary: {
                errors: number;
                runs: number;
                /** Format: date-time */
                started_at: string;
                started_by: string;
                /** @description As it was asked for, with `size`: how many devices these were when it began, counted to 1000. */
                target: {
                    [key: string]: components["schemas"]["Value"];
                };
                version: number;
            } | null;
            /** @description False: switched off, by the product's settings or for all. */
            enabled: boolean;
            /** @description Those of them that failed. */
            errors: number;
            newest: number | null;
            note: string | null;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            product: string;
            /** @description Calls of this version within the last hour. */
            runs: number;
            /** @description In force. */
            version: number | null;
        };
        ScriptTried: {
            items: {
                cpu_us: number;
                device?: string;
                /** @description store, events, commands, sent, kv, later, forwarded, alarms, notify, reply, result, dead; of auth allowed and why. */
                effects?: {
                    [key: string]: components["schemas"]["Value"];
                };
                error?: {
                    /** @description From 1; 0 or less: not known. */
                    column: number;
                    /** @description From 1; 0 or less: not known. */
                    line: number;
                    message: string;
                    where: string;
                };
                loaded: boolean;
                /** @description What it printed and logged, its first 64 KiB. */
                log: {
                    /** @enum {string} */
                    level: "debug" | "info" | "warn" | "error";
                    line: number;
                    text: string;
                    where: string;
                }[];
                manifest?: components["schemas"]["ScriptManifest"];
                /** @description Most bytes in use. */
                memory: number;
                /** @description It loads, its tests pass, and a message that was given did not fail. */
                ok: boolean;
                /** @description Of `last`: what the history has of it. */
                stored?: {
                    [key: string]: components["schemas"]["Value"];
                } | null;
                tests: {
                    effects: components["schemas"]["Value"];
                    message?: string;
                    name: string;
                    passed: boolean;
                }[];
                /** Format: date-time */
                time?: string;
                timer?: string;
                topic?: string;
            }[];
            ok: boolean;
        };
        /** @description A source or a version (else the one in force), and a message: `payload`, a dead letter, or the `last` ones of the product. Without a message only the tests run. */
        ScriptTry: {
            /** @description Its active alarms before each message, by key: {severity, message, since, last, count, acknowledged}, all optional. */
            alarms?: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description The payload's bytes. */
            base64?: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            device?: string;
            /** @description Instead of a message, as in a script's own tests: {event: connect | disconnect | auth, ...} or {commands: [{name, params}]}. */
            input?: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description The device's small state before each message. */
            kv?: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description Stored reports, put back into the form they are posted in, and dead letters of scripts; newest first. With `device` of this one. */
            last?: number;
            letter?: number;
            /** @description With `last`: dead letters only. */
            letters?: boolean;
            /** @description What the script requires, by name, words with dots between: lib.decode is the file lib/decode.lua. */
            modules?: {
                [key: string]: string;
            };
            /** @description Text as it is; anything else as JSON. */
            payload?: unknown;
            /** @description Lua; returns the table of the product's functions. */
            source?: string;
            /** @description A function to call as if it had been put off by thing.later. */
            timer?: {
                args?: components["schemas"]["Value"];
                name: string;
            };
            /** @description Below {product}/{device}/. */
            topic?: string;
            version?: number;
        };
        ScriptVersion: {
            active: boolean;
            /** Format: date-time */
            created_at: string;
            created_by: string;
            manifest: components["schemas"]["ScriptManifest"];
            note: string;
            number: number;
            /** @description Of the source's bytes, with the modules when it has any. */
            sha256: string;
            size: number;
        };
        ScriptWarning: {
            /** @description Of the kind of mistake; syntax: it is not Lua. */
            code: string;
            /** @description In bytes. */
            column: number;
            file: string;
            line: number;
            message: string;
        };
        Selection: components["schemas"]["SelectionOfKeys"] | components["schemas"]["SelectionByFilter"] | components["schemas"]["SelectionOfAll"];
        SelectionByFilter: {
            filter: components["schemas"]["SelectionFilter"];
        };
        /** @description Filters of the device list by name, as in its query string; `group` among them. */
        SelectionFilter: {
            /** @description name=value, compared as text. */
            attribute?: string;
            /** @enum {string} */
            enabled?: "true" | "false";
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            group?: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key?: string;
            name?: string;
            /** @enum {string} */
            online?: "true" | "false";
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            prefix?: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            product?: string;
            /** @description Part of key or name, in any case. */
            q?: string;
            /** Format: date-time */
            seen_after?: string;
            /** Format: date-time */
            seen_before?: string;
            /** @enum {string} */
            source?: "manual" | "auto" | "import";
            tag?: string | string[];
        };
        SelectionOfAll: {
            /**
             * @description All devices that the caller may see.
             * @enum {boolean}
             */
            all: true;
        };
        SelectionOfKeys: {
            keys: string[];
        };
        Series: {
            /** @description Length; null with lttb. */
            bucket: string | null;
            /** Format: date-time */
            from: string;
            /** @description One for each device and property, in the order asked for. */
            items: components["schemas"]["Line"][];
            /** Format: date-time */
            to: string;
        };
        ServiceCall: {
            params?: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description Seconds after which a command that was not carried out expires. */
            ttl_seconds?: number;
        };
        Session: {
            /** @description For the header X-CSRF-Token of requests that change something. */
            csrf_token: string | null;
            /** @enum {string} */
            kind: "account" | "token" | "system";
            must_change_password: boolean;
            /** @description Key of the account, or name of the token. */
            name: string;
            /** @description What may be done, for all products or some. */
            permissions: string[];
            /** @description Some permissions hold for some products only. */
            scoped: boolean;
            /** @description The account has one. */
            second_factor: boolean;
            /** @description Of the settings; empty: none. */
            site_name: string;
        };
        Settings: {
            /**
             * @description Requests without credentials that one address may make in a minute.
             * @default 1200
             */
            rate_open_per_minute?: number;
            /**
             * @description Requests that one account or token may make in a minute.
             * @default 60000
             */
            rate_per_minute?: number;
            /**
             * @description False stops the scripts of all products at once, on every instance.
             * @default true
             */
            scripts_enabled?: boolean;
            /**
             * @description A session ends after this, whatever happens.
             * @default 7
             */
            session_days?: number;
            /**
             * @description A session without a request ends after this.
             * @default 720
             */
            session_idle_minutes?: number;
            /**
             * @description Shown in the dashboard.
             * @default
             */
            site_name?: string;
            /**
             * @description Figures of the platform are kept this long.
             * @default 30
             */
            statistics_days?: number;
        };
        SettingsPatch: {
            /**
             * @description Requests without credentials that one address may make in a minute.
             * @default 1200
             */
            rate_open_per_minute?: number | null;
            /**
             * @description Requests that one account or token may make in a minute.
             * @default 60000
             */
            rate_per_minute?: number | null;
            /**
             * @description False stops the scripts of all products at once, on every instance.
             * @default true
             */
            scripts_enabled?: boolean | null;
            /**
             * @description A session ends after this, whatever happens.
             * @default 7
             */
            session_days?: number | null;
            /**
             * @description A session without a request ends after this.
             * @default 720
             */
            session_idle_minutes?: number | null;
            /**
             * @description Shown in the dashboard.
             * @default
             */
            site_name?: string | null;
            /**
             * @description Figures of the platform are kept this long.
             * @default 30
             */
            statistics_days?: number | null;
        };
        Shadow: {
            delta: {
                [key: string]: components["schemas"]["Value"];
            };
            desired: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description Bare values, as in desired. */
            reported: {
                [key: string]: components["schemas"]["Value"];
            };
            version: number;
        };
        ShadowPatch: {
            /** @description Merge patch (RFC 7396): members are set, null removes. */
            desired: {
                [key: string]: components["schemas"]["Value"];
            };
            /** @description Seconds after which a command that was not carried out expires. */
            ttl_seconds?: number;
            /** @description The version this change is meant for. */
            version?: number;
        };
        SignIn: {
            account: string;
            code?: string;
            password: string;
        };
        SignInWays: {
            /** @description Where people sign in instead. */
            provider: {
                name: string;
                /** @description To go to, with the page to end on as `to`. */
                path: string;
            } | null;
            /** @description A lost password is set anew by mail. */
            reset: boolean;
        };
        Statistics: {
            alarms: {
                critical: number;
                info: number;
                unacknowledged: number;
                warning: number;
            };
            commands: {
                queued: number;
                sent: number;
            };
            /** @description Of the last 24 hours, by reason. */
            dead_letters: {
                [key: string]: number;
            };
            devices: number;
            online: number;
            products: number;
        };
        Tag: {
            devices: number;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            product: string;
            tag: string;
        };
        Token: {
            /** Format: date-time */
            created_at: string;
            created_by: string;
            /** Format: date-time */
            expires_at: string | null;
            id: number;
            name: string;
            /** @description Products it works for; null: all. */
            products: string[] | null;
            role: string;
            /** Format: date-time */
            used_at: string | null;
        };
        TokenCreate: {
            /** Format: date-time */
            expires_at?: string | null;
            name: string;
            /** @description Products it works for; null: all. */
            products?: string[] | null;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            role: string;
        };
        TokenCreated: {
            /** Format: date-time */
            created_at: string;
            created_by: string;
            /** Format: date-time */
            expires_at: string | null;
            id: number;
            name: string;
            /** @description Products it works for; null: all. */
            products: string[] | null;
            role: string;
            /** @description Shown only now. */
            token: string;
            /** Format: date-time */
            used_at: string | null;
        };
        TotpBegin: {
            password: string;
        };
        TotpConfirm: {
            code: string;
        };
        TotpRemove: {
            password: string;
        };
        TotpSecret: {
            secret: string;
            uri: string;
        };
        Upload: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            id: string;
            name: string;
            part_count: number;
            /** @description Bytes of each part; the last one has the rest. */
            part_size: number;
            /** @description Where part N is PUT, with {part} in place of N. */
            part_url: string;
            /** @description Numbers, from 1, of those that are there. */
            parts: number[];
            /** @description It was finished and can be used. */
            ready: boolean;
            /** @description SHA-256, in hex. */
            sha256: string;
            size: number;
        };
        UploadCreate: {
            name?: string;
            /** @description SHA-256, in hex. */
            sha256: string;
            size: number;
        };
        /** @description Any JSON value; text without U+0000 */
        Value: unknown;
    };
    responses: {
        /** @description A problem (RFC 9457); `code` is stable */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
        IdempotencyKey: string;
        /** @description ETag of the revision the change is for; when it is another now: 409. */
        IfMatch: string;
    };
    requestBodies: never;
    headers: {
        /** @description The revision, for If-Match. */
        ETag: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "reference.api": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "system.openapi": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "accounts.list": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                enabled?: boolean;
                /** @description Most items in the answer. */
                limit?: number;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                role?: string;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-created_at" | "-key" | "created_at" | "key";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Account"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "accounts.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountCreated"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "accounts.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "accounts.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "accounts.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountPatch"];
                "application/merge-patch+json": components["schemas"]["AccountPatch"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "accounts.reset": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PasswordResetCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasswordResetToken"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "accounts.remove_second_factor": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "accounts.end_sessions": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "alarms.list": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                device?: string;
                /** @description Raised not before. */
                from?: string;
                /** @description Chosen by the script. */
                key?: string;
                /** @description Most items in the answer. */
                limit?: number;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string;
                severity?: ("info" | "warning" | "critical")[];
                /** @description Order of the items; `-` turns it round. */
                sort?: "-id" | "-raised_at" | "-severity" | "id" | "raised_at" | "severity";
                /** @description active: all that are not cleared, acknowledged or not. */
                state?: "active" | "unacknowledged" | "acknowledged" | "cleared" | "all";
                /** @description Raised before. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Alarm"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "alarms.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                alarm: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alarm"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "alarms.acknowledge": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                alarm: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AlarmNote"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alarm"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "alarms.clear": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                alarm: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AlarmNote"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Alarm"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "alarms.log": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Not before. */
                from?: string;
                limit?: number;
                /** @description Oldest first, or newest first. */
                order?: "asc" | "desc";
                /** @description Before. */
                to?: string;
            };
            header?: never;
            path: {
                alarm: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AlarmLogEntry"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "alarms.acknowledge_all": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AlarmFilter"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmBulk"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "alarms.clear_all": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AlarmFilter"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmBulk"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "audit.list": {
        parameters: {
            query?: {
                action?: string;
                actor?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Not before. */
                from?: string;
                limit?: number;
                /** @description Oldest first, or newest first. */
                order?: "asc" | "desc";
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string;
                target?: string;
                /** @description Before. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "channels.list": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                enabled?: boolean;
                /** @description Most items in the answer. */
                limit?: number;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                notifier?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-key" | "-name" | "key" | "name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Channel"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "channels.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "channels.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "channels.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                channel: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "channels.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                channel: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelPatch"];
                "application/merge-patch+json": components["schemas"]["ChannelPatch"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "channels.test": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                channel: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelTest"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "dead_letters.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                device?: string;
                /** @description Not before. */
                from?: string;
                limit?: number;
                /** @description Oldest first, or newest first. */
                order?: "asc" | "desc";
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string;
                reason?: string;
                /** @description Before. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeadLetter"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "dead_letters.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                letter: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterBody"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "dead_letters.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                letter: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "dead_letters.replay": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                letter: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterReplay"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "dead_letters.discard_all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeadLetterFilter"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterDiscard"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "dead_letters.replay_all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeadLetterFilter"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterReplay"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "dead_letters.summary": {
        parameters: {
            query?: {
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                device?: string;
                /** @description Not before. */
                from?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string;
                reason?: string;
                /** @description Before. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeadLetterTally"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "devices.list_all": {
        parameters: {
            query?: {
                /** @description name=value, compared as text. */
                attribute?: string;
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                enabled?: boolean;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                group?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                key?: string;
                /** @description Most items in the answer. */
                limit?: number;
                name?: string;
                online?: boolean;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                prefix?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string;
                /** @description Part of key or name, in any case. */
                q?: string;
                seen_after?: string;
                seen_before?: string;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-created_at" | "-key" | "-name" | "-seen_at" | "created_at" | "key" | "name" | "seen_at";
                source?: "manual" | "auto" | "import";
                /** @description Has all of these. */
                tag?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Device"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "devices.act": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkAction"];
            };
        };
        responses: {
            /** @description Taken in, goes on as a job */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "devices.preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkAction"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkPreview"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "devices.export": {
        parameters: {
            query?: {
                /** @description name=value, compared as text. */
                attribute?: string;
                enabled?: boolean;
                format?: "csv" | "jsonl";
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                group?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                key?: string;
                name?: string;
                online?: boolean;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                prefix?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string;
                /** @description Part of key or name, in any case. */
                q?: string;
                seen_after?: string;
                seen_before?: string;
                source?: "manual" | "auto" | "import";
                /** @description Has all of these. */
                tag?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv; charset=utf-8": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "devices.import": {
        parameters: {
            query?: {
                /** @description Of CSV; auto: the one that the first line has most. */
                delimiter?: "auto" | "comma" | "semicolon" | "tab";
                /** @description Only say what would be done. */
                dry_run?: boolean;
                /** @description Unless the body's Content-Type or the upload's name says it; else csv. */
                format?: "csv" | "json" | "jsonl";
                /** @description upsert changes devices that are there: members that a row has are merged into the device as a PATCH would. */
                mode?: "create" | "upsert";
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string;
                /** @description Id of an upload that is ready, in place of a body. */
                upload?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": unknown;
                "application/x-ndjson": unknown;
                "text/csv": unknown;
            };
        };
        responses: {
            /** @description Taken in, goes on as a job */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "live.stream": {
        parameters: {
            query?: {
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                device?: string;
                /** @description Only these. */
                kinds?: ("alarm" | "command" | "event" | "job" | "latest" | "presence" | "script_log")[];
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "exports.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Export"];
            };
        };
        responses: {
            /** @description Taken in, goes on as a job */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "groups.list": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                kind?: "static" | "query";
                /** @description Most items in the answer. */
                limit?: number;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-key" | "-name" | "key" | "name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Group"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "groups.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "groups.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "groups.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "groups.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupPatch"];
                "application/merge-patch+json": components["schemas"]["GroupPatch"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "groups.members": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most items in the answer. */
                limit?: number;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-created_at" | "-key" | "-name" | "-seen_at" | "created_at" | "key" | "name" | "seen_at";
            };
            header?: never;
            path: {
                group: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Device"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "groups.change": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                group: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupChange"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupChanged"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "jobs.list": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                kind?: "import" | "action" | "export";
                /** @description Most items in the answer. */
                limit?: number;
                /** @description Only one's own. */
                mine?: boolean;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-created_at" | "created_at";
                state?: ("queued" | "running" | "done" | "failed" | "canceled")[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Job"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "jobs.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "jobs.cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "jobs.credentials": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "jobs.file": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv; charset=utf-8": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "jobs.report": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv; charset=utf-8": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "jobs.rows": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                key?: string;
                /** @description Most items in the answer. */
                limit?: number;
                outcome?: "created" | "updated" | "unchanged" | "error";
                /** @description Order of the items; `-` turns it round. */
                sort?: "-number" | "number";
            };
            header?: never;
            path: {
                job: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["JobRow"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "channels.notifiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Notifier"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "outbox.list": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                device?: string;
                /** @description later: a function that was put off; notify: a notification. */
                kind?: "later" | "notify";
                /** @description Most items in the answer. */
                limit?: number;
                name?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-id" | "-next_at" | "id" | "next_at";
                /** @description dead: given up after the configured number of attempts. */
                state?: "waiting" | "dead";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["OutboxItem"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "outbox.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxItem"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "outbox.discard": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "outbox.retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                item: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxItem"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "outbox.discard_all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["OutboxFilter"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxBulk"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "outbox.retry_all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["OutboxFilter"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxBulk"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "roles.permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Permissions"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "products.list": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                enabled?: boolean;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                key?: string;
                /** @description Most items in the answer. */
                limit?: number;
                /** @description Part of key or name. */
                q?: string;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-created_at" | "-key" | "-name" | "created_at" | "key" | "name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Product"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "products.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductCreated"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "products.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "products.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                        deleted: string;
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "products.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductPatch"];
                "application/merge-patch+json": components["schemas"]["ProductPatch"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "devices.list": {
        parameters: {
            query?: {
                /** @description name=value, compared as text. */
                attribute?: string;
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                enabled?: boolean;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                group?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                key?: string;
                /** @description Most items in the answer. */
                limit?: number;
                name?: string;
                online?: boolean;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                prefix?: string;
                /** @description Part of key or name, in any case. */
                q?: string;
                seen_after?: string;
                seen_before?: string;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-created_at" | "-key" | "-name" | "-seen_at" | "created_at" | "key" | "name" | "seen_at";
                source?: "manual" | "auto" | "import";
                /** @description Has all of these. */
                tag?: string[];
            };
            header?: never;
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Device"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "devices.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceCreated"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "devices.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Device"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "devices.delete": {
        parameters: {
            query?: {
                /** @description What becomes of all that the device reported. */
                history?: "keep" | "delete";
            };
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceDeleted"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "devices.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DevicePatch"];
                "application/merge-patch+json": components["schemas"]["DevicePatch"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Device"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "alarms.device": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Raised not before. */
                from?: string;
                /** @description Chosen by the script. */
                key?: string;
                /** @description Most items in the answer. */
                limit?: number;
                severity?: ("info" | "warning" | "critical")[];
                /** @description Order of the items; `-` turns it round. */
                sort?: "-id" | "-raised_at" | "-severity" | "id" | "raised_at" | "severity";
                /** @description active: all that are not cleared, acknowledged or not. */
                state?: "active" | "unacknowledged" | "acknowledged" | "cleared" | "all";
                /** @description Raised before. */
                to?: string;
            };
            header?: never;
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Alarm"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "commands.list": {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                name?: string;
                state?: ("queued" | "sent" | "succeeded" | "failed" | "expired" | "canceled")[];
            };
            header?: never;
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Command"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "commands.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommandCreate"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Command"];
                };
            };
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Command"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "commands.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                command: number;
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Command"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "commands.cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                command: number;
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Command"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "events.list": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Not before. */
                from?: string;
                limit?: number;
                /** @description Oldest first, or newest first. */
                order?: "asc" | "desc";
                /** @description Before. */
                to?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                type?: string;
            };
            header?: never;
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Event"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "history.list": {
        parameters: {
            query?: {
                aggregate?: ("min" | "max" | "avg" | "sum" | "count" | "last")[];
                /** @description Length, such as 30s, 5m, 1h, 1d. Buckets are not paged. Whole hours and days outlive the reports: they are kept as rollups. */
                bucket?: string;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Not before. */
                from?: string;
                limit?: number;
                /** @description Oldest first, or newest first. */
                order?: "asc" | "desc";
                /** @description In place of bucket: the shortest usual length that gives no more buckets from `from`, or a day before, to `to` or now. */
                points?: number;
                /** @description Only these properties. */
                properties?: string[];
                /** @description Before. */
                to?: string;
            };
            header?: never;
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: (components["schemas"]["Sample"] | components["schemas"]["Bucket"])[];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "device_keys.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Key"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "device_keys.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["KeyCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyCreated"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "device_keys.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device: string;
                key_id: number;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "kv.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceKv"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "kv.replace": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceKv"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceKv"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "latest.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Latest"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "presence.get": {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Not before. */
                from?: string;
                limit?: number;
                /** @description Oldest first, or newest first. */
                order?: "asc" | "desc";
                /** @description Before. */
                to?: string;
            };
            header?: never;
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Presence"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "services.call": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                device: string;
                product: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ServiceCall"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Command"];
                };
            };
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Command"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "shadow.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Shadow"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "shadow.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                device: string;
                product: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShadowPatch"];
                "application/merge-patch+json": components["schemas"]["ShadowPatch"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Shadow"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "product_keys.list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Key"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "product_keys.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["KeyCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyCreated"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "product_keys.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: number;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "presence.reconnect": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reconnect"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reconnected"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.list": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most items in the answer. */
                limit?: number;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-number" | "number";
            };
            header?: never;
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ScriptVersion"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScriptCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptVersion"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptSource"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.activate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptState"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.canary": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: number;
                product: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScriptCanary"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptState"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.errors": {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                number: number;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ScriptError"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.runs": {
        parameters: {
            query?: {
                /** @description Not before. */
                from?: string;
                /** @description Before. */
                to?: string;
            };
            header?: never;
            path: {
                number: number;
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ScriptRuns"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.activations": {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ScriptActivation"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.canary_abort": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptState"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.check": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScriptCheck"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptLinted"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptState"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.log": {
        parameters: {
            query?: {
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                device?: string;
                /** @description At least of this level. */
                level?: "debug" | "info" | "warn" | "error";
                limit?: number;
            };
            header?: never;
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ScriptLine"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.rollback": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptState"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.try": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                product: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScriptTry"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptTried"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "roles.list": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most items in the answer. */
                limit?: number;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-key" | "key";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Role"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "roles.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "roles.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                role: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "roles.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                role: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "roles.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                role: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RolePatch"];
                "application/merge-patch+json": components["schemas"]["RolePatch"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.overview": {
        parameters: {
            query?: {
                /** @description With a script in force. */
                active?: boolean;
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most items in the answer. */
                limit?: number;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-product" | "product";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ScriptState"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "scripts.reference": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScriptReference"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "series.get": {
        parameters: {
            query: {
                aggregate?: "min" | "max" | "avg" | "sum" | "count" | "last";
                /** @description Length, such as 30s, 5m, 1h, 1d. */
                bucket?: string;
                devices: string[];
                /** @description What stands where a bucket has no value: no point, null, the value of the last one before, or one on the straight line between its neighbours. */
                fill?: "none" | "null" | "previous" | "linear";
                /** @description Not before. */
                from: string;
                /** @description lttb: reports themselves, so few that they draw the same picture; numbers only, peaks stay. */
                method?: "bucket" | "lttb";
                /** @description In place of bucket: the shortest usual length that gives no more buckets; with lttb the most points of a line. */
                points?: number;
                properties: string[];
                /** @description Before; now, unless given. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Series"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "session.get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "session.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "session.delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "session.oidc": {
        parameters: {
            query?: {
                /** @description Page of the dashboard to end on; what is no path of ours becomes /. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "session.oidc_callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "session.password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "session.reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordReset"];
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "session.reset_request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordResetRequest"];
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "session.totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpBegin"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpSecret"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "session.totp_confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpConfirm"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "session.totp_remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpRemove"];
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "session.ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInWays"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "sessions.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["OwnSession"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "sessions.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "settings.get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "settings.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the revision the change is for; when it is another now: 409. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingsPatch"];
                "application/merge-patch+json": components["schemas"]["SettingsPatch"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "statistics.get": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statistics"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "statistics.series": {
        parameters: {
            query?: {
                bucket?: string;
                from?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Figures"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "tags.list": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most items in the answer. */
                limit?: number;
                prefix?: string;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                product?: string;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-tag" | "tag";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Tag"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "tokens.list": {
        parameters: {
            query?: {
                /** @description Also answer `total`: how many match, as an estimate when they are many. */
                count?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string;
                /** @description Most items in the answer. */
                limit?: number;
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                role?: string;
                /** @description Order of the items; `-` turns it round. */
                sort?: "-created_at" | "-name" | "created_at" | "name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Token"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "tokens.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenCreated"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "tokens.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "uploads.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Upload"][];
                        /** @description For the next page; null at the end. */
                        next_cursor: string | null;
                        /** @description How many there are in all; only when `count` was asked for. */
                        total?: {
                            estimate: boolean;
                            value: number;
                        };
                    };
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "uploads.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Within 24 hours the same key and request give the same answer, and the thing is made once. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UploadCreate"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "uploads.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "uploads.delete": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "uploads.finish": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                upload: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "uploads.put": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                part: number;
                upload: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description Done, nothing to say */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            default: components["responses"]["Problem"];
        };
    };
    "reference.errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "reference.error": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "system.health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "system.metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "system.ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    "system.time": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": number;
                };
            };
            default: components["responses"]["Problem"];
        };
    };
}
