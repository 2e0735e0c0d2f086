-- SPDX-License-Identifier: Apache-2.0
--
-- Largest triangle three buckets (Steinarsson, 2013): of many points of a line the few that draw
-- the same picture. First and last stay; each of the buckets in between keeps the point that makes
-- the largest triangle with the one kept before it and the mean of the bucket behind it.
local M = {}

-- Of bucket i of `buckets` over points 2 .. n - 1: its first point and the one behind its last.
local function bounds(i, buckets, n)
    local every = (n - 2) / buckets
    return math.floor((i - 1) * every) + 2, math.floor(i * every) + 2
end

local function mean(points, from, to)
    local t, v = 0, 0
    for i = from, to - 1 do
        t, v = t + points[i][1], v + points[i][2]
    end
    return t / (to - from), v / (to - from)
end

-- points: { {time, value}, ... } in the order of time, numbers; count: at least 3. Returns the
-- points that stay, in their order; all of them when there are no more than count.
function M.pick(points, count)
    local n = #points
    if n <= count then
        return points
    end
    local out, buckets = { points[1] }, count - 2
    local kept = points[1]
    for i = 1, buckets do
        local from, to = bounds(i, buckets, n)
        local t, v
        if i < buckets then
            t, v = mean(points, bounds(i + 1, buckets, n))
        else
            t, v = points[n][1], points[n][2]
        end
        local best, most = nil, -1
        for k = from, to - 1 do
            local p = points[k]
            local area = math.abs((kept[1] - t) * (p[2] - kept[2])
                - (kept[1] - p[1]) * (v - kept[2]))
            if area > most then
                best, most = p, area
            end
        end
        kept = best
        out[#out + 1] = best
    end
    out[#out + 1] = points[n]
    return out
end

return M
