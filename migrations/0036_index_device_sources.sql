-- SPDX-License-Identifier: Apache-2.0
--
-- Devices by how they came to be: a source that few or none have was looked for among all.

-- up

create index device_source on device (source, key collate "C");
