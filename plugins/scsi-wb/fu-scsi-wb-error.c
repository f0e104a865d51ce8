/*
 * Copyright 2026 the scsi-wb developers
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "fu-scsi-wb-error.h"

typedef struct {
	FuScsiWbClass klass;
	FwupdError code;
	const gchar *who;
	const gchar *advice;
} FuScsiWbErrorText;

static const FuScsiWbErrorText texts[] = {
    {FU_SCSI_WB_CLASS_UA_RESET,
     FWUPD_ERROR_WRITE,
     "the device was reset",
     "find out what resets it, another host perhaps, then update again"},
    {FU_SCSI_WB_CLASS_UA_MICROCODE,
     FWUPD_ERROR_WRITE,
     "the device keeps saying that its firmware was changed",
     "make sure that no other program updates it, then update again"},
    {FU_SCSI_WB_CLASS_UA_OTHER,
     FWUPD_ERROR_WRITE,
     "the device keeps raising unit attentions",
     "update again when nothing else uses it"},
    {FU_SCSI_WB_CLASS_DEFERRED_ERROR,
     FWUPD_ERROR_WRITE,
     "the device reports an error",
     "do not switch it off; update again"},
    {FU_SCSI_WB_CLASS_BECOMING_READY,
     FWUPD_ERROR_BUSY,
     "the device is not ready yet",
     "wait until it is, then update again"},
    {FU_SCSI_WB_CLASS_NEEDS_START,
     FWUPD_ERROR_BUSY,
     "the device is stopped",
     "start it, for example with sg_start --start, then update again"},
    {FU_SCSI_WB_CLASS_NO_MEDIUM,
     FWUPD_ERROR_NEEDS_USER_ACTION,
     "the device has no medium",
     "load one, then update again"},
    {FU_SCSI_WB_CLASS_NEEDS_ACTIVATION,
     FWUPD_ERROR_BUSY,
     "the device waits for an earlier firmware to be activated",
     "reset or power cycle it, then update again"},
    {FU_SCSI_WB_CLASS_NEEDS_IMAGE,
     FWUPD_ERROR_BROKEN_SYSTEM,
     "the device has no usable firmware",
     "do not switch it off; update again"},
    {FU_SCSI_WB_CLASS_NEEDS_RESET,
     FWUPD_ERROR_BUSY,
     "the device needs a reset or a power cycle",
     "give it one, then update again"},
    {FU_SCSI_WB_CLASS_NOT_ACCESSIBLE,
     FWUPD_ERROR_BUSY,
     "the device cannot be used by this path now",
     "wait, or use the active path, then update again"},
    {FU_SCSI_WB_CLASS_NOT_READY,
     FWUPD_ERROR_BUSY,
     "the device is not ready",
     "look after it, then update again"},
    {FU_SCSI_WB_CLASS_OPCODE_UNSUPPORTED,
     FWUPD_ERROR_NOT_SUPPORTED,
     "the device does not know the command",
     "its firmware cannot be updated this way"},
    {FU_SCSI_WB_CLASS_CDB_FIELD,
     FWUPD_ERROR_NOT_SUPPORTED,
     "the device refused the mode, buffer, offset or length",
     "its quirk row does not fit it, or the image is larger than its buffer"},
    {FU_SCSI_WB_CLASS_IMAGE_REFUSED,
     FWUPD_ERROR_INVALID_FILE,
     "the device refused the image",
     "it is damaged, or made for another model or maker's edition"},
    {FU_SCSI_WB_CLASS_PARAMETER_LENGTH,
     FWUPD_ERROR_NOT_SUPPORTED,
     "the device refused the length",
     "its quirk row does not fit it, see ScsiWbChunkSize and ScsiWbChunkAlign"},
    {FU_SCSI_WB_CLASS_SEQUENCE,
     FWUPD_ERROR_WRITE,
     "the device lost the thread of the download",
     "make sure that no other host or program uses it, then update again"},
    {FU_SCSI_WB_CLASS_NO_RESOURCES,
     FWUPD_ERROR_BUSY,
     "the device has no room for the command",
     "update again when nothing else uses it"},
    {FU_SCSI_WB_CLASS_ILLEGAL_REQUEST,
     FWUPD_ERROR_NOT_SUPPORTED,
     "the device refused the command",
     "its quirk row does not fit it"},
    {FU_SCSI_WB_CLASS_SIGNATURE,
     FWUPD_ERROR_SIGNATURE_INVALID,
     "the device refused the image's signature",
     "get the image from the device's maker"},
    {FU_SCSI_WB_CLASS_INTERNAL,
     FWUPD_ERROR_WRITE,
     "the device failed",
     "do not switch it off; update again, and call its maker if that fails"},
    {FU_SCSI_WB_CLASS_PROTECTED,
     FWUPD_ERROR_PERMISSION_DENIED,
     "the device is locked",
     "unlock its firmware download port, then update again"},
    {FU_SCSI_WB_CLASS_TRANSFER_FAILED,
     FWUPD_ERROR_WRITE,
     "the device received damaged data",
     "check cable, expander and host adapter, then update again"},
    {FU_SCSI_WB_CLASS_ABORTED, FWUPD_ERROR_WRITE, "the device gave up the command", "update again"},
    {FU_SCSI_WB_CLASS_OTHER_SENSE,
     FWUPD_ERROR_WRITE,
     "the device failed in an unusual way",
     "update again, and report it if that fails"},
    {FU_SCSI_WB_CLASS_BUSY,
     FWUPD_ERROR_BUSY,
     "the device stays busy",
     "update again when nothing else uses it"},
    {FU_SCSI_WB_CLASS_RESERVED,
     FWUPD_ERROR_BUSY,
     "another host has reserved the device",
     "release it there, then update again"},
    {FU_SCSI_WB_CLASS_OTHER_STATUS,
     FWUPD_ERROR_WRITE,
     "the device answered in an unusual way",
     "update again, and report it if that fails"},
    {FU_SCSI_WB_CLASS_GONE,
     FWUPD_ERROR_NOT_REACHABLE,
     "the device is gone",
     "check that it has power and its cable, then update again"},
    {FU_SCSI_WB_CLASS_TIMED_OUT,
     FWUPD_ERROR_TIMED_OUT,
     "the device did not answer in time",
     "do not switch it off; update again, with a longer ScsiWbTimeout if it needs one"},
    {FU_SCSI_WB_CLASS_BUS_ERROR,
     FWUPD_ERROR_WRITE,
     "the host adapter reports trouble on the bus",
     "check cable and expander, then update again"},
    {FU_SCSI_WB_CLASS_HOST_RESET,
     FWUPD_ERROR_WRITE,
     "the host adapter was reset",
     "update again, and look into the kernel log if that fails"},
    {FU_SCSI_WB_CLASS_HOST_ABORTED,
     FWUPD_ERROR_WRITE,
     "the host adapter gave up the command",
     "look into the kernel log, then update again"},
    {FU_SCSI_WB_CLASS_HOST_ERROR,
     FWUPD_ERROR_WRITE,
     "the host adapter failed",
     "look into the kernel log, then update again"},
    {FU_SCSI_WB_CLASS_KERNEL_REFUSED,
     FWUPD_ERROR_NOT_SUPPORTED,
     "the kernel or the host adapter refused the transfer",
     "it may be too large for the adapter: set a smaller ScsiWbChunkSize"},
    {FU_SCSI_WB_CLASS_KERNEL_MEMORY,
     FWUPD_ERROR_BUSY,
     "the kernel has no memory for the transfer",
     "update again later, or set a smaller ScsiWbChunkSize"},
    {FU_SCSI_WB_CLASS_KERNEL_UNSUPPORTED,
     FWUPD_ERROR_NOT_SUPPORTED,
     "the kernel does not pass SCSI commands through this node",
     "is it really a SCSI device?"},
    {FU_SCSI_WB_CLASS_KERNEL_FORBIDDEN,
     FWUPD_ERROR_PERMISSION_DENIED,
     "the kernel does not allow the command",
     "the daemon needs CAP_SYS_RAWIO"},
    {FU_SCSI_WB_CLASS_INTERRUPTED,
     FWUPD_ERROR_WRITE,
     "the wait for the device was interrupted",
     "do not switch it off; update again"},
    {FU_SCSI_WB_CLASS_RESIDUAL,
     FWUPD_ERROR_WRITE,
     "the device did not take all the data",
     "check cable, expander and host adapter, then update again"},
};

static const FuScsiWbErrorText *
fu_scsi_wb_error_find_text(FuScsiWbClass klass)
{
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		if (texts[i].klass == klass)
			return &texts[i];
	}
	return NULL;
}

/**
 * fu_scsi_wb_error_set:
 * @verdict: a judgement that is not %FU_SCSI_WB_CLASS_ACCEPTED
 * @error: (nullable): optional return location for an error
 *
 * Says who refused, in what words, and what to do next. This is the one place where the outcome
 * of a command becomes an error of fwupd.
 **/
void
fu_scsi_wb_error_set(const FuScsiWbVerdict *verdict, GError **error)
{
	const FuScsiWbErrorText *text = fu_scsi_wb_error_find_text(verdict->klass);

	g_return_if_fail(text != NULL);
	g_set_error(error,
		    FWUPD_ERROR,
		    text->code,
		    "%s (%s): %s",
		    text->who,
		    verdict->words,
		    text->advice);
}
