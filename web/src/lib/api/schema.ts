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
         *     params}; `event`: also type; `presence`: {product, device, time, online, node}; `command`:
         *     {product, device,     state, ...}; `job`: the job. A listener that comes back within a minute with
         *     the header Last-Event-ID gets what it missed, or one event `resync`: then it has to read anew.
         *     Without `device`,     `latest` is a sample: at most 100 a second. A comment comes every 15
         *     seconds.
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
    "/api/v1/products/{product}/scripts/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Load a source and run its tests; nothing is kept */
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
            /** Format: date-time */
            updated_at: string;
        };
        AccountPatch: {
            email?: string | null;
            enabled?: boolean | null;
            name?: string | null;
            roles?: components["schemas"]["Grant"][] | null;
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
            attributes?: {
                [key: string]: components["schemas"]["Value"];
            };
            enabled?: boolean;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            key: string;
            name?: string;
            parameters?: {
                [key: string]: components["schemas"]["Value"];
            };
            tags?: string[];
        };
        DeviceCreated: {
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
        DevicePatch: {
            attributes?: {
                [key: string]: components["schemas"]["Value"];
            } | null;
            enabled?: boolean | null;
            name?: string | null;
            parameters?: {
                [key: string]: components["schemas"]["Value"];
            } | null;
            tags?: string[] | null;
        };
        /** @description Filters of the device list by name, as in its query string. */
        DeviceQuery: {
            attribute?: string;
            enabled?: string;
            key?: string;
            name?: string;
            online?: string;
            prefix?: string;
            product?: string;
            q?: string;
            seen_after?: string;
            seen_before?: string;
            source?: string;
            tag?: string;
        };
        Event: {
            params: components["schemas"]["Value"];
            /** Format: date-time */
            received_at: string;
            /** Format: date-time */
            time: string;
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            type: string;
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
                attribute?: string | null;
                enabled?: string | null;
                key?: string | null;
                name?: string | null;
                online?: string | null;
                prefix?: string | null;
                product?: string | null;
                q?: string | null;
                seen_after?: string | null;
                seen_before?: string | null;
                source?: string | null;
                tag?: string | null;
            } | null;
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
        PasswordResetToken: {
            /** Format: date-time */
            expires_at: string;
            /** @description For POST /session/reset. Shown only now. */
            token: string;
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
            code: "invalid_json" | "invalid_query" | "invalid_header" | "unauthenticated" | "wrong_credentials" | "second_factor_required" | "forbidden" | "csrf" | "password_change_required" | "not_found" | "invalid_cursor" | "method_not_allowed" | "conflict" | "in_use" | "version_conflict" | "unknown_reference" | "idempotency_mismatch" | "command_closed" | "too_large" | "unsupported_media_type" | "validation_failed" | "script_invalid" | "rate_limited" | "internal" | "busy" | "unavailable" | "timeout";
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
                 * @description A key per device, or one key burnt into all of the product's devices.
                 * @default device_key
                 * @enum {string|null}
                 */
                auth?: "device_key" | "product_key" | null;
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
                /**
                 * @description Bytes of one message.
                 * @default 262144
                 */
                payload_limit?: number | null;
                retention_days?: number | null;
                /**
                 * @default off
                 * @enum {string|null}
                 */
                validation?: "off" | "warn" | "reject" | null;
            } | null;
        };
        ProductSettings: {
            /**
             * @description A key per device, or one key burnt into all of the product's devices.
             * @default device_key
             * @enum {string}
             */
            auth?: "device_key" | "product_key";
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
            /**
             * @description Bytes of one message.
             * @default 262144
             */
            payload_limit?: number;
            retention_days?: number;
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
            params: {
                [key: string]: components["schemas"]["Value"];
            };
            /** Format: date-time */
            time: string;
        };
        ScriptCheck: {
            /** @description Lua; returns the table of the product's functions. */
            source: string;
        };
        ScriptChecked: {
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
        };
        ScriptCreate: {
            note?: string;
            /** @description Lua; returns the table of the product's functions. */
            source: string;
        };
        ScriptRuns: {
            cpu_avg_us: number;
            cpu_max_us: number;
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
            runs: number;
        };
        ScriptSource: {
            active: boolean;
            /** Format: date-time */
            created_at: string;
            created_by: string;
            note: string;
            number: number;
            /** @description Of the source's bytes. */
            sha256: string;
            size: number;
            /** @description Lua; returns the table of the product's functions. */
            source: string;
        };
        ScriptState: {
            /** Format: date-time */
            activated_at: string | null;
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
                /** @description store, events, commands, reply, result, dead. */
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
                /** Format: date-time */
                time?: string;
                topic?: string;
            }[];
            ok: boolean;
        };
        /** @description A source or a version (else the one in force), and a message: `payload`, a dead letter, or the `last` ones of the product. Without a message only the tests run. */
        ScriptTry: {
            /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
            device?: string;
            /** @description Stored reports, put back into the form they are posted in, and dead letters of scripts; newest first. */
            last?: number;
            letter?: number;
            /** @description Text as it is; anything else as JSON. */
            payload?: unknown;
            /** @description Lua; returns the table of the product's functions. */
            source?: string;
            /** @description Below {product}/{device}/. */
            topic?: string;
            version?: number;
        };
        ScriptVersion: {
            active: boolean;
            /** Format: date-time */
            created_at: string;
            created_by: string;
            note: string;
            number: number;
            /** @description Of the source's bytes. */
            sha256: string;
            size: number;
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
        Statistics: {
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
        requestBody?: never;
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
                /** @description Part of key or name. */
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
    "live.stream": {
        parameters: {
            query?: {
                /** @description Chosen by people, stands in topics: 1 to 128 of A-Z a-z 0-9 - _ */
                device?: string;
                /** @description Only these. */
                kinds?: ("command" | "event" | "job" | "latest" | "presence")[];
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
                /** @description Part of key or name. */
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
                /** @description In place of bucket: the shortest usual length that gives no more buckets from `from` to `to` or now. */
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
                    "application/json": components["schemas"]["ScriptChecked"];
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
