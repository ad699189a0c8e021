-- SPDX-License-Identifier: Apache-2.0
-- Layout of the task store, step 1. A step that was released never changes; a change is a step of its own.
-- Instants are UTC microseconds since 1970, spans are microseconds. UUIDs and task ids are 16 bytes. Numbers of phases and of all
-- other words are those of Codes.java and never change.

-- One row about the file itself.
CREATE TABLE store (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  clean INTEGER NOT NULL,                -- 1: closed in order, or new; 0: open, or left by a process that died
  copied INTEGER NOT NULL,               -- 1: a backup; whoever opens it draws new incarnations
  last_backup INTEGER) STRICT;
INSERT INTO store (id, clean, copied) VALUES (1, 1, 0);

-- Who owns a domain. There from the first acquire on, also of a domain that was never saved.
CREATE TABLE lease (
  domain TEXT PRIMARY KEY,
  incarnation BLOB NOT NULL,             -- new at creation and after a restore
  epoch INTEGER NOT NULL,
  host TEXT NOT NULL, host_incarnation BLOB NOT NULL,
  last_seq INTEGER NOT NULL,             -- a changed_seq issued; those of task and tombstone may be later
  floor_seq INTEGER NOT NULL             -- cursors below it have expired
) STRICT, WITHOUT ROWID;

CREATE TABLE domain (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT, labels TEXT NOT NULL,
  intended INTEGER NOT NULL,
  config TEXT NOT NULL, config_version INTEGER NOT NULL, revision INTEGER NOT NULL,
  grants TEXT,
  created INTEGER NOT NULL, updated INTEGER NOT NULL) STRICT;

CREATE TABLE domain_history (
  domain TEXT NOT NULL, revision INTEGER NOT NULL, at INTEGER NOT NULL,
  changed_by TEXT NOT NULL, source INTEGER NOT NULL, changes TEXT NOT NULL,
  config TEXT NOT NULL, config_version INTEGER NOT NULL,
  PRIMARY KEY (domain, revision)) STRICT, WITHOUT ROWID;

CREATE TABLE task (
  seq INTEGER PRIMARY KEY,               -- order of admission in this store
  uid BLOB NOT NULL UNIQUE,
  domain TEXT NOT NULL, changed_seq INTEGER NOT NULL,
  phase INTEGER NOT NULL, phase_before INTEGER,            -- the latter of SUSPENDED and CANCELLING
  -- What was asked for. Never changes; crc is about it.
  type INTEGER NOT NULL, name TEXT, handler TEXT NOT NULL, handler_version TEXT,
  asked INTEGER NOT NULL,                -- bits: 1 the handler, 2 the durability, 4 the deadline were part of the request
  asked_priority INTEGER,                -- priority in the request; null: the domain's default
  owner TEXT NOT NULL, labels TEXT,      -- null: no labels
  run_at INTEGER, deadline INTEGER, relative_deadline INTEGER, on_deadline_miss INTEGER NOT NULL,
  schedule BLOB, release_no INTEGER, release_at INTEGER, period INTEGER,
  timeout INTEGER NOT NULL, estimate INTEGER, memory INTEGER,
  max_retries INTEGER NOT NULL,
  retry TEXT,                            -- back-off, first and longest delay, multiplier, jitter; null: EXPONENTIAL 1000000 60000000 2.0 0.2
  on_crash INTEGER NOT NULL, durability INTEGER NOT NULL,
  idem_key TEXT, concurrency_key TEXT,
  deps INTEGER NOT NULL,                 -- rows of dep
  content_type TEXT, payload BLOB,       -- content_type null with a payload: application/json
  created INTEGER NOT NULL,
  crc INTEGER NOT NULL,                  -- CRC-32C over all of the above that never changes, and the payload
  -- What happens to it.
  priority INTEGER NOT NULL, rank INTEGER NOT NULL,
  ready_at INTEGER,                      -- runAt, or the end of the delay; null: it waits for neither
  missed INTEGER NOT NULL,               -- 1: the deadline was counted as missed
  attempt INTEGER NOT NULL, attempts_left INTEGER NOT NULL,
  incarnation BLOB, epoch INTEGER,       -- the claim of RUNNING and CANCELLING, with attempt
  progress REAL,
  result_type TEXT, result BLOB, error TEXT,               -- result_type null with a result: application/json
  metrics BLOB,                          -- null: nothing was measured yet
  transitions BLOB,                      -- written once, at the end
  changed_by TEXT NOT NULL, updated INTEGER NOT NULL) STRICT;

