// SPDX-License-Identifier: LGPL-2.1-or-later
// Copyright 2026 the scsi-wb developers

#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The simulated target: one SCSI logical unit behind one I_T nexus, as a pure state machine.
 * It does no I/O, reads no clock and has no global state: whoever runs it tells how much time has
 * passed. Not thread safe: one thread at a time for each WbtTarget.
 */

#define WBT_SENSE_BYTES 96 /* as Linux's SCSI_SENSE_BUFFERSIZE */
#define WBT_CDB_BYTES	16 /* longest command that is logged */

#define WBT_STATUS_GOOD		   0x00
#define WBT_STATUS_CHECK_CONDITION 0x02
#define WBT_STATUS_BUSY		   0x08

/* what kinds of faults a front end can carry out */
typedef enum {
	WBT_FAULTS_ALL,		/* linked front end: host adapter and kernel faults too */
	WBT_FAULTS_DEVICE_ONLY, /* only what a device does: no host, errno and residual */
} WbtFaultScope;

#define WBT_ERROR (wbt_error_quark())
GQuark
wbt_error_quark(void);

typedef struct WbtTarget WbtTarget;
typedef struct WbtModel WbtModel;

/**
 * WbtReply:
 * @status: SCSI status byte; 0 when the command never reached the device
 * @host_status: DID_* of the Linux mid layer, from faults only, else 0
 * @driver_status: always 0 today
 * @sys_errno: what the ioctl itself fails with, from faults only, else 0
 * @hang_ms: how long the command takes before this reply arrives, from faults only; the command
 *   has been executed even if the initiator gives up before
 * @resid_bytes: bytes of the longer of the two buffers that were not transferred
 * @sense: sense data, fixed or descriptor format
 * @sense_bytes: how much of @sense is valid
 * @data_in_bytes: bytes written to data_in
 */
typedef struct {
	uint8_t status;
	uint16_t host_status;
	uint16_t driver_status;
	int sys_errno;
	uint32_t hang_ms;
	int32_t resid_bytes;
	uint8_t sense[WBT_SENSE_BYTES];
	uint8_t sense_bytes;
	size_t data_in_bytes;
} WbtReply;

/**
 * WbtLogEntry: one command as the target saw it.
 * @number: from 1, over the life of the target
 * @data_out_sha256: lower case hexadecimal, empty if the command carried no data or nobody wants it
 * @key: sense key, with @asc and @ascq; all 0 unless status is CHECK CONDITION
 */
typedef struct {
	uint32_t number;
	uint8_t cdb[WBT_CDB_BYTES];
	uint8_t cdb_bytes;
	size_t data_out_bytes;
	size_t data_in_bytes;
	char data_out_sha256[65];
	uint8_t status;
	uint16_t host_status;
	int sys_errno;
	uint8_t key;
	uint8_t asc;
	uint8_t ascq;
} WbtLogEntry;

/* models: const rows, owned by the library */
const WbtModel *
wbt_model_find(const char *name); /* NULL if there is no such model */
size_t
wbt_model_count(void);
const WbtModel *
wbt_model_get(size_t idx); /* NULL beyond the end */
const char *
wbt_model_name(const WbtModel *model);
const char *
wbt_model_summary(const WbtModel *model); /* what it simulates, for people */

/* A valid image of @total_bytes for @model, its maker's header (if any) and our own of 44 bytes
 * included; NULL if too small.
 * The body is pseudo-random and depends on @seed alone. Full transfer. */
GByteArray *
wbt_image_new(const WbtModel *model, const char *revision, size_t total_bytes, uint32_t seed);

/* A target that has just been powered on: a UNIT ATTENTION is pending. @serial NULL: a default */
WbtTarget *
wbt_target_new(const WbtModel *model, const char *serial);
void
wbt_target_free(WbtTarget *self); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WbtTarget, wbt_target_free)

/**
 * wbt_target_execute:
 * @data_out: what the initiator sends, NULL if @data_out_bytes is 0
 * @data_in: (out): where to put what the device answers, NULL if @data_in_bytes is 0
 * @reply: (out): overwritten
 *
 * Runs one command to its end.
 */
void
wbt_target_execute(WbtTarget *self,
		   const uint8_t *cdb,
		   size_t cdb_bytes,
		   const uint8_t *data_out,
		   size_t data_out_bytes,
		   uint8_t *data_in,
		   size_t data_in_bytes,
		   WbtReply *reply);

/* events from outside */
void
wbt_target_power_cycle(WbtTarget *self); /* brings a device back that is gone, too */
void
wbt_target_hard_reset(WbtTarget *self);
/* What takes time goes on by @ms: a device that is away comes back, one that starts gets ready. */
void
wbt_target_pass_time(WbtTarget *self, uint32_t ms);

/* Whether the log has the checksums of data; it has, unless told otherwise. */
void
wbt_target_set_log_checksums(WbtTarget *self, bool wanted);

/* Replaces the fault script and restarts its counters; NULL or "" removes it. On a malformed line
 * the old script stays, and the error names the line and the word. */
bool
wbt_target_set_faults(WbtTarget *self, const char *script, WbtFaultScope scope, GError **error);

/* Puts back what a device keeps without power, as read from storage: @committed NULL is the factory
 * image; @deferred NULL is none. For a front end that persists, before the first command. */
void
wbt_target_restore(WbtTarget *self, GBytes *committed, const char *revision, GBytes *deferred);

/* After that, what wbt_target_get_deferred_events() once returned; without it, the events are those
 * that the model supports. */
void
wbt_target_restore_events(WbtTarget *self, uint8_t events);

/* getters; what they return belongs to the target and is valid until its next command or event */
const WbtModel *
wbt_target_get_model(const WbtTarget *self);
const char *
wbt_target_get_serial(const WbtTarget *self);
const char *
wbt_target_get_revision(const WbtTarget *self); /* active, as INQUIRY shows it, blanks stripped */
const char *
wbt_target_get_saved_revision(const WbtTarget *self); /* what a power cycle would run */
GBytes *
wbt_target_get_committed(const WbtTarget *self); /* NULL while it is the factory's */
char *
wbt_target_get_committed_sha256(const WbtTarget *self); /* full transfer; NULL as above */
GBytes *
wbt_target_get_deferred(const WbtTarget *self); /* complete image waiting, or NULL */
uint8_t
wbt_target_get_deferred_events(const WbtTarget *self); /* what activates it beside 0Fh, 3 bits */
size_t
wbt_target_get_partial_bytes(const WbtTarget *self); /* received of an unfinished download */
uint32_t
wbt_target_get_commits(const WbtTarget *self); /* whole images saved as the device's own */
uint32_t
wbt_target_get_activations(const WbtTarget *self); /* times another image began to run */
uint32_t
wbt_target_get_saves(const WbtTarget *self); /* changes whenever nonvolatile state changes */
bool
wbt_target_is_offline(const WbtTarget *self);
uint32_t
wbt_target_get_away_ms(const WbtTarget *self); /* until it is back by itself; 0: it is here, or
						  gone until a power cycle */
const char *
wbt_target_get_state(const WbtTarget *self); /* idle, downloading, deferred, busy, offline */

/* the log */
size_t
wbt_target_log_count(const WbtTarget *self);
const WbtLogEntry *
wbt_target_log_get(const WbtTarget *self, size_t idx); /* from 0; NULL beyond the end */
char *
wbt_log_entry_to_string(const WbtLogEntry *entry); /* full transfer, one line, no newline */
char *
wbt_target_log_to_string(const WbtTarget *self, size_t since); /* entries after @since, full */
