/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <errno.h>

#include "flow-matrix.h"
#include "fu-scsi-wb-struct.h"

#define ALL  -1
#define HALF -2

/* T10 list of ASC/ASCQ assignments: what means something to a microcode download */
static const guint8 senses[][3] = {
    {0x00, 0x00, 0x00}, {0x00, 0x00, 0x22}, {0x01, 0x00, 0x00}, {0x01, 0x17, 0x01},
    {0x01, 0x5d, 0x00}, {0x06, 0x3f, 0x01}, {0x06, 0x3f, 0x16}, {0x06, 0x3f, 0x03},
    {0x06, 0x29, 0x00}, {0x06, 0x29, 0x01}, {0x06, 0x29, 0x02}, {0x06, 0x29, 0x03},
    {0x06, 0x29, 0x04}, {0x06, 0x29, 0x05}, {0x06, 0x29, 0x06}, {0x06, 0x29, 0x07},
    {0x06, 0x00, 0x00}, {0x06, 0x2a, 0x00}, {0x06, 0x2a, 0x01}, {0x06, 0x2a, 0x09},
    {0x06, 0x28, 0x00}, {0x06, 0x2f, 0x01}, {0x02, 0x04, 0x01}, {0x02, 0x04, 0x07},
    {0x02, 0x04, 0x09}, {0x02, 0x04, 0x1a}, {0x02, 0x04, 0x1c}, {0x02, 0x04, 0x1d},
    {0x02, 0x04, 0x02}, {0x02, 0x3a, 0x00}, {0x02, 0x04, 0x00}, {0x02, 0x04, 0x03},
    {0x02, 0x04, 0x1e}, {0x02, 0x04, 0x1f}, {0x02, 0x04, 0x20}, {0x02, 0x04, 0x21},
    {0x02, 0x04, 0x22}, {0x02, 0x04, 0x1b}, {0x02, 0x04, 0x0a}, {0x02, 0x04, 0x0b},
    {0x02, 0x04, 0x0c}, {0x05, 0x20, 0x00}, {0x05, 0x24, 0x00}, {0x05, 0x26, 0x00},
    {0x05, 0x26, 0x01}, {0x05, 0x26, 0x02}, {0x05, 0x26, 0x80}, {0x05, 0x26, 0x9f},
    {0x05, 0x1a, 0x00}, {0x05, 0x2c, 0x00}, {0x05, 0x55, 0x03}, {0x05, 0x55, 0x0b},
    {0x05, 0x24, 0x8d}, {0x05, 0x21, 0x04}, {0x05, 0x25, 0x00}, {0x0b, 0x0b, 0x12},
    {0x0b, 0x0b, 0x13}, {0x00, 0x0b, 0x13}, {0x01, 0x0b, 0x12}, {0x04, 0x0b, 0x13},
    {0x05, 0x0b, 0x13}, {0x06, 0x0b, 0x12}, {0x04, 0x44, 0x00}, {0x04, 0x3e, 0x00},
    {0x04, 0x3e, 0x03}, {0x04, 0x40, 0x80}, {0x04, 0x3f, 0x80}, {0x04, 0x3f, 0x82},
    {0x04, 0x3f, 0x86}, {0x03, 0x11, 0x00}, {0x07, 0x27, 0x00}, {0x0b, 0x47, 0x00},
    {0x0b, 0x47, 0x03}, {0x0b, 0x48, 0x00}, {0x0b, 0x4b, 0x02}, {0x0b, 0x00, 0x00},
    {0x0b, 0x3f, 0x0f}, {0x05, 0x3f, 0x0f}, {0x08, 0x00, 0x00}, {0x0f, 0xff, 0xff},
};

/* SPC-4 (INCITS 513), fixed format sense data: response code, SENSE KEY, ADDITIONAL SENSE LENGTH
 * and ADDITIONAL SENSE CODE */
#define FIXED_SENSE(code, key, asc)                                                                \
	{                                                                                          \
		(code), 0, (key), 0, 0, 0, 0, 10, 0, 0, 0, 0, (asc), 0, 0, 0, 0, 0                 \
	}