CREATE TABLE dep (
  task_seq INTEGER NOT NULL, n INTEGER NOT NULL,           -- in the order of the request, from 0
  on_uid BLOB NOT NULL, type INTEGER NOT NULL, timeout INTEGER NOT NULL,
  state INTEGER NOT NULL,                -- 0 open, 1 satisfied or ignored
  PRIMARY KEY (task_seq, n)) STRICT, WITHOUT ROWID;

-- Attempts after the first one, those that did not end well, and those that logged.
CREATE TABLE attempt (
  task_seq INTEGER NOT NULL, n INTEGER NOT NULL,
  started INTEGER NOT NULL, finished INTEGER, outcome INTEGER,
  host TEXT NOT NULL, host_incarnation BLOB NOT NULL, error TEXT,
  dropped INTEGER NOT NULL,              -- lines left out, those of blocks that were deleted included
  PRIMARY KEY (task_seq, n)) STRICT, WITHOUT ROWID;

-- Their log lines, the newest 1000 and what shares a block with them.
CREATE TABLE attempt_log (
  task_seq INTEGER NOT NULL, n INTEGER NOT NULL, block INTEGER NOT NULL,
  lines INTEGER NOT NULL, content BLOB NOT NULL,
  PRIMARY KEY (task_seq, n, block)) STRICT, WITHOUT ROWID;

CREATE TABLE schedule (
  uid BLOB PRIMARY KEY, domain TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
  paused INTEGER NOT NULL, next_release INTEGER, last_uid BLOB,
  released INTEGER NOT NULL, skipped INTEGER NOT NULL, revision INTEGER NOT NULL,
  owner TEXT NOT NULL, changed_by TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  UNIQUE (domain, name)) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
  domain TEXT NOT NULL, key TEXT NOT NULL, hash BLOB NOT NULL, uid BLOB NOT NULL, created INTEGER NOT NULL,
  PRIMARY KEY (domain, key)) STRICT, WITHOUT ROWID;

-- Purged tasks, for those who resume; forgotten by raising floor_seq.
CREATE TABLE tombstone (
  domain TEXT NOT NULL, changed_seq INTEGER NOT NULL, uid BLOB NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (domain, changed_seq)) STRICT, WITHOUT ROWID;

-- Measurements of domains, blocks that only the host can read; best effort.
CREATE TABLE samples (
  domain TEXT NOT NULL, resolution INTEGER NOT NULL,       -- milliseconds between two samples
  start INTEGER NOT NULL, kept INTEGER NOT NULL,           -- kept: how long before a newer one, in milliseconds
  content BLOB NOT NULL,
  PRIMARY KEY (domain, resolution, start)) STRICT, WITHOUT ROWID;

-- An index that holds part of the rows is used only by a query that repeats its condition.
CREATE UNIQUE INDEX task_changed ON task (domain, changed_seq);
CREATE INDEX task_ready    ON task (domain, rank, seq)     WHERE phase = 0;
CREATE INDEX task_due      ON task (domain, ready_at, seq) WHERE phase IN (1, 2);
CREATE INDEX task_held     ON task (domain, seq)           WHERE phase BETWEEN 1 AND 6;
CREATE INDEX task_deadline ON task (domain, deadline, seq) WHERE phase < 10 AND deadline IS NOT NULL AND missed = 0;
CREATE INDEX task_hist     ON task (domain, updated, seq)  WHERE phase >= 10;
CREATE INDEX task_dead     ON task (domain, updated)       WHERE phase IN (11, 12);
CREATE INDEX task_created  ON task (domain, created);
CREATE INDEX task_release  ON task (schedule, release_at)  WHERE schedule IS NOT NULL;
CREATE INDEX dep_on        ON dep (on_uid, task_seq);
CREATE INDEX idem_age      ON idempotency (created);
