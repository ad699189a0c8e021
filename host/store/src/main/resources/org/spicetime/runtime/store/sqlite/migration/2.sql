-- SPDX-License-Identifier: Apache-2.0
-- Layout of the task store, step 2: the trace of the request that asked for a task. Never changes; crc is about it where there is one.
ALTER TABLE task ADD COLUMN trace_id BLOB;   -- 16 bytes; null: the request belonged to no trace