/* sense data that end too early, and such that are none */
static const guint8 raw_fixed[] = FIXED_SENSE(0x70, 0x05, 0x26);
static const guint8 raw_descriptor[] = {0x72, 0x05, 0x26, 0x00, 0x00, 0x00, 0x00, 0x40, 0x02, 0x06};
static const guint8 raw_deferred[] = FIXED_SENSE(0x71, 0x04, 0x44);
static const guint8 raw_vendor[] = {0x7f, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07};
static const guint8 raw_ones[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
static const guint8 raw_zeros[18] = {0};

static const FlowMatrixFault others[] = {
    {"no sense data", FLOW_MATRIX_RAW_SENSE, .raw = raw_fixed, .raw_bytes = 0},
    {"one byte of sense data", FLOW_MATRIX_RAW_SENSE, .raw = raw_fixed, .raw_bytes = 1},
    {"sense key alone", FLOW_MATRIX_RAW_SENSE, .raw = raw_fixed, .raw_bytes = 3},
    {"sense data without ASCQ", FLOW_MATRIX_RAW_SENSE, .raw = raw_fixed, .raw_bytes = 13},
    {"half a descriptor header", FLOW_MATRIX_RAW_SENSE, .raw = raw_descriptor, .raw_bytes = 3},
    {"descriptors that are not there",
     FLOW_MATRIX_RAW_SENSE,
     .raw = raw_descriptor,
     .raw_bytes = 10},
    {"deferred error", FLOW_MATRIX_RAW_SENSE, .raw = raw_deferred, .raw_bytes = 18},
    {"sense data of a maker's own", FLOW_MATRIX_RAW_SENSE, .raw = raw_vendor, .raw_bytes = 8},
    {"sense data of ones", FLOW_MATRIX_RAW_SENSE, .raw = raw_ones, .raw_bytes = 8},
    {"sense data of zeros", FLOW_MATRIX_RAW_SENSE, .raw = raw_zeros, .raw_bytes = 18},

    /* SAM-5 (INCITS 515): status codes */
    {"CONDITION MET", FLOW_MATRIX_STATUS, .value = 0x04},
    {"BUSY", FLOW_MATRIX_STATUS, .value = 0x08},
    {"RESERVATION CONFLICT", FLOW_MATRIX_STATUS, .value = 0x18},
    {"TASK SET FULL", FLOW_MATRIX_STATUS, .value = 0x28},
    {"ACA ACTIVE", FLOW_MATRIX_STATUS, .value = 0x30},
    {"TASK ABORTED", FLOW_MATRIX_STATUS, .value = 0x40},
    {"status FEh", FLOW_MATRIX_STATUS, .value = 0xfe},

    {"driver status 04h", FLOW_MATRIX_DRIVER, .value = 0x04},

    {.name = "hang", .kind = FLOW_MATRIX_HANG},
    {"hang, executed", FLOW_MATRIX_HANG, .is_executed = TRUE},

    {"one byte less", FLOW_MATRIX_RESIDUAL, .value = 1, .is_executed = TRUE},
    {"half of it", FLOW_MATRIX_RESIDUAL, .value = HALF, .is_executed = TRUE},
    {"nothing of it", FLOW_MATRIX_RESIDUAL, .value = ALL, .is_executed = TRUE},
    {"a residual beyond the length", FLOW_MATRIX_RESIDUAL, .value = G_MAXINT, .is_executed = TRUE},
    {"an answer of zeros", FLOW_MATRIX_FILL, .value = 0x00, .is_executed = TRUE},
    {"an answer of ones", FLOW_MATRIX_FILL, .value = 0xff, .is_executed = TRUE},
    {"an answer of letters", FLOW_MATRIX_FILL, .value = 'A', .is_executed = TRUE},

    {.name = "vanish", .kind = FLOW_MATRIX_VANISH},
    {"vanish, executed", FLOW_MATRIX_VANISH, .is_executed = TRUE},
    {.name = "move to another node", .kind = FLOW_MATRIX_MOVE},
    {"move to another node, executed", FLOW_MATRIX_MOVE, .is_executed = TRUE},
    {.name = "another device", .kind = FLOW_MATRIX_SWAP},
    {"another device, executed", FLOW_MATRIX_SWAP, .is_executed = TRUE},
    {"another device, in silence", FLOW_MATRIX_SILENT_SWAP, .is_executed = TRUE},
    {"another device with the new firmware, in silence",
     FLOW_MATRIX_SILENT_SWAP,
     .value = 1,
     .is_executed = TRUE},
    {.name = "power loss", .kind = FLOW_MATRIX_POWER_LOSS},
    {"power loss, executed", FLOW_MATRIX_POWER_LOSS, .is_executed = TRUE},
    {.name = "reset", .kind = FLOW_MATRIX_RESET},
    {"reset, executed", FLOW_MATRIX_RESET, .is_executed = TRUE},
    {"stuck revision", FLOW_MATRIX_STUCK, .is_executed = TRUE},
};

/* Linux, include/scsi/scsi_status.h: DID_* */
static const guint8 hosts[] = {0x01,
			       0x02,
			       0x03,
			       0x04,
			       0x05,
			       0x06,
			       0x07,
			       0x08,
			       0x09,
			       0x0a,
			       0x0b,
			       0x0c,
			       0x0d,
			       0x0e,
			       0x0f,
			       0x14,
			       0x7f};

/* Linux, drivers/scsi/sg.c and scsi_ioctl.c */
static const gint errnos[] = {EPERM,
			      EIO,
			      ENXIO,
			      ENOMEM,
			      EACCES,
			      EFAULT,
			      EBUSY,
			      ENODEV,
			      EINVAL,
			      ENOTTY,
			      EDOM,
			      ETIMEDOUT,
			      EAGAIN,
			      EINTR};

static void
flow_matrix_add_senses(GArray *faults)
{
	for (guint i = 0; i < G_N_ELEMENTS(senses) * 2; i++) {
		const guint8 *sense = senses[i / 2];
		FlowMatrixFault fault = {
		    .name = i % 2 == 0 ? "sense, fixed format" : "sense, descriptor format",
		    .kind = FLOW_MATRIX_SENSE,
		    .key = sense[0],
		    .asc = sense[1],
		    .ascq = sense[2],
		    .is_descriptor = i % 2 != 0,
		};

		/* SPC-4 (INCITS 513): NO SENSE and RECOVERED ERROR say that it was carried out */
		fault.is_executed = fault.key <= FU_SCSI_WB_SENSE_KEY_RECOVERED_ERROR;
		g_array_append_val(faults, fault);
	}
}

static void
flow_matrix_add_numbers(GArray *faults, gboolean is_executed)
{
	for (guint i = 0; i < G_N_ELEMENTS(hosts); i++) {
		FlowMatrixFault fault = {"host status",
					 FLOW_MATRIX_HOST,
					 .value = hosts[i],
					 .is_executed = is_executed};
		g_array_append_val(faults, fault);
	}
	for (guint i = 0; i < G_N_ELEMENTS(errnos); i++) {
		FlowMatrixFault fault = {"errno",
					 FLOW_MATRIX_ERRNO,
					 .value = errnos[i],
					 .is_executed = is_executed};

		/* only an interrupted wait leaves a command behind in the kernel */
		if (!is_executed || errnos[i] == EINTR)
			g_array_append_val(faults, fault);
	}
}

GArray *
flow_matrix_new_faults(void)
{
	GArray *faults = g_array_new(FALSE, FALSE, sizeof(FlowMatrixFault));

	flow_matrix_add_senses(faults);
	flow_matrix_add_numbers(faults, FALSE);
	flow_matrix_add_numbers(faults, TRUE);
	g_array_append_vals(faults, others, G_N_ELEMENTS(others));
	return faults;
}
