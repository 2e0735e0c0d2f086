-- SPDX-License-Identifier: Apache-2.0
--
-- Several forms, one of which a value has. When it has none, what it lacks of the nearest one is
-- said, so that a fault in one member is told as that.

-- How far the value at `path` is from a form. One that has a member which names another form is
-- further than any fault.
local function distance(errors, path)
    local sum = 0
    for _, e in ipairs(errors) do
        local member = e.path:sub(#path + 1):find("^/[^/]+$")
        sum = sum + (member and e.message:find("^must be one of") and 100 or 1)
    end
    return sum
end

-- checks: of the forms, as thing.schema compiles them.
return function(checks, report)
    return function(v, path, errors)
        local best, nearest = { { path = path, message = "has none of the allowed forms" } }, 100
        for _, check in ipairs(checks) do
            local found = {}
            check(v, path, found)
            if #found == 0 then
                return
            elseif type(v) == "table" and distance(found, path) < nearest then
                best, nearest = found, distance(found, path)
            end
        end
        for _, e in ipairs(best) do
            report(errors, e.path, e.message)
        end
    end
end
